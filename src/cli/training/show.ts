import type { RunDetail } from '../../domain/training.ts';
import { FoursightError, InputError } from '../../errors.ts';
import { writeJson, writeLine } from '../output.ts';
import type { Session } from '../session.ts';
import { followRun, nothingTold, type Told } from './follow.ts';
import { stepLine } from './step-line.ts';

/**
 * Follows a run to its end, a line a step, and says how it ended; as JSON a line a step and a last one that sums up.
 * @param steps whether JSON has them too
 * @param told kept by a command that may follow on after its instance was lost
 * @returns the run with all its steps
 * @throws FoursightError when it failed
 */
export async function showRun(
  { loop, interrupted }: Pick<Session, 'loop' | 'interrupted'>,
  runId: string,
  { json, steps = true, told }: { readonly json: boolean; readonly steps?: boolean; readonly told: Told },
): Promise<RunDetail> {
  if (!json && !told.id) writeLine(`run ${runId}`);
  told.id = true;
  const ended = await followRun(loop, runId, {
    told,
    interrupted,
    onStep: (step) => (json ? steps && writeJson(step) : writeLine(stepLine(step))),
    onGate: (done) => (json ? undefined : writeLine(`gate ${Math.round(100 * done)} %`)),
  });
  const run = await loop.run(runId);
  if (json) writeJson(runSummary(run));
  else writeLine(`${ended.status}: ${ended.reason ?? ''}`);
  if (run.status === 'failed')
    throw new FoursightError('RUN_FAILED', `run ${runId} failed: ${run.reason ?? ''}`, 'The log has the cause.');
  return run;
}

/**
 * A run of the workspace is open already. Where no service would go on with it, this command does first.
 * @throws InputError always: what was asked for did not begin
 */
export async function yieldTo(session: Session, runId: string): Promise<never> {
  if (!session.ownsInstance)
    throw new InputError(
      'RUN_IN_THE_WAY',
      `run ${runId} is training in this workspace already`,
      `Wait for it (\`foursight runs show ${runId}\`), then try again; a workspace trains one policy at a time.`,
    );
  process.stderr.write(`run ${runId} was left open; it goes on first\n`);
  const { status } = await followRun(session.loop, runId, {
    told: nothingTold(),
    interrupted: session.interrupted,
    onStep: (step) => void process.stderr.write(`${stepLine(step)}\n`),
    onGate: () => undefined,
  });
  throw new InputError(
    'RUN_WAS_OPEN',
    `run ${runId}, which was left open, has ended: ${status}`,
    'Run the command again.',
  );
}

/** What `retrain --json` and `practice --json` end with. */
export const runSummary = ({ metrics: _, ...run }: RunDetail) => run;
