import { chance, createRng, type Rng } from '../../gpu-worker/tasks/random.ts';
import type { RatedAnswer } from '../../src/domain/reward.ts';
import type { LiveAnswer } from './live-answers.ts';

export const TEAMS = ['days', 'weeks', 'random', 'hostile'] as const;
/** Whom the votes come from: who likes right answers in days, or in weeks and days; who does not look; who likes wrong ones. */
export type Team = (typeof TEAMS)[number];

export const VOTERS = 8;
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

/** The answers with the votes of the whole team. */
export function ratedBy(team: Team, answers: readonly LiveAnswer[], seed: number): RatedAnswer[] {
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
      policyVersion: 0,
    };
  });
}
