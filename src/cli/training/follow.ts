import { setTimeout as delay } from 'node:timers/promises';
import type { Loop } from '../../domain/ports.ts';
import { isOpenRun, type RunDetail, type StepMetrics } from '../../domain/training.ts';

/** Between two looks at a run. */
const LOOK_MS = 500;

/** What was told of a run already: a command whose instance was lost follows on where it was. */
export interface Told {
  id: boolean;
  steps: number;
  /** Share of the gate's questions. */
  gate: number;
}

export const nothingTold = (): Told => ({ id: false, steps: 0, gate: 0 });

export interface Following {
  readonly told: Told;
  readonly onStep: (step: StepMetrics) => void;
  /** Share of the gate's questions that are answered, in [0, 1]. */
  readonly onGate: (done: number) => void;
  /** Lets the run end after its step. */
  readonly interrupted: AbortSignal;
}

/** Follows a run to its end: every step that was not told yet once, those before the first look included. */
export async function followRun(loop: Loop, runId: string, following: Following): Promise<RunDetail> {
  const { told } = following;
  for (let stopped = false; ; ) {
    // Asked again until it is heard.
    if (following.interrupted.aborted && !stopped) stopped = await loop.stopRun(runId);
    const run = await loop.run(runId, told.steps);
    for (const step of run.metrics) following.onStep(step);
    told.steps += run.metrics.length;
    const { gateDone = 0 } = run.report;
    if (gateDone > told.gate) following.onGate(gateDone);
    told.gate = gateDone;
    if (!isOpenRun(run.status)) return run;
    await delay(LOOK_MS);
  }
}
