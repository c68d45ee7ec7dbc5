import { hostname } from 'node:os';
import { closeDatabase, openDatabase } from '../../src/db/database.ts';
import { failRun } from '../../src/db/run-queries.ts';
import { withRemedy } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import { openTrainQueue } from '../../src/queue/queues.ts';
import { startTraining, TrainingInterrupted, type TrainingProcess } from './training-process.ts';

export interface TrainWorker {
  /** Hands a run that is under way back: its last step is stored, another worker goes on from there. */
  close(): Promise<void>;
}

/** Does runs of training from the queue, one at a time, until closed. @throws DatabaseError, QueueError */
export async function startTrainWorker(
  { redisUrl }: { readonly redisUrl: string | null },
  databaseUrl: string,
  log: Log,
): Promise<TrainWorker> {
  const worker = `${hostname()}:${process.pid}`;
  const queue = await openTrainQueue({ databaseUrl, redisUrl: redisUrl ?? undefined }, log);
  const db = openDatabase(databaseUrl, log, 1);
  let training: TrainingProcess | undefined;
  let closing = false;
  const working = queue.work(
    {
      async work(runId) {
        if (closing) return 'again';
        training = startTraining({ databaseUrl, runId, worker });
        try {
          await training.end;
          return 'done';
        } catch (error) {
          if (closing || error instanceof TrainingInterrupted) return 'again';
          throw error;
        } finally {
          training = undefined;
        }
      },
      async giveUp(runId, error) {
        log.error({ runId, err: error }, 'training failed');
        await failRun(db, runId, withRemedy(error));
      },
    },
    { concurrency: 1 },
  );
  return {
    async close() {
      closing = true;
      training?.kill();
      await working.close();
      await queue.close();
      await closeDatabase(db);
    },
  };
}
