import { readConfig } from '../src/config.ts';
import { DatabaseError } from '../src/db/database.ts';
import { messageOf } from '../src/errors.ts';
import { createLog } from '../src/log.ts';
import { QueueError } from '../src/queue/backend.ts';
import { startAnswerWorker } from './jobs/answer-worker.ts';
import { findParent, type Parent } from './jobs/parent.ts';
import { openPlanner } from './jobs/starter-planner.ts';

/**
 * The worker process: answers questions until SIGTERM, or until the process that started it is gone. A second signal
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
  const worker = await startAnswerWorker(config, databaseUrl, planner, log);
  parent.ready();
  await stopped;
  await worker.close();
  await planner.close();
}

const parent = findParent(() => readConfig().databaseUrl);
try {
  await run(parent);
  process.exit(0);
} catch (error) {
  // A database or queue that is away comes back: the parent, which has reached both, starts the worker again.
  if (!(parent.isThere && (error instanceof DatabaseError || error instanceof QueueError))) await parent.failed(error);
  else
    createLog(readConfig().logLevel, { role: 'worker' }).warn({ cause: messageOf(error) }, 'the worker cannot begin');
  process.exit(1);
}
