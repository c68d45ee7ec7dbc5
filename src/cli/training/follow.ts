import { setTimeout as delay } from 'node:timers/promises';
import type { Loop } from '../../domain/ports.ts';
import { isOpenRun, type RunDetail, type StepMetrics } from '../../domain/training.ts';

/** Between two looks at a run. */
const LOOK_MS = 500;

export interface Following {
  readonly onStep: (step: StepMetrics) => void;
  /** Share of the gate's questions that are answered, in [0, 1]. */
  readonly onGate: (done: number) => void;
  /** Lets the run end after its step. */
  readonly interrupted: AbortSignal;
}

/** Follows a run to its end: every step once, those before the first look included. */
export async function followRun(loop: Loop, runId: string, following: Following): Promise<RunDetail> {
  const stop = () => void loop.stopRun(runId).catch(() => undefined);
  following.interrupted.addEventListener('abort', stop);
  if (following.interrupted.aborted) stop();
  try {
    for (let seen = 0, gate = 0; ; ) {
      const run = await loop.run(runId, seen);
      for (const step of run.metrics) following.onStep(step);
      seen += run.metrics.length;
      const { gateDone = 0 } = run.report;
      if (gateDone > gate) following.onGate(gateDone);
      gate = gateDone;
      if (!isOpenRun(run.status)) return run;
      await delay(LOOK_MS);
    }
  } finally {
    following.interrupted.removeEventListener('abort', stop);
  }
}
