import { createRng } from '../tasks/random.ts';
import { type Split, TASK_KINDS, type TaskKind } from '../tasks/tasks.ts';
import { drawQuestion, type PracticeQuestion } from './practice-questions.ts';
import { type RolloutQuestion, rolloutSeed } from './rollouts.ts';

/** A question of a gate, the same to the clock for all who answer it. */
export interface GateQuestion extends RolloutQuestion {
  readonly kind: TaskKind;
}

/** Questions of each kind. */
export type GateCounts = Readonly<Record<TaskKind, number>>;

/**
 * Enough that a candidate of the same level passes: with an opponent that parts from it in 6 % of every kind's questions and in 20 %
 * of the puzzles it is refused in 3.6 % of gates, with 4 % and 20 % in 1.4 % (exact sums over the outcomes, `compare`'s bound). The kinds
 * with the most ways of asking have more, since they part policies the most.
 */
export const gateCounts: GateCounts = {
  symbols: 400,
  words: 600,
  problems: 600,
  convert: 400,
  dates: 400,
  notes: 400,
  followups: 400,
  twotools: 400,
  gameof24: 1_000,
  other: 400,
};

/** The counts in the same proportions, `total` in all and at least one a kind. */
export function scaledCounts(total: number): GateCounts {
  const all = Object.values(gateCounts).reduce((a, b) => a + b, 0);
  const scaled = (kind: TaskKind) => Math.max(1, Math.round((gateCounts[kind] * total) / all));
  return Object.fromEntries(TASK_KINDS.map((kind) => [kind, scaled(kind)])) as Record<TaskKind, number>;
}

/** Half of a kind's questions are unseen values in known wordings, half unseen wordings: people ask both. */
const SPLITS: readonly Split[] = ['values', 'wordings'];
/** The puzzles that training never sees are too few; every other one is drawn as `practice` draws them. */
const PUZZLE_SPLITS: readonly Split[] = ['train', 'values', 'train', 'wordings'];
/** Draws of a question that was drawn before; then it may be asked once more. */
const MOST_REPEATS = 200;

/** Different questions of every kind, in the order of the kinds. Equal seeds give equal questions. */
export function gateQuestions(counts: GateCounts, seed: number): GateQuestion[] {
  return TASK_KINDS.flatMap((kind, place) => {
    const rng = createRng(rolloutSeed(seed, place, 0, 0));
    const splits = kind === 'gameof24' ? PUZZLE_SPLITS : SPLITS;
    const asked = new Set<string>();
    return Array.from({ length: counts[kind] }, (_, index): GateQuestion => {
      const split = splits[index % splits.length] ?? 'values';
      let question = drawQuestion(kind, rng, split);
      for (let repeats = 0; asked.has(identity(kind, question)) && repeats < MOST_REPEATS; repeats += 1)
        question = drawQuestion(kind, rng, split);
      asked.add(identity(kind, question));
      return { ...question, kind };
    });
  });
}

/** The planner sees a puzzle's numbers, whatever the wording; of other questions it sees the words. */
const identity = (kind: TaskKind, { key, notes, questions }: PracticeQuestion): string =>
  kind === 'gameof24' ? key : JSON.stringify([notes, questions]);
