import { percent } from '../../src/domain/percent.ts';
import type { GateComparison, GateKind, GateReport } from '../../src/domain/training.ts';

/** A lower bound of a difference under this refuses. */
export const LEAST_DIFFERENCE = -0.05;
/** The standard normal distribution's 90 % quantile: the bound is one-sided. */
const Z = 1.2816;

/** How two policies did on the same questions. */
export interface Comparison extends Omit<GateComparison, 'version' | 'accuracy'> {
  readonly bothRight: number;
}

/** What a gate decided, and why. */
export type GateVerdict = Omit<GateReport, 'ms'>;

/** Which questions a policy answered rightly, in the order of the questions. */
export interface GateOutcomes {
  readonly candidate: readonly boolean[];
  readonly opponents: readonly { readonly version: number; readonly right: readonly boolean[] }[];
}

/**
 * The 90 % lower bound of a difference of accuracies: of n questions only the candidate got n₁₂ right and only the opponent n₂₁. With
 * half a question added to each of the four cells, p₁₂ = (n₁₂ + ½) / (n + 2) and p₂₁ = (n₂₁ + ½) / (n + 2), it is
 * p₁₂ − p₂₁ − z √((p₁₂ + p₂₁ − (p₁₂ − p₂₁)²) / (n + 2)): the adjusted Wald interval of Agresti & Min, "Simple improved confidence
 * intervals for comparing matched proportions", Statistics in Medicine 24 (2005), 729–740. The plain one is too narrow when few
 * questions part the two. Equal outcomes come to −z / (n + 2): of fewer than 24 questions even they prove too little to pass.
 */
export function lowerBound(n: number, onlyCandidate: number, onlyOpponent: number): number {
  const p12 = (onlyCandidate + 0.5) / (n + 2);
  const p21 = (onlyOpponent + 0.5) / (n + 2);
  return p12 - p21 - Z * Math.sqrt((p12 + p21 - (p12 - p21) ** 2) / (n + 2));
}

/**
 * Compares two policies on the same questions.
 * @throws RangeError when the lists differ in length
 */
export function compare(candidate: readonly boolean[], opponent: readonly boolean[]): Comparison {
  const n = candidate.length;
  if (opponent.length !== n) throw new RangeError(`outcomes of ${n} and of ${opponent.length} questions are no pairs`);
  const count = (ofCandidate: boolean, ofOpponent: boolean) =>
    candidate.filter((right, index) => right === ofCandidate && opponent[index] === ofOpponent).length;
  const [onlyCandidate, onlyOpponent] = [count(true, false), count(false, true)];
  return {
    bothRight: count(true, true),
    onlyCandidate,
    onlyOpponent,
    difference: n === 0 ? 0 : (onlyCandidate - onlyOpponent) / n,
    lowerBound: lowerBound(n, onlyCandidate, onlyOpponent),
  };
}

/**
 * Refused when in any kind, or over all questions, the lower bound of a difference to any opponent is under `LEAST_DIFFERENCE`.
 * @param kinds of the questions, in the order of the outcomes
 * @throws RangeError without an opponent; when outcomes and questions differ in number
 */
export function judge(kinds: readonly string[], outcomes: GateOutcomes): GateVerdict {
  if (outcomes.opponents.length === 0) throw new RangeError('a gate needs an opponent');
  if (outcomes.candidate.length !== kinds.length)
    throw new RangeError(`${outcomes.candidate.length} outcomes of ${kinds.length} questions`);
  const figures = [...new Set(kinds)].map((kind) => figuresOf(kind, outcomes, (index) => kinds[index] === kind));
  const overall = figuresOf('all kinds', outcomes, () => true);
  const behind = [...figures, overall].filter(({ opponents }) => opponents.some(isAhead));
  const passed = behind.length === 0;
  const scope = `${thousands(overall.total)} questions of ${figures.length} kinds`;
  return {
    passed,
    reasons: behind.flatMap(reasonsOf),
    summary: passed
      ? `Passed: ${standing(overall)}, on ${scope}.`
      : `Refused: it may be worse by more than ${-100 * LEAST_DIFFERENCE} points in ${listed(behind.map(({ kind }) => kind))}, on ${scope}.`,
    kinds: figures,
    overall,
  };
}

function figuresOf(
  kind: string,
  { candidate, opponents }: GateOutcomes,
  isCounted: (index: number) => boolean,
): GateKind {
  const counted = (all: readonly boolean[]) => all.filter((_, index) => isCounted(index));
  const own = counted(candidate);
  return {
    kind,
    total: own.length,
    candidate: accuracyOf(own),
    opponents: opponents.map(({ version, right }) => {
      const theirs = counted(right);
      const { onlyCandidate, onlyOpponent, difference, lowerBound } = compare(own, theirs);
      return { version, accuracy: accuracyOf(theirs), onlyCandidate, onlyOpponent, difference, lowerBound };
    }),
  };
}

const accuracyOf = (right: readonly boolean[]): number =>
  right.length === 0 ? 0 : right.filter((isRight) => isRight).length / right.length;

/** Whether the candidate may be too far behind the opponent. */
const isAhead = (opponent: GateComparison): boolean => opponent.lowerBound < LEAST_DIFFERENCE;

/** A sentence for each opponent that is ahead. */
const reasonsOf = ({ kind, candidate, opponents }: GateKind): string[] =>
  opponents
    .filter(isAhead)
    .map(
      (opponent) =>
        `${kind}: ${percent(candidate)} against ${theirs(opponent)}, lower bound ${points(opponent.lowerBound)}`,
    );

function standing({ candidate, opponents }: GateKind): string {
  const each = opponents.map((opponent) => `${theirs(opponent)} (lower bound ${points(opponent.lowerBound)})`);
  return `${percent(candidate)} right against ${listed(each)}`;
}

const theirs = ({ accuracy, version }: GateComparison): string => `${percent(accuracy)} of policy ${version}`;

const points = (share: number): string => `${(100 * share).toFixed(1).replace('-', '−')} points`;
const thousands = (count: number): string => count.toLocaleString('en-US');
const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
