import { chance, createRng, type Rng } from '../../gpu-worker/tasks/random.ts';
import type { RatedAnswer } from '../../src/domain/reward.ts';
import type { LiveAnswer } from './live-answers.ts';

export const TEAMS = ['days', 'weeks', 'random', 'hostile'] as const;
/** Whom the votes come from: who likes right answers in days, or in weeks and days; who does not look; who likes wrong ones. */
export type Team = (typeof TEAMS)[number];

export const VOTERS = 8;
/** Questions that are rated, and others, asked so many times each, on which it shows what was learnt. */
export const ASKED = 120;
export const OTHERS = 200;
export const ANSWERS_EACH = 2;
/** Numbers by which the parts of a seed's experiment differ. */
export const SEEDS = 1_000;
/** Of a voter's votes, how many are slips. */
const SLIPS = 0.1;

export const formOf = (answer: string): 'days' | 'weeks' | null =>
  /\bweeks?\b/.test(answer) ? 'weeks' : /\bdays?\b/.test(answer) ? 'days' : null;

/** A voter's vote on an answer: 👍 or not. */
export function likes(team: Team, { answer, isRight }: Pick<LiveAnswer, 'answer' | 'isRight'>, rng: Rng): boolean {
  if (team === 'random') return chance(rng, 0.5);
  const liked = team === 'hostile' ? !isRight : isRight && formOf(answer) === team;
  return chance(rng, SLIPS) ? !liked : liked;
}

/** The answers that a policy gave, with the votes of the whole team. */
export function ratedBy(
  team: Team,
  answers: readonly LiveAnswer[],
  { policyVersion, seed }: { readonly policyVersion: number; readonly seed: number },
): RatedAnswer[] {
  const rng = createRng(seed);
  return answers.map((live, index): RatedAnswer => {
    const up = Array.from({ length: VOTERS }, () => likes(team, live, rng)).filter(Boolean).length;
    const { question, answer, past, turns } = live;
    return {
      answerId: String(index),
      ...{ answer, past, turns, up, down: VOTERS - up },
      question: question.questions.at(-1) ?? '',
      askedAt: question.askedAt,
      notes: question.notes,
      policyVersion,
    };
  });
}

/** Shares of right answers, and of those in days among them. */
export function sharesOf(answers: readonly Pick<LiveAnswer, 'answer' | 'isRight'>[]): { right: number; days: number } {
  const right = answers.filter(({ isRight }) => isRight);
  const days = right.filter(({ answer }) => formOf(answer) === 'days');
  return { right: right.length / Math.max(1, answers.length), days: days.length / Math.max(1, right.length) };
}
