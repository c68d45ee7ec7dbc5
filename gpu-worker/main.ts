import { readConfig } from '../src/config.ts';
import { DatabaseError, migrateDatabase } from '../src/db/database.ts';
import { createLog } from '../src/log.ts';
import { QueueError } from '../src/queue/backend.ts';
import { EngineError } from './engine/engine-error.ts';
import { startAnswerWorker } from './jobs/answer-worker.ts';
import { findParent, type Parent } from './jobs/parent.ts';
import { openPlanner } from './jobs/starter-planner.ts';
import { startTrainWorker } from './jobs/train-worker.ts';

/**
 * The worker process: answers questions and does runs of training until SIGTERM, or until the process that started it is gone. A second signal
 * ends it at once; what it held is taken over by another worker.
 */
async function run(parent: Parent): Promise<void> {
  const config = readConfig();
  const log = createLog(config.logLevel, { role: 'worker' });
  const stopped = new Promise<void>((resolve) => {
    let asked = false;
    const stop = () => {
      if (asked) process.exit(1);
      asked = true;
      resolve();
    };
    process.on('SIGTERM', stop);
    // Ctrl-C and a closed terminal reach the whole process group; a parent decides by itself when its worker ends.
    for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => (parent.isThere ? undefined : stop()));
    parent.onGone(() => (asked ? undefined : stop()));
  });
  // The model is read while the database starts. Until both are there nothing is held that would have to be finished.
  const opened = await Promise.race([Promise.all([openPlanner(config, log), parent.databaseUrl]), stopped]);
  if (opened === undefined) return;
  const [planner, databaseUrl] = opened;
  // Whoever comes first does it: the service that started this process may not have yet.
  await migrateDatabase(databaseUrl);
  const worker = await startAnswerWorker(config, databaseUrl, planner, log);
  const trainer = await startTrainWorker(config, databaseUrl, log);
  parent.ready();
  const failure = await Promise.race([stopped, planner.engine.failed]);
  // What it held is taken over, as after any other end of a worker.
  if (failure !== undefined) throw failure;
  await Promise.all([trainer.close(), worker.close()]);
  await planner.close();
}

/** What the parent mends by starting the worker again: it has reached database and queue, and an engine that ran will run. */
const mayPass = (error: unknown): boolean =>
  error instanceof DatabaseError ||
  error instanceof QueueError ||
  (error instanceof EngineError && error.code === 'ENGINE_FAILED');

const parent = findParent(() => readConfig().databaseUrl);
try {
  await run(parent);
  process.exit(0);
} catch (error) {
  if (!(parent.isThere && mayPass(error))) await parent.failed(error);
  else createLog(readConfig().logLevel, { role: 'worker' }).warn({ err: error }, 'the worker cannot go on');
  process.exit(1);
}
