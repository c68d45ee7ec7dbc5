import { randomUUID } from 'node:crypto';
import type { NewRun } from '../db/run-queries.ts';
import { askToStop, insertRun, viewRun } from '../db/run-queries.ts';
import type { TrainReceipt } from '../domain/ports.ts';
import type { PracticeWish, RetrainWish, RunDetail } from '../domain/training.ts';
import { InputError, messageOf } from '../errors.ts';
import type { LoopSetting } from './loop.ts';

/** A run that ended between two looks leaves the way free. */
const MOST_TRIES = 5;

/**
 * Opens a run of training and queues it, unless one of the workspace is open: then that one is named.
 * @throws DatabaseError
 */
async function startRun({ db, training, log }: LoopSetting, run: NewRun): Promise<TrainReceipt> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const open = await insertRun(db, run);
    if (open === undefined) continue;
    try {
      await training.enqueue(open);
    } catch (error) {
      // It is stored: the sweep queues it when the queue is back.
      log.warn({ runId: open, cause: messageOf(error) }, 'a run could not be queued yet');
    }
    return { runId: open, started: open === run.runId };
  }
  throw new InputError('RUN_IN_THE_WAY', 'another run was in the way each time', 'Try again.');
}

/** @param runId of the caller's own, when the call may be repeated */
export const startRetrain = (
  setting: LoopSetting,
  workspaceId: string,
  wish: RetrainWish,
  runId: string = randomUUID(),
): Promise<TrainReceipt> => startRun(setting, { runId, workspaceId, kind: 'retrain', settings: wish });

/** @param runId of the caller's own, when the call may be repeated */
export const startPractice = (
  setting: LoopSetting,
  workspaceId: string,
  wish: PracticeWish,
  runId: string = randomUUID(),
): Promise<TrainReceipt> => startRun(setting, { runId, workspaceId, kind: 'practice', settings: wish });

/** @throws InputError for an unknown run */
export async function runDetail({ db }: LoopSetting, runId: string, afterStep = 0): Promise<RunDetail> {
  const run = await viewRun(db, runId, afterStep);
  if (run !== undefined) return run;
  throw new InputError('RUN_UNKNOWN', `there is no run ${runId}`, '`foursight runs list` shows which there are.');
}

/** Lets a run end after its step with what it has learnt; false when it is over. */
export const stopRun = ({ db }: LoopSetting, runId: string): Promise<boolean> => askToStop(db, runId);
