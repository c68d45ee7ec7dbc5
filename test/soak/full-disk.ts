import { execFileSync } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { z } from 'zod';
import { startEmbedded } from '../../src/db/embedded/server.ts';
import { createLog } from '../../src/log.ts';
import { freePort, startRedis } from '../queue/redis-server.ts';
import { PatientClient } from './client.ts';
import { defineSoak } from './define-soak.ts';
import { startService } from './processes.ts';

const TOKEN = 'a-token-for-the-full-disk';
const DISK = '200m';
const MOST_QUESTIONS = 400;
const failureSchema = z.object({ error: z.object({ code: z.string(), remedy: z.string() }) });
const receiptSchema = z.object({ questionId: z.string() });

/** The disk of the home fills up while people ask, then there is room again. */
export const soak = defineSoak({
  usage: 'full-disk',
  defaults: { backend: 'postgres' },
  run: async ({ backend }) => {
    if (process.getuid?.() !== 0 || process.platform !== 'linux') {
      console.log('left out: a small tmpfs can be mounted by root on Linux only');
      return true;
    }
    const problems = await fullDiskRun(backend === 'redis' ? 'redis' : 'postgres');
    console.log(problems.length === 0 ? 'passed' : `FAILED\n  ${problems.join('\n  ')}`);
    return problems.length === 0;
  },
});

/** Takes all the room there is. */
async function fill(path: string): Promise<void> {
  const file = await open(path, 'a');
  try {
    for (let bytes = 1 << 20; bytes >= 1 << 12; ) {
      try {
        await file.write(Buffer.alloc(bytes));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
        bytes >>= 1;
      }
    }
  } finally {
    await file.close();
  }
}

async function fullDiskRun(backend: 'postgres' | 'redis'): Promise<string[]> {
  const home = await mkdtemp(join(tmpdir(), 'foursight-full-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK},mode=711`, 'tmpfs', home]);
  const redis = backend === 'redis' ? await startRedis() : undefined;
  const port = await freePort();
  const environment = {
    FOURSIGHT_HOME: home,
    FOURSIGHT_HTTP_PORT: String(port),
    FOURSIGHT_TOKEN: TOKEN,
    ...(redis === undefined ? {} : { REDIS_URL: redis.url }),
  };
  let service = startService(environment);
  const client = new PatientClient(`http://127.0.0.1:${port}`, TOKEN);
  const problems: string[] = [];
  const acknowledged = new Map<string, string>();
  const codes = new Map<string, number>();
  const ballast = join(home, 'ballast');

  const askOnce = async (key: string): Promise<void> => {
    const body = { question: `What is 2 + 3? ${'It is a long question. '.repeat(150)}`, conversation: key, key };
    try {
      const response = await fetch(`http://127.0.0.1:${port}/api/questions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
        signal: AbortSignal.timeout(20_000),
        body: JSON.stringify(body),
      });
      const said: unknown = await response.json();
      if (response.ok) acknowledged.set(key, receiptSchema.parse(said).questionId);
      else {
        const { code } = failureSchema.parse(said).error;
        codes.set(code, (codes.get(code) ?? 0) + 1);
      }
    } catch (error) {
      codes.set(String(error), (codes.get(String(error)) ?? 0) + 1);
    }
  };

  try {
    await client.ready();
    const first = { question: 'What is 17 * 23?', conversation: 'c', key: 'before' };
    const before = await client.answered(await client.ask(first));
    await client.rate(before.answer?.answerId ?? '', { vote: 'down', person: 'ada' });
    await fill(ballast);
    const refused = () => [...codes.values()].reduce((sum, n) => sum + n, 0);
    for (let i = 0; i < MOST_QUESTIONS && refused() < 8; i += 4) {
      await Promise.all([0, 1, 2, 3].map((j) => askOnce(`full ${i + j}`)));
    }
    console.log(`with the disk full: ${acknowledged.size} taken, refused: ${JSON.stringify([...codes])}`);
    if ((codes.get('DISK_FULL') ?? 0) === 0) problems.push('nobody was told that the disk is full');
    await rm(ballast);
    if (service.process.exitCode !== null) {
      console.log(`the service had ended with ${service.process.exitCode}: ${service.errors().slice(-300)}`);
      if (service.process.exitCode === 0) problems.push('the service ended with 0');
      service = startService(environment);
    }
    for (const [key, questionId] of acknowledged) {
      const standing = await client.answered(questionId);
      if (standing.status !== 'answered') problems.push(`${key} ended ${standing.status}: ${standing.message ?? ''}`);
    }
    const after = await client.answered(await client.ask({ ...first, key: 'after' }));
    await client.rate(after.answer?.answerId ?? '', { vote: 'up', person: 'ada' });
    const code = await service.stop();
    if (code !== 0) problems.push(`the service ended with ${code} on SIGTERM: ${service.errors().slice(-600)}`);
    problems.push(...(await inspect(home, [...acknowledged.values()])));
  } catch (error) {
    problems.push(`${error} – ${service.errors().slice(-600)}`);
  } finally {
    service.killAll();
    await redis?.close();
    execFileSync('umount', ['-l', home]);
    await rm(home, { recursive: true, force: true });
  }
  return problems;
}

async function inspect(home: string, acknowledged: readonly string[]): Promise<string[]> {
  const server = await startEmbedded(home, createLog('silent'));
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  const number = async (query: string, values: unknown[] = []) =>
    Number((await client.query(query, values)).rows[0]?.count);
  const answers = await number('select count(*) from answers where question_id = any($1)', [acknowledged]);
  const all = await number('select count(*) from answers');
  const open = await number(`select count(*) from questions where status <> 'answered'`);
  const votes = await number('select count(*) from votes');
  await client.end();
  await server.close();
  return [
    ...(answers === acknowledged.length ? [] : [`${acknowledged.length} acknowledged, ${answers} answered`]),
    ...(all >= acknowledged.length + 2 ? [] : [`${all} answers`]),
    ...(open === 0 ? [] : [`${open} questions without an answer`]),
    ...(votes === 2 ? [] : [`${votes} votes, not 2`]),
  ];
}
