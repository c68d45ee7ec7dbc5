import { constants, setPriority } from 'node:os';
import { readConfig } from '../src/config.ts';
import { closeDatabase, isOutage, openDatabase } from '../src/db/database.ts';
import { FoursightError, messageOf } from '../src/errors.ts';
import { createLog } from '../src/log.ts';
import { runTraining } from './jobs/training-job.ts';
import { type TrainingMessage, type TrainingTask, taskSchema } from './jobs/training-process.ts';

/** Before any thread is made: they inherit it. */
setPriority(0, constants.priority.PRIORITY_LOW);
// Ctrl-C, a closed terminal and the end of a service reach every process; the worker decides when this one ends.
for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) process.on(signal, () => undefined);
// The worker died: another one goes on with the run.
process.once('disconnect', () => process.exit(1));
// It died while this process was starting: nobody is told of that any more.
if (!process.connected) process.exit(1);

const tell = (message: TrainingMessage): Promise<void> =>
  new Promise((resolve) => process.send?.(message, undefined, undefined, () => resolve()));

async function train({ databaseUrl, runId, worker }: TrainingTask): Promise<TrainingMessage> {
  const config = readConfig();
  const log = createLog(config.logLevel, { role: 'training' });
  const db = openDatabase(databaseUrl, log, 3);
  try {
    const { model, home, zone, temperature, gateQuestions, budgets } = config;
    const setting = { db, model, home, zone, temperature, gateQuestions, maxTurns: budgets.turns, worker, log };
    return { type: 'ended', end: await runTraining(setting, runId) };
  } catch (error) {
    log.warn({ runId, err: error }, 'training was interrupted');
    const remedy = error instanceof FoursightError ? error.remedy : 'Look at the log.';
    const code = error instanceof FoursightError ? error.code : 'TRAINING_FAILED';
    return { type: 'failed', code, message: messageOf(error), remedy, passes: isOutage(error) };
  } finally {
    await closeDatabase(db);
  }
}

process.once('message', async (raw) => {
  await tell(await train(taskSchema.parse(raw)));
  process.exit(0);
});
