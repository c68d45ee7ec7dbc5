import { describe, expect, it } from 'vitest';
import type { RatedMember } from '../../gpu-worker/jobs/retrain-groups.ts';
import { chanceOfAgreement, chanceOfPull } from '../../gpu-worker/jobs/vote-signal.ts';
import { chance, createRng, type Rng } from '../../gpu-worker/tasks/random.ts';
import type { FlowGrpoTrainer } from '../../gpu-worker/train/flow-grpo.ts';
import { rewardOf } from '../../src/domain/reward.ts';

type Form = 'days' | 'weeks';

const DIRECTIONS = 64;
/** A trajectory whose gradient is its first prompt's: a way of answering, and much that is of the question alone. */
function member(form: Form, up: number, down: number, rng: Rng): RatedMember {
  const gradient = Array.from({ length: DIRECTIONS }, () => rng.next() - 0.5);
  gradient[0] = form === 'days' ? 0.6 : -0.4;
  return {
    reward: rewardOf({ up, down }),
    answer: form,
    turns: [{ promptIds: gradient, actionIds: [1], oldLogProbabilities: [-1] }],
  };
}

const trainer: Pick<FlowGrpoTrainer, 'gradientSketches'> = {
  gradientSketches: async (lists) =>
    lists.map((members) => {
      const sketch = new Float64Array(DIRECTIONS);
      for (const { turns, weight } of members)
        turns[0]?.promptIds.forEach((g, i) => {
          sketch[i] = (sketch[i] as number) + weight * g;
        });
      return sketch;
    }),
};

/** One vote on each of the questions' answers. @param likes how probable a 👍 is */
const asked = (questions: number, likes: (form: Form) => number, rng: Rng): RatedMember[][] =>
  Array.from({ length: questions }, () => {
    const form = chance(rng, 0.4) ? 'days' : 'weeks';
    const up = chance(rng, likes(form)) ? 1 : 0;
    return [member(form, up, 1 - up, rng)];
  });

const chanceOf = (questions: readonly (readonly RatedMember[])[]) =>
  chanceOfPull(trainer, questions, { leastDeviation: 0.25, seed: 3 });

describe('whether voters agree on answers', () => {
  const team = (answers: number, likes: (answer: number) => number, rng: Rng) =>
    Array.from({ length: answers }, (_, answer) => {
      const up = Array.from({ length: 8 }, () => chance(rng, likes(answer))).filter(Boolean).length;
      return { up, down: 8 - up };
    });

  it('is seen where they do, also when every answer is another', () => {
    expect(
      chanceOfAgreement(
        team(30, (answer) => (answer % 7 === 0 ? 0.9 : 0.2), createRng(1)),
        1,
      ),
    ).toBeLessThan(0.005);
  });

  it('is not seen in votes at random, whatever share of them is 👍, but as often as it says', () => {
    const chances = Array.from({ length: 60 }, (_, seed) =>
      chanceOfAgreement(
        team(40, () => 0.8, createRng(seed)),
        1,
      ),
    );
    const under = (most: number) => chances.filter((p) => p <= most).length;
    expect(under(0.01)).toBeLessThanOrEqual(3);
    expect(under(0.5)).toBeGreaterThan(18);
    expect(under(0.5)).toBeLessThan(42);
  });

  it('cannot be seen in one vote an answer', () => {
    expect(
      chanceOfAgreement(
        [
          { up: 1, down: 0 },
          { up: 0, down: 1 },
          { up: 1, down: 0 },
        ],
        1,
      ),
    ).toBe(1);
  });
});

describe('whether votes say anything', () => {
  it('finds a preference in single votes, one in five of which is wrong', async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const questions = asked(120, (form) => (form === 'days' ? 0.8 : 0.2), createRng(seed));
      expect(await chanceOf(questions)).toBeLessThan(0.005);
    }
  });

  it('finds nothing in votes at random, however many there are, but as often as it says', async () => {
    const chances: number[] = [];
    for (let seed = 1; seed <= 40; seed++) chances.push(await chanceOf(asked(60, () => 0.5, createRng(seed))));
    const under = (most: number) => chances.filter((p) => p <= most).length;
    expect(under(0.01)).toBeLessThanOrEqual(2);
    // Uniform in [0, 1].
    expect(under(0.5)).toBeGreaterThan(10);
    expect(under(0.5)).toBeLessThan(30);
  });

  it('does not take a liking for everything, or for some questions, for one', async () => {
    const rng = createRng(7);
    expect(await chanceOf(asked(80, () => 0.95, rng))).toBeGreaterThan(0.01);
  });

  it('measures answers of a question by each other', async () => {
    const rng = createRng(9);
    const parted = Array.from({ length: 12 }, () => [member('days', 6, 2, rng), member('weeks', 2, 6, rng)]);
    expect(await chanceOf(parted)).toBeLessThan(0.01);
    const turned = parted.map((members, i) =>
      i % 2 === 0 ? members : members.map((one) => ({ ...one, reward: 1 - (one.reward ?? 0) })),
    );
    expect(await chanceOf(turned)).toBeGreaterThan(0.01);
  });

  it('leaves out what nobody rated', async () => {
    const unrated = { ...member('days', 1, 0, createRng(1)), reward: null };
    expect(await chanceOf([[unrated], [unrated]])).toBe(1);
  });
});
