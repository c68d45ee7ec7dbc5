import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { createJournal } from '../../gpu-worker/jobs/journal.ts';
import { closeDatabase, type Db, migrateDatabase, openDatabase } from '../../src/db/database.ts';
import { startEmbedded } from '../../src/db/embedded/server.ts';
import { openProgressChannel, type ProgressChannel } from '../../src/db/progress-channel.ts';
import type { ChatDesk } from '../../src/domain/chat.ts';
import type { Journal, Loop } from '../../src/domain/ports.ts';
import type { NewQuestion } from '../../src/domain/question.ts';
import type { Turn } from '../../src/domain/trajectory.ts';
import { createLog, type Log } from '../../src/log.ts';
import { createDesk } from '../../src/loop/desk.ts';
import { createLoop, type LoopSetting } from '../../src/loop/loop.ts';
import type { JobQueue } from '../../src/queue/job-queue.ts';
import { openAnswerQueue, openTrainQueue } from '../../src/queue/queues.ts';

export const quiet: Log = createLog('silent');

/** A Postgres of the test's own; `fresh` gives an empty database in it. */
export interface TestServer {
  fresh(): Promise<string>;
  close(): Promise<void>;
}

export async function startTestServer(): Promise<TestServer> {
  const home = await mkdtemp(join(tmpdir(), 'foursight-test-'));
  // Reachable for the user that root runs Postgres as: the data lies, and goes, with the folder.
  await chmod(home, 0o711);
  const server = await startEmbedded(home, quiet);
  let count = 0;
  return {
    async fresh() {
      count += 1;
      const client = new pg.Client({ connectionString: server.url });
      await client.connect();
      await client.query(`create database test_${count}`);
      await client.end();
      const url = new URL(server.url);
      url.pathname = `/test_${count}`;
      return url.href;
    },
    async close() {
      await server.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** The whole store over one database, without a worker. */
export interface TestStore {
  readonly db: Db;
  readonly queue: JobQueue;
  readonly channel: ProgressChannel;
  readonly setting: LoopSetting;
  readonly loop: Loop;
  readonly desk: ChatDesk;
  readonly journal: Journal;
  close(): Promise<void>;
}

export async function openTestStore(databaseUrl: string, redisUrl?: string): Promise<TestStore> {
  await migrateDatabase(databaseUrl);
  const db = openDatabase(databaseUrl, quiet);
  const queue = await openAnswerQueue({ databaseUrl, redisUrl }, quiet);
  const training = await openTrainQueue({ databaseUrl, redisUrl }, quiet);
  const channel = await openProgressChannel(databaseUrl, quiet);
  const setting = { db, queue, training, channel, log: quiet };
  return {
    db,
    queue,
    channel,
    setting,
    loop: createLoop(setting),
    desk: createDesk(setting, async () => ['the secret key of the tests']),
    journal: createJournal(db, queue, channel, quiet),
    async close() {
      await queue.close();
      await training.close();
      await channel.close();
      await closeDatabase(db);
    },
  };
}

export const questionOf = (key: string, more: Partial<NewQuestion> = {}): NewQuestion => ({
  platform: 'http',
  workspace: 'local',
  conversation: `conversation of ${key}`,
  person: { key: 'ada', name: 'Ada' },
  key,
  text: `question ${key}`,
  ...more,
});

export const turnOf = (turn: number): Turn => ({
  turn,
  subGoal: 'add',
  tool: 'calculator',
  command: `${turn} + 1`,
  result: String(turn + 1),
  error: null,
  verdict: 'continue',
  reason: 'more to do',
  ms: 1.5,
  planner: { promptIds: [1, 2], actionIds: [3], logprobs: [-0.25], temperature: 0.5 },
});

export const outcome = { answer: 'the answer', stopReason: 'verified', ms: 3 } as const;
