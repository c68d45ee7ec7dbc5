import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { FoursightError } from '../../src/errors.ts';
import type { TrainingEnd } from './training-setting.ts';

const RUN_TS = fileURLToPath(new URL('../../bin/run-ts.mjs', import.meta.url));
const TRAINING_MAIN = fileURLToPath(new URL('../training-main.ts', import.meta.url));

/** What the process is told to do. */
export const taskSchema = z.object({ databaseUrl: z.string(), runId: z.uuid(), worker: z.string() });
export type TrainingTask = z.infer<typeof taskSchema>;

const RETRIED = 'Look at the log.';

const messageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ended'), end: z.enum(['ended', 'lost', 'over']) }),
  z.object({
    type: z.literal('failed'),
    code: z.string(),
    message: z.string(),
    remedy: z.string(),
    passes: z.boolean(),
  }),
]);
export type TrainingMessage = z.infer<typeof messageSchema>;

/** It ended for a reason that passes by itself: the database was away, or somebody killed it. */
export class TrainingInterrupted extends FoursightError {
  override readonly name = 'TrainingInterrupted';
}

/** A run of training in a process of its own. */
export interface TrainingProcess {
  /** @throws TrainingInterrupted; FoursightError when it failed or died */
  readonly end: Promise<TrainingEnd>;
  /** At once: what it has stored, the next one goes on from. */
  kill(): void;
}

/**
 * Trains in a process of its own, of the lowest priority: live questions go first, its threads and its rules never stand in their
 * way, and what takes it down takes nothing else down.
 */
export function startTraining(task: TrainingTask): TrainingProcess {
  // Whatever a library prints must not get among a command's JSON.
  const child = fork(RUN_TS, [TRAINING_MAIN], { execArgv: [], stdio: ['ignore', 2, 2, 'ipc'] });
  const end = new Promise<TrainingEnd>((resolve, reject) => {
    const died = (how: string) => reject(new FoursightError('TRAINING_DIED', `the training process ${how}`, RETRIED));
    child.on('message', (raw) => {
      const message = messageSchema.parse(raw);
      if (message.type === 'ended') return resolve(message.end);
      const Kind = message.passes ? TrainingInterrupted : FoursightError;
      reject(new Kind(message.code, message.message, message.remedy));
    });
    child.on('error', (error) => died(`could not be started: ${error.message}`));
    child.on('exit', (code, signal) => {
      // What kills every process of a run is noticed by the run: it counts those that have taken it.
      if (signal !== null)
        reject(new TrainingInterrupted('TRAINING_KILLED', 'the training process was killed', RETRIED));
      else died(`ended with ${signal ?? code}`);
    });
  });
  child.send(task, () => undefined);
  return { end, kill: () => void child.kill('SIGKILL') };
}
