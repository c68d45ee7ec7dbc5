import type { RunDetail } from '../../domain/training.ts';
import { FoursightError } from '../../errors.ts';
import { writeJson, writeLine } from '../output.ts';
import type { Session } from '../session.ts';
import { followRun } from './follow.ts';
import { stepLine } from './step-line.ts';

/**
 * Follows a run to its end, a line a step, and says how it ended; as JSON a line a step and a last one that sums up.
 * @returns the run with all its steps
 * @throws FoursightError when it failed
 */
export async function showRun(
  { loop, interrupted }: Pick<Session, 'loop' | 'interrupted'>,
  runId: string,
  { json }: { readonly json: boolean },
): Promise<RunDetail> {
  if (!json) writeLine(`run ${runId}`);
  const ended = await followRun(loop, runId, {
    interrupted,
    onStep: (step) => (json ? writeJson(step) : writeLine(stepLine(step))),
    onGate: (done) => (json ? undefined : writeLine(`gate ${Math.round(100 * done)} %`)),
  });
  const run = await loop.run(runId);
  if (json) writeJson(runSummary(run));
  else writeLine(`${ended.status}: ${ended.reason ?? ''}`);
  if (run.status === 'failed')
    throw new FoursightError('RUN_FAILED', `run ${runId} failed: ${run.reason ?? ''}`, 'The log has the cause.');
  return run;
}

/** What `retrain --json` and `practice --json` end with. */
export const runSummary = ({ metrics: _, ...run }: RunDetail) => run;
