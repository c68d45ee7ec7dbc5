import type { Queue, Worker } from 'bullmq';
import type { Log } from '../log.ts';
import { openBackend, type QueueAddress } from './backend.ts';

const NAME = 'nightly';

export interface NightlyQueue {
  close(): Promise<void>;
}

/**
 * Ticks by a cron pattern, once for all processes that share the queue; null ends the ticks.
 * @param zone IANA zone of the pattern
 * @throws QueueError when the database or Redis cannot be reached
 */
export async function openNightlyQueue(
  address: QueueAddress,
  { pattern, zone }: { readonly pattern: string | null; readonly zone: string },
  tick: () => Promise<void>,
  log: Log,
): Promise<NightlyQueue> {
  const backend = await openBackend({ connections: 3, ...address }, log);
  const queue: Queue = new backend.Queue(NAME, { connection: backend.connection });
  const warn = (error: Error) => log.warn({ queue: NAME, cause: error.message }, 'the schedule reports an error');
  queue.on('error', warn);
  let worker: Worker | undefined;
  const close = async () => {
    await worker?.close();
    await queue.close();
    await backend.close();
  };
  try {
    const kept = { attempts: 3, backoff: 60_000, removeOnComplete: true, removeOnFail: true } as const;
    if (pattern === null) {
      await queue.removeJobScheduler(NAME);
      return { close };
    }
    await queue.upsertJobScheduler(NAME, { pattern, tz: zone }, { name: NAME, data: {}, opts: kept });
    // Only when the pattern is set: a tick of an older one would be overdue.
    worker = new backend.Worker(NAME, tick, { connection: backend.connection });
    worker.on('error', warn);
    return { close };
  } catch (error) {
    await close();
    throw error;
  }
}
