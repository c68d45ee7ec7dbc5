import { percent, signedPoints } from '../../domain/percent.ts';
import type { GateReport } from '../../domain/training.ts';

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
        signedPoints(difference),
        signedPoints(lowerBound),
      ]),
    ),
  ];
}
