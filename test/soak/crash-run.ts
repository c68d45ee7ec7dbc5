import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { startEmbedded } from '../../src/db/embedded/server.ts';
import { createLog } from '../../src/log.ts';
import { freePort, startRedis } from '../queue/redis-server.ts';
import { PatientClient } from './client.ts';
import { end, type Service, startService } from './processes.ts';

export interface CrashSettings {
  readonly seed: number;
  readonly backend: 'postgres' | 'redis';
  readonly questions: number;
  /** How many times something is killed. */
  readonly kills: number;
  /** Told of what happens as it happens. */
  readonly tell?: (event: string) => void;
}

export interface CrashReport {
  readonly killed: readonly string[];
  /** What went wrong; empty when nothing did. */
  readonly problems: readonly string[];
  readonly seconds: number;
}

type Vote = 'up' | 'down' | 'clear';
const CONVERSATIONS = 5;
/** Between two kills. */
const LEAST_PAUSE_MS = 200;
const PAUSE_MS = 3_000;
const PEOPLE = ['ada', 'bob', 'cyd'];
const values = { up: 1, down: -1, clear: 0 } as const;
const TOKEN = 'a-token-for-the-crash-runs';

/** mulberry32: the same seed plays the same run, up to the machine's timing. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * One run: people ask (every third message is delivered twice) and vote over HTTP while worker, Postgres or everything
 * is killed with SIGKILL at random moments. On odd seeds two workers share the queue, over a Postgres of its own.
 */
export async function crashRun({ seed, backend, questions, kills, tell }: CrashSettings): Promise<CrashReport> {
  const begun = performance.now();
  const random = randomOf(seed);
  const log = createLog('silent');
  const home = await mkdtemp(join(tmpdir(), 'foursight-crash-'));
  await chmod(home, 0o711);
  const redis = backend === 'redis' ? await startRedis() : undefined;
  const split = seed % 2 === 1;
  let server = split ? await startEmbedded(join(home, 'own'), log) : undefined;
  const port = await freePort();
  const environment = {
    FOURSIGHT_HOME: join(home, 'home'),
    FOURSIGHT_HTTP_PORT: String(port),
    FOURSIGHT_TOKEN: TOKEN,
    ...(redis === undefined ? {} : { REDIS_URL: redis.url }),
    ...(server === undefined ? {} : { DATABASE_URL: server.url }),
  };
  const starters: (() => Service)[] = split
    ? [
        () => startService(environment, ['--roles', 'chat']),
        () => startService({ ...environment, FOURSIGHT_HOME: join(home, 'w1') }, ['--roles', 'worker']),
        () => startService({ ...environment, FOURSIGHT_HOME: join(home, 'w2') }, ['--roles', 'worker']),
      ]
    : [() => startService(environment)];
  const start = () => starters.map((one) => one());
  let services = start();
  // As an init system does: what ended by itself, its database being killed while it started, is started again.
  const supervisor = setInterval(() => {
    services = services.map((service, i) => {
      if (service.process.exitCode === null) return service;
      note(`service ${i} ended with ${service.process.exitCode}`);
      return starters[i]?.() ?? service;
    });
  }, 500);
  const client = new PatientClient(`http://127.0.0.1:${port}`, TOKEN);
  const problems: string[] = [];
  const killed: string[] = [];
  const note = (event: string) => tell?.(`${((performance.now() - begun) / 1000).toFixed(1)} s ${event}`);
  const kill = (what: string) => {
    killed.push(what);
    note(`killed ${what}`);
  };
  const votes = new Map<string, Vote>();

  const killSomething = async () => {
    const kind = random();
    if (kind < 0.45) {
      const one = services[Math.floor(random() * services.length)];
      if (services.some((service) => service === one && service.killWorker()) || services.some((s) => s.killWorker()))
        kill('worker');
    } else if (kind < 0.7) {
      if (server !== undefined) {
        const pid = server.pid();
        if (pid !== undefined && end(pid)) kill('postgres');
      } else if (services[0]?.killPostgres()) kill('postgres');
    } else {
      for (const service of services) service.killAll();
      kill('everything');
      services = start();
    }
  };

  const askAndVote = async (index: number, first: string | undefined) => {
    const question = {
      question: `What is ${10 + index} * ${3 + (index % 7)}?`,
      conversation: `c${index % CONVERSATIONS}`,
      key: `q${index}`,
    };
    const questionId = first ?? (await client.ask(question));
    if (index % 3 === 0 && (await client.ask(question)) !== questionId) problems.push(`${question.key} became two`);
    const standing = await client.answered(questionId);
    note(`${question.key} ${standing.status}`);
    if (standing.status !== 'answered' || standing.answer == null) {
      problems.push(`${question.key} ended ${standing.status}: ${standing.message ?? ''}`);
      return;
    }
    for (const person of PEOPLE) {
      for (let round = 0; round < 2; round += 1) {
        const vote = (['up', 'down', 'clear'] as const)[Math.floor(random() * 3)] ?? 'up';
        await client.rate(standing.answer.answerId, { vote, person });
        votes.set(`${standing.answer.answerId} ${person}`, vote);
      }
    }
  };

  try {
    await client.ready();
    // Asking lasts about as long as killing.
    const spacing = (2 * kills * (LEAST_PAUSE_MS + PAUSE_MS / 2)) / questions;
    const asked: Promise<void>[] = [];
    const chaos = (async () => {
      for (let i = 0; i < kills; i += 1) {
        await delay(LEAST_PAUSE_MS + random() * PAUSE_MS);
        await killSomething();
      }
    })();
    for (let i = 0; i < questions; i += 1) {
      // One after another, so that the order within a conversation is the order of asking; answers come when they come.
      const key = `q${i}`;
      const questionId = await client.ask({
        question: `What is ${10 + i} * ${3 + (i % 7)}?`,
        conversation: `c${i % CONVERSATIONS}`,
        key,
      });
      asked.push(askAndVote(i, questionId));
      await delay(random() * spacing);
    }
    await Promise.all([chaos, ...asked]);
    clearInterval(supervisor);
    for (const service of services) {
      const code = await service.stop();
      // One that was started a moment ago may not listen to signals yet: it holds nothing.
      if (code !== 0 && service.process.signalCode !== 'SIGTERM')
        problems.push(`the service ended with ${code} on SIGTERM: ${service.errors().slice(-600)}`);
    }
    server ??= await startEmbedded(join(home, 'home'), log);
    problems.push(...(await inspect(server.url, questions, votes)));
  } catch (error) {
    const causes = [String(error), String((error as { cause?: unknown }).cause ?? '')];
    problems.push(`${causes.join(' – ')} – ${services.map((service) => service.errors().slice(-600)).join('\n')}`);
  } finally {
    clearInterval(supervisor);
    for (const service of services) service.killAll();
    await server?.close();
    await redis?.close();
    await rm(home, { recursive: true, force: true });
  }
  return { killed, problems, seconds: Math.round((performance.now() - begun) / 100) / 10 };
}

