import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { closeDatabase, openDatabase } from '../../src/db/database.ts';
import { beat, leave } from '../../src/db/instance-queries.ts';
import { createNoteStore } from '../../src/db/note-queries.ts';
import { openProgressChannel } from '../../src/db/progress-channel.ts';
import { messageOf } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import { openAnswerQueue } from '../../src/queue/queues.ts';
import { tools } from '../tools/registry.ts';
import { type AnswerSetting, answerQuestion, explainFailure, queueEnd } from './answer-job.ts';
import { createJournal } from './journal.ts';
import { PolicyAgents } from './policy-agents.ts';
import { policyFolder } from './policy-cache.ts';
import type { Planner } from './starter-planner.ts';

const BEAT_MS = 5_000;
const TOOL_SECONDS = 20;
/** How long questions in work may take to end when the worker closes; then they are handed back. */
const FINISH_MS = 8_000;

/** What answering needs of the configuration. */
export interface AnswerSettings {
  /** The folder of this instance; policies are cached in it. */
  readonly home: string;
  readonly redisUrl: string | null;
  readonly zone: string;
  readonly temperature: number;
  readonly budgets: { readonly turns: number; readonly seconds: number };
  readonly worker: { readonly concurrency: number };
}

export interface AnswerWorker {
  /** Finishes or hands back what it holds. */
  close(): Promise<void>;
}

/** Answers questions from the queue until closed. @throws DatabaseError, QueueError */
export async function startAnswerWorker(
  config: AnswerSettings,
  databaseUrl: string,
  planner: Planner,
  log: Log,
): Promise<AnswerWorker> {
  const name = `${hostname()}:${process.pid}`;
  const id = randomUUID();
  const db = openDatabase(databaseUrl, log, Math.min(config.worker.concurrency + 2, 20));
  const channel = await openProgressChannel(databaseUrl, log);
  const queue = await openAnswerQueue({ databaseUrl, redisUrl: config.redisUrl ?? undefined }, log);
  const stop = new AbortController();
  const { home, temperature } = config;
  const policies = new PolicyAgents({ db, planner, temperature, folder: policyFolder(home), log });
  const setting: AnswerSetting = {
    journal: createJournal(db, queue, channel, log),
    notes: createNoteStore(db),
    tools,
    agentsFor: (held, over) => policies.agentsFor(held, over),
    worker: name,
    zone: config.zone,
    budgets: { ...config.budgets, toolSeconds: TOOL_SECONDS },
    log,
  };
  await beat(db, { id, role: 'worker', name });
  const beats = setInterval(() => {
    beat(db, { id, role: 'worker', name }).catch((error: unknown) =>
      log.warn({ cause: messageOf(error) }, 'no heartbeat'),
    );
  }, BEAT_MS);
  const worker = queue.work(
    {
      work: async (questionId) => queueEnd(await answerQuestion(setting, questionId, stop.signal)),
      giveUp: (questionId, error) => explainFailure(setting, questionId, error),
    },
    { concurrency: config.worker.concurrency },
  );
  return {
    async close() {
      const late = setTimeout(() => stop.abort(new Error('the worker is closing')), FINISH_MS);
      await worker.close();
      clearTimeout(late);
      clearInterval(beats);
      await leave(db, id).catch((error: unknown) => log.warn({ cause: messageOf(error) }, 'could not sign off'));
      await queue.close();
      await channel.close();
      await closeDatabase(db);
    },
  };
}
