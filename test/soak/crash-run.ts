import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startRedis } from '../queue/redis-server.ts';
import type { PatientClient } from './client.ts';
import { brokenOff, endedAndSeen, type Installation, startInstallation, type Victim } from './installation.ts';
import { randomOf } from './random.ts';
import { expectAnswered, withTables } from './tables.ts';

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

/**
 * One run: people ask (every third message is delivered twice) and vote over HTTP while worker, Postgres or everything
 * is killed with SIGKILL at random moments. On odd seeds two workers share the queue, over a Postgres of its own.
 */
export async function crashRun({ seed, backend, questions, kills, tell }: CrashSettings): Promise<CrashReport> {
  const begun = performance.now();
  const random = randomOf(seed);
  const note = (event: string) => tell?.(`${((performance.now() - begun) / 1000).toFixed(1)} s ${event}`);
  const folder = await mkdtemp(join(tmpdir(), 'foursight-crash-'));
  await chmod(folder, 0o711);
  const redis = backend === 'redis' ? await startRedis() : undefined;
  const environment = redis === undefined ? {} : { REDIS_URL: redis.url };
  let installation: Installation | undefined;
  const problems: string[] = [];
  const killed: string[] = [];
  const votes = new Map<string, Vote>();

  const killSomething = (kill: Installation['kill']) => {
    const kind = random();
    const victim: Victim = kind < 0.45 ? 'worker' : kind < 0.7 ? 'postgres' : 'everything';
    if (kill(victim, random)) killed.push(victim);
  };

  const askAndVote = async (client: PatientClient, index: number, first: string) => {
    const question = {
      question: `What is ${10 + index} * ${3 + (index % 7)}?`,
      conversation: `c${index % CONVERSATIONS}`,
      key: `q${index}`,
    };
    if (index % 3 === 0 && (await client.ask(question)) !== first) problems.push(`${question.key} became two`);
    const standing = await client.answered(first);
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
    installation = await startInstallation({ folder, isSplit: seed % 2 === 1, environment, note });
    const { client, kill } = installation;
    await client.ready();
    // Asking lasts about as long as killing.
    const spacing = (2 * kills * (LEAST_PAUSE_MS + PAUSE_MS / 2)) / questions;
    const asked: Promise<void>[] = [];
    const chaos = (async () => {
      for (let i = 0; i < kills; i += 1) {
        await delay(LEAST_PAUSE_MS + random() * PAUSE_MS);
        killSomething(kill);
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
      asked.push(askAndVote(client, i, questionId));
      await delay(random() * spacing);
    }
    await Promise.all([chaos, ...asked]);
    problems.push(...(await endedAndSeen(installation, problems, (url) => inspect(url, questions, votes))));
  } catch (error) {
    problems.push(brokenOff(error, installation));
  } finally {
    await installation?.close();
    await redis?.close();
    await rm(folder, { recursive: true, force: true });
  }
  return { killed, problems, seconds: Math.round((performance.now() - begun) / 100) / 10 };
}

/** What the tables must hold after any run. */
const inspect = (url: string, questions: number, votes: ReadonlyMap<string, Vote>): Promise<readonly string[]> =>
  withTables(url, async (tables) => {
    const { rows, expect, problems } = tables;
    await expectAnswered(tables, questions);
    const all = await rows('select v.answer_id, p.key, v.value from votes v join people p on p.id = v.person_id');
    const stored = new Map(all.map((row) => [`${row.answer_id} ${row.key}`, Number(row.value)]));
    for (const [key, vote] of votes) expect(`the vote of ${key}`, stored.get(key), values[vote]);
    expect('votes', stored.size, votes.size);
    return problems;
  });
