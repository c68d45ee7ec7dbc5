import type { GateReport, RunDetail, StepMetrics } from '../../domain/training.ts';
import { InputError } from '../../errors.ts';
import { writeJson, writeLine, writeTable } from '../output.ts';
import { plot } from '../plot.ts';
import { gateRows } from '../policy/gate-rows.ts';
import { withSession } from '../session.ts';
import { ratedRows } from '../training/rated-rows.ts';

const shown = ['reward', 'mixedReward', 'kl', 'clipFraction', 'entropy', 'gradNorm', 'droppedGroups', 'gap'] as const;

export async function listRuns({ limit, json }: { limit: number; json?: true }): Promise<void> {
  const runs = await withSession({ needsWorker: false }, ({ loop, workspaceId }) => loop.runs(workspaceId, limit));
  if (json) return writeJson(runs);
  writeTable([
    ['RUN', 'KIND', 'STATUS', 'STEPS', 'POLICY', 'STARTED', 'REASON'],
    ...runs.map((run) => [
      run.runId,
      run.kind,
      run.status,
      String(run.steps),
      `${run.parent} → ${run.policyVersion ?? '–'}`,
      run.startedAt,
      run.reason ?? '–',
    ]),
  ]);
}

export async function showOne(runId: string, { json }: { json?: true }): Promise<void> {
  const run = await withSession({ needsWorker: false }, ({ loop }) => loop.run(runId));
  if (json) writeJson(run);
  else show(run);
}

export async function stop(runId: string): Promise<void> {
  const stopped = await withSession({ needsWorker: false }, ({ loop }) => loop.stopRun(runId));
  if (!stopped) throw new InputError('RUN_OVER', `run ${runId} is not open`, '`foursight runs list` shows which are.');
  writeLine('It ends after its step; without a running service, as soon as one is started.');
}

function show(run: RunDetail): void {
  const { settings, report, metrics } = run;
  const rows: [string, string][] = [
    ['run', run.runId],
    ['kind', run.kind],
    ['status', run.reason === null ? run.status : `${run.status}: ${run.reason}`],
    ['policy', `${run.parent} → ${run.policyVersion ?? '–'}`],
    ['started', run.startedAt],
    ['ended', run.endedAt ?? '–'],
    ['settings', JSON.stringify(settings)],
    ...(report.rated === undefined ? [] : ratedRows(report.rated)),
  ];
  for (const [name, value] of rows) writeLine(`${name.padEnd(22)}${value}`);
  if (metrics.length > 0) showCourse(metrics);
  if (report.gate !== undefined) showGate(report.gate);
}

function showCourse(metrics: readonly StepMetrics[]): void {
  writeLine();
  for (const name of shown) {
    const values = metrics.flatMap(({ [name]: value }) => (typeof value === 'number' ? [value] : []));
    const [first, last] = [values[0], values.at(-1)];
    if (first === undefined || last === undefined) continue;
    writeLine(`${name.padEnd(14)}${first.toPrecision(3).padStart(9)} ${plot(values)} ${last.toPrecision(3)}`);
  }
}

function showGate(gate: GateReport): void {
  writeLine();
  writeLine(`gate: ${gate.summary}`);
  writeTable(gateRows(gate));
}
