import { waitingQuestions } from '../db/question-queries.ts';
import { openRuns } from '../db/run-queries.ts';
import { messageOf } from '../errors.ts';
import type { LoopSetting } from './loop.ts';

const EVERY_MS = 5_000;
/** A younger question is being queued just now. */
const MIN_AGE_MS = 2_000;

/** Queues the open questions and runs that no job holds: asked for while the queue was away, or left behind by a crash. */
export async function sweepOnce({ db, queue, training, log }: LoopSetting, minAgeMs = MIN_AGE_MS): Promise<number> {
  const orphans = await queue.orphans(await waitingQuestions(db, minAgeMs));
  for (const questionId of orphans) await queue.enqueue(questionId);
  if (orphans.length > 0) log.info({ questions: orphans.length }, 'open questions without a job were queued again');
  const runs = await openRuns(db);
  const left = runs.length === 0 ? [] : await training.orphans(runs);
  for (const runId of left) await training.enqueue(runId);
  if (left.length > 0) log.info({ runs: left.length }, 'open runs without a job were queued again');
  return orphans.length;
}

/** Sweeps at once and then every few seconds until closed. */
export function startSweep(setting: LoopSetting): { close(): Promise<void> } {
  let running: Promise<void> | undefined;
  const tryOnce = async () => {
    try {
      await sweepOnce(setting);
    } catch (error) {
      setting.log.warn({ cause: messageOf(error) }, 'the sweep could not be done; it is tried again');
    }
    running = undefined;
  };
  const sweep = () => {
    running ??= tryOnce();
  };
  sweep();
  const timer = setInterval(sweep, EVERY_MS);
  return {
    async close() {
      clearInterval(timer);
      await running;
    },
  };
}
