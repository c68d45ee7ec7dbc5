import { readConfig } from '../src/config.ts';
import { createLog } from '../src/log.ts';
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
    // Ctrl-C reaches the whole process group; a parent decides by itself when its worker ends.
    process.on('SIGINT', () => (parent.isThere ? undefined : stop()));
    parent.onGone(() => (asked ? undefined : stop()));
  });
  // The model is read while the database starts.
  const [planner, databaseUrl] = await Promise.all([openPlanner(config, log), parent.databaseUrl]);
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
  await parent.failed(error);
  process.exit(1);
}
