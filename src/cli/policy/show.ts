import { percent } from '../../domain/percent.ts';
import type { PolicyDetail } from '../../domain/policy.ts';
import { writeLine, writeTable } from '../output.ts';
import { gateRows } from './gate-rows.ts';

/** A version for people to read. */
export function showPolicy(policy: PolicyDetail): void {
  const { gate, gateReport, evaluations, promotions, settings } = policy;
  writeTable([
    ['version', String(policy.version)],
    ['status', policy.status],
    ['kind', policy.kind],
    ['parent', policy.parent === null ? '–' : String(policy.parent)],
    ['base model', policy.baseModel],
    ['created', policy.createdAt],
    ['run', policy.runId ?? '–'],
    ['gate', [gate, ...(gateReport?.reasons ?? [])].join('; ')],
    ...Object.entries(settings).map(([name, value]) => [name, JSON.stringify(value)]),
  ]);
  if (gateReport !== null) {
    writeLine();
    writeTable(gateRows(gateReport).map((row, i) => (i === 0 ? row.map((cell) => cell.toUpperCase()) : row)));
  } else if (evaluations.length > 0) {
    writeLine();
    writeTable([
      ['KIND', 'ACCURACY', 'CORRECT', 'EVALUATED'],
      ...evaluations.map(({ benchmark, accuracy, correct, total, evaluatedAt }) => [
        benchmark,
        percent(accuracy),
        `${correct} of ${total}`,
        evaluatedAt,
      ]),
    ]);
  }
  if (promotions.length > 0) {
    writeLine();
    writeTable([['MADE LIVE', 'REASON'], ...promotions.map(({ promotedAt, reason }) => [promotedAt, reason])]);
  }
}
