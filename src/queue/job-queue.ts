import { DelayedError, type Job, type JobsOptions, type Queue, type Worker } from 'bullmq';
import { z } from 'zod';
import { messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import { type Backend, openBackend, type QueueAddress, QueueError } from './backend.ts';

/** A job whose worker was killed is taken over when its lock has run out and two looks have found it without one. */
const LOCK_MS = 4_000;
const LOOK_MS = 1_500;
const ATTEMPTS = 4;
/** A client of Redis waits for the return of its server for ever; nobody who asks should. */
const PATIENCE_MS = 4_000;
const LOOK_PATIENCE_MS = 8_000;
/** After an error of the backend, e.g. while the database restarts. */
const RETRY_MS = 500;

const payloadSchema = z.object({ id: z.uuid() });

const jobOptions: JobsOptions = {
  attempts: ATTEMPTS,
  backoff: { type: 'exponential', delay: 500, jitter: 0.5 },
  // The database knows what was done; a job that is kept would only stand in the way of queueing its id again.
  removeOnComplete: true,
  removeOnFail: true,
};

export interface QueueCounts {
  readonly backend: 'postgres' | 'redis';
  readonly waiting: number;
  readonly active: number;
  readonly failed: number;
}

export interface JobHandler {
  /** Works on the id. `again`: not yet, or not here; soon once more. A rejection has it tried again, a few times. */
  work(id: string): Promise<'done' | 'again'>;
  /** The last try has failed. */
  giveUp(id: string, error: Error): Promise<void>;
}

/** A queue of ids; the database is the truth. */
export interface JobQueue {
  /** Queues an id; one that is queued or being worked on already is not queued twice. @throws QueueError */
  enqueue(id: string): Promise<void>;
  /** Starts to work on jobs, `concurrency` at once. */
  work(handler: JobHandler, options: { readonly concurrency: number }): { close(): Promise<void> };
  /** Those of the ids that no job holds. */
  orphans(ids: readonly string[]): Promise<string[]>;
  counts(): Promise<QueueCounts>;
  close(): Promise<void>;
}

export interface QueueKind {
  /** Of the queue. */
  readonly name: string;
  /** What an id stands for, in jobs' names and in the log. */
  readonly of: string;
  /** Until a job that is worked on `again` is taken up. */
  readonly againMs: number;
}

/** @throws QueueError when the database or Redis cannot be reached */
export async function openJobQueue(kind: QueueKind, address: QueueAddress, log: Log): Promise<JobQueue> {
  const backend = await openBackend(address, log);
  const queue: Queue = new backend.Queue(kind.name, { connection: backend.connection });
  queue.on('error', (error) => log.warn({ queue: kind.name, cause: error.message }, 'a queue reports an error'));
  const workers = new Set<Worker>();
  // A job id may not be all digits nor hold a colon.
  const jobIdOf = (id: string): string => `${kind.of}-${id}`;
  return {
    async enqueue(id) {
      await within(PATIENCE_MS, queue.add(kind.of, { id }, { ...jobOptions, jobId: jobIdOf(id) }));
    },
    work(handler, { concurrency }) {
      const worker = startWorker(backend, kind, handler, concurrency, log);
      workers.add(worker);
      return {
        close: async () => {
          workers.delete(worker);
          await worker.close();
        },
      };
    },
    async orphans(ids) {
      const held = await within(LOOK_PATIENCE_MS, Promise.all(ids.map((id) => queue.getJob(jobIdOf(id)))));
      return ids.filter((_, i) => held[i] === undefined || held[i] === null);
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
      const remedy = 'Start it again; what was stored is queued when it is back.';
      reject(new QueueError('QUEUE_UNREACHABLE', `the queue did not answer within ${ms} ms`, remedy));
    }, ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function startWorker(backend: Backend, kind: QueueKind, handler: JobHandler, concurrency: number, log: Log): Worker {
  const worker: Worker = new backend.Worker(
    kind.name,
    async (job: Job, token) => {
      if ((await handler.work(payloadSchema.parse(job.data).id)) === 'done') return;
      await job.moveToDelayed(Date.now() + kind.againMs, token);
      throw new DelayedError();
    },
    {
      connection: backend.connection,
      concurrency,
      lockDuration: LOCK_MS,
      stalledInterval: LOOK_MS,
      // What a job stands for survives any number of killed workers; what fails by itself is bounded by its attempts.
      maxStalledCount: 1_000,
      drainDelay: 1,
      runRetryDelay: RETRY_MS,
    },
  );
  worker.on('error', (error) => log.warn({ queue: kind.name, cause: error.message }, 'a worker reports an error'));
  worker.on('failed', (job, error) => {
    if (job === undefined) return;
    log.warn({ job: job.id, attempt: job.attemptsMade, cause: error.message }, 'a try failed');
    if (job.attemptsMade < ATTEMPTS) return;
    const payload = payloadSchema.safeParse(job.data);
    if (!payload.success) return;
    handler.giveUp(payload.data.id, error).catch((cause: unknown) => {
      // It stays open: the sweep finds it and queues it again.
      log.error({ [kind.of]: payload.data.id, cause: messageOf(cause) }, 'a failure could not be recorded');
    });
  });
  return worker;
}