/** What the tables must hold after any run. */
async function inspect(url: string, questions: number, votes: ReadonlyMap<string, Vote>): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const problems: string[] = [];
  const expect = (what: string, actual: unknown, expected: unknown) => {
    if (String(actual) !== String(expected)) problems.push(`${what}: ${actual}, not ${expected}`);
  };
  const count = async (query: string) => (await client.query(query)).rows[0]?.n;
  expect('questions', await count('select count(*) as n from questions'), questions);
  expect('answered', await count(`select count(*) as n from questions where status = 'answered'`), questions);
  expect('answers', await count('select count(*) as n from answers'), questions);
  expect('trajectories', await count('select count(*) as n from trajectories'), questions);
  const disorder = `select count(*) as n from questions a join questions b
    on a.conversation_id = b.conversation_id and a.position < b.position and a.ended_at > b.ended_at`;
  expect('answers out of order', await count(disorder), 0);
  const gaps = `select count(*) as n from (
    select max(turn) as last, count(*) as n from turns group by trajectory_id) t where last <> n`;
  expect('trajectories with missing turns', await count(gaps), 0);
  const { rows } = await client.query(
    'select v.answer_id, p.key, v.value from votes v join people p on p.id = v.person_id',
  );
  const stored = new Map(rows.map((row) => [`${row.answer_id} ${row.key}`, Number(row.value)]));
  for (const [key, vote] of votes) expect(`the vote of ${key}`, stored.get(key), values[vote]);
  expect('votes', stored.size, votes.size);
  await client.end();
  return problems;
}
