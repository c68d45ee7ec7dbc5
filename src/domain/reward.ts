import type { PastQuestion } from './ports.ts';
import type { RatedFigures } from './training.ts';
import type { Turn } from './trajectory.ts';

/** Votes on one answer. */
export interface Votes {
  readonly up: number;
  readonly down: number;
}

/** An answer that people voted on, with all that decides how its question would be answered again. */
export interface RatedAnswer extends Votes {
  readonly answerId: string;
  readonly answer: string;
  readonly question: string;
  /** The clock of its flow. */
  readonly askedAt: Date;
  /** Earlier questions of its conversation as the flow saw them, oldest first. */
  readonly past: readonly PastQuestion[];
  /** The workspace's notes at the moment of asking, oldest first. */
  readonly notes: readonly string[];
  /** That sampled the trajectory. */
  readonly policyVersion: number;
  /** Of the live trajectory, each with the planner's record. */
  readonly turns: readonly Turn[];
}

/** k: votes that every answer has beforehand, half of them 👍, so that one vote is less than certainty (Laplace's rule). */
const PRIOR_VOTES = 2;

/** R, the shrunken share of 👍: (up + k/2) / (up + down + k), in (0, 1); ½ without votes, ⅔ after one 👍. */
export const rewardOf = ({ up, down }: Votes): number => (up + PRIOR_VOTES / 2) / (up + down + PRIOR_VOTES);

/** The parts of an answer that mean something, the first that fits: */
const PARTS = new RegExp(
  [
    // three numbers with dots between are a version or an address
    String.raw`\d+(?:\.\d+){2,}`,
    String.raw`\d{1,3}(?:[,\u00a0\u202f]\d{3})+(?!\d)(?:\.\d+)?`,
    String.raw`\d+(?:\.\d+)?|\.\d+`,
    // a word, with the dots of "p.m" and the apostrophe of "it's"
    String.raw`\p{L}\p{M}*(?:[.'’]?\p{L}\p{M}*)*`,
    String.raw`(?<=\d):(?=\d)`,
    // signs and dashes before numbers
    String.raw`[-−–—](?=\s*[\d.(])`,
    String.raw`[\p{S}\p{N}%*/()]`,
  ].join('|'),
  'gu',
);

/** `1,234.50` as `1234.5`, `.5` as `0.5`; zeros before a number stay: they may be part of a code. */
function plainNumber(shown: string): string {
  const digits = shown.replace(/[,\u00a0\u202f]/gu, '').replace(/^\./, '0.');
  return /^\d+\.\d+$/.test(digits) ? digits.replace(/\.?0+$/, '') : digits;
}

/**
 * An answer without what does not change its meaning: case, white space, the marks of sentences, the way in which numbers are
 * written. Signs, units and words stay: "3 weeks and 2 days" and "23 days" are two answers, of which people may prefer one.
 */
export const normalisedAnswer = (text: string): string =>
  [...text.normalize('NFC').matchAll(PARTS)]
    .map(([part]) => {
      if (/\d/.test(part)) return plainNumber(part);
      return /^[−–—]$/.test(part) ? '-' : part.toLowerCase().replace(/[.'’]/gu, '');
    })
    .join(' ');

/**
 * Advantages over a pool in which each question has one reward: A_q = R_q − the mean of the others' R, the baseline that is
 * independent of the own reward (leave-one-out, Kool et al. 2019). Not divided by the standard deviation: what the votes do not
 * part must stay small. A question alone has nothing to be measured against: 0. Equal rewards come to exactly 0.
 */
export function poolAdvantages(rewards: readonly number[]): number[] {
  const n = rewards.length;
  // Compared, not computed: the mean of equal numbers may differ from them in the last bit.
  if (rewards.every((R) => R === rewards[0])) return rewards.map(() => 0);
  const sum = rewards.reduce((total, R) => total + R, 0);
  return rewards.map((R) => R - (sum - R) / (n - 1));
}

/** Fewer rated answers than this say more of the people who happened to vote than of the planner. */
export const LEAST_RATED_ANSWERS = 8;

/** What rated answers come to. @param left what was counted beside them */
export function figuresOf(
  rated: readonly Votes[],
  left: Pick<RatedFigures, 'people' | 'direct' | 'unusable'>,
): RatedFigures {
  const rewards = rated.map(rewardOf);
  const n = rated.length;
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const [up, down] = [sum(rated.map((votes) => votes.up)), sum(rated.map((votes) => votes.down))];
  const meanReward = n === 0 ? 0 : sum(rewards) / n;
  const rewardDeviation = n === 0 ? 0 : Math.sqrt(sum(rewards.map((R) => (R - meanReward) ** 2)) / n);
  const figures = { votes: up + down, up, down, answers: n, ...left, meanReward, rewardDeviation };
  return { ...figures, noUpdate: noUpdateOf(rewards) };
}

function noUpdateOf(rewards: readonly number[]): string | null {
  const n = rewards.length;
  if (n === 0) return 'there are no votes that a run has not counted yet';
  if (n < LEAST_RATED_ANSWERS)
    return `too few votes: ${n} rated answer${n === 1 ? '' : 's'}, ${LEAST_RATED_ANSWERS} are needed`;
  return rewards.every((R) => R === rewards[0]) ? 'all answers were rated alike: there is nothing to prefer' : null;
}
