import { DelayedError, type Job, type JobsOptions, type Queue, type Worker } from 'bullmq';
import { z } from 'zod';
import { messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import { type Backend, openBackend, type QueueAddress, QueueError } from './backend.ts';

const QUEUE_NAME = 'answers';
/** A job whose worker was killed is taken over when its lock has run out and two looks have found it without one. */
const LOCK_MS = 4_000;
const LOOK_MS = 1_500;
const ATTEMPTS = 4;
const AGAIN_MS = 100;
/** A client of Redis waits for the return of its server for ever; nobody who asks should. */
const PATIENCE_MS = 4_000;
const LOOK_PATIENCE_MS = 8_000;
/** After an error of the backend, e.g. while the database restarts. */
const RETRY_MS = 500;

const payloadSchema = z.object({ questionId: z.uuid() });

const jobOptions: JobsOptions = {
  attempts: ATTEMPTS,
  backoff: { type: 'exponential', delay: 500, jitter: 0.5 },
  // The database knows what was answered; a job that is kept would only stand in the way of queueing its question again.
  removeOnComplete: true,
  removeOnFail: true,
};

export interface QueueCounts {
  readonly backend: 'postgres' | 'redis';
  readonly waiting: number;
  readonly active: number;
  readonly failed: number;
}

export interface AnswerHandler {
  /** Works on the question. `again`: not yet, or not here; soon once more. A rejection has it tried again, a few times. */
  answer(questionId: string): Promise<'done' | 'again'>;
  /** The last try has failed. */
  giveUp(questionId: string, error: Error): Promise<void>;
}

/** The queue of questions to answer. Jobs carry ids only; the database is the truth. */
export interface AnswerQueue {
  /** Queues a question; one that is queued or being worked on already is not queued twice. @throws QueueError */
  enqueue(questionId: string): Promise<void>;
  /** Starts to work on jobs, `concurrency` at once. */
  work(handler: AnswerHandler, options: { readonly concurrency: number }): { close(): Promise<void> };
  /** Those of the questions that no job holds. */
  orphans(questionIds: readonly string[]): Promise<string[]>;
  counts(): Promise<QueueCounts>;
  close(): Promise<void>;
}

/** @throws QueueError when the database or Redis cannot be reached */
export async function openAnswerQueue(address: QueueAddress, log: Log): Promise<AnswerQueue> {
  const backend = await openBackend(address, log);
  const queue: Queue = new backend.Queue(QUEUE_NAME, { connection: backend.connection });
  queue.on('error', (error) => log.warn({ cause: error.message }, 'the queue of answers reports an error'));
  const workers = new Set<Worker>();
  return {
    async enqueue(questionId) {
      await within(PATIENCE_MS, queue.add('answer', { questionId }, { ...jobOptions, jobId: jobIdOf(questionId) }));
    },
    work(handler, { concurrency }) {
      const worker = startWorker(backend, handler, concurrency, log);
      workers.add(worker);
      return {
        close: async () => {
          workers.delete(worker);
          await worker.close();
        },
      };
    },
    async orphans(questionIds) {
      const held = await within(LOOK_PATIENCE_MS, Promise.all(questionIds.map((id) => queue.getJob(jobIdOf(id)))));
      return questionIds.filter((_, i) => held[i] === undefined || held[i] === null);
    },
    async counts() {
      const {
        waiting = 0,
        active = 0,
        failed = 0,
        delayed = 0,
        prioritized = 0,
      } = await within(PATIENCE_MS, queue.getJobCounts());
      return { backend: backend.name, waiting: waiting + delayed + prioritized, active, failed };
    },
    async close() {
      await Promise.all([...workers].map((worker) => worker.close()));
      await queue.close();
      await backend.close();
    },
  };
}

/** @throws QueueError when the backend has not answered in time; what it was asked to do may still happen */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const remedy = 'Start it again; questions that were stored are queued when it is back.';
      reject(new QueueError('QUEUE_UNREACHABLE', `the queue did not answer within ${ms} ms`, remedy));
    }, ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A job id may not be all digits nor hold a colon. */
const jobIdOf = (questionId: string): string => `question-${questionId}`;

function startWorker(backend: Backend, handler: AnswerHandler, concurrency: number, log: Log): Worker {
  const worker: Worker = new backend.Worker(
    QUEUE_NAME,
    async (job: Job, token) => {
      if ((await handler.answer(payloadSchema.parse(job.data).questionId)) === 'done') return;
      await job.moveToDelayed(Date.now() + AGAIN_MS, token);
      throw new DelayedError();
    },
    {
      connection: backend.connection,
      concurrency,
      lockDuration: LOCK_MS,
      stalledInterval: LOOK_MS,
      // A question survives any number of killed workers; what fails by itself is bounded by its attempts.
      maxStalledCount: 1_000,
      drainDelay: 1,
      runRetryDelay: RETRY_MS,
    },
  );
  worker.on('error', (error) => log.warn({ cause: error.message }, 'the worker of answers reports an error'));
  worker.on('failed', (job, error) => {
    if (job === undefined) return;
    log.warn({ job: job.id, attempt: job.attemptsMade, cause: error.message }, 'a try to answer failed');
    if (job.attemptsMade < ATTEMPTS) return;
    const payload = payloadSchema.safeParse(job.data);
    if (!payload.success) return;
    handler.giveUp(payload.data.questionId, error).catch((cause: unknown) => {
      // The question stays open: the sweep finds it and queues it again.
      log.error({ questionId: payload.data.questionId, cause: messageOf(cause) }, 'a failure could not be recorded');
    });
  });
  return worker;
}
