import { percent } from '../../domain/percent.ts';
import type { GateReport } from '../../domain/training.ts';

const points = (difference: number): string =>
  `${difference < 0 ? '−' : '+'}${(100 * Math.abs(difference)).toFixed(1)}`;

/** What a gate measured, as a table: the first row is its header, then one for each kind of questions and opponent. */
export function gateRows({ overall, kinds }: GateReport): string[][] {
  return [
    ['kind', 'questions', 'accuracy', 'against', 'its accuracy', 'points', 'at least (90 %)'],
    ...[...kinds, overall].flatMap(({ kind, total, candidate, opponents }) =>
      opponents.map(({ version, accuracy, difference, lowerBound }) => [
        kind,
        String(total),
        percent(candidate),
        `version ${version}`,
        percent(accuracy),
        points(difference),
        points(lowerBound),
      ]),
    ),
  ];
}
