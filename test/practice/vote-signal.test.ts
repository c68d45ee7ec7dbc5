import { describe, expect, it } from 'vitest';
import type { RatedMember } from '../../gpu-worker/jobs/retrain-groups.ts';
import { chanceOf, chancesOfVotes, MOST_CHANCE } from '../../gpu-worker/jobs/vote-signal.ts';
import { chance, createRng, type Rng } from '../../gpu-worker/tasks/random.ts';
import type { FlowGrpoTrainer } from '../../gpu-worker/train/flow-grpo.ts';

type Form = 'days' | 'weeks';

const DIRECTIONS = 64;

/** A trajectory whose gradient is its prompt: a way of answering, and much that is of the question alone. */
function member(form: Form, up: number, down: number, rng: Rng): RatedMember {
  const gradient = Array.from({ length: DIRECTIONS }, () => rng.next() - 0.5);
  gradient[0] = form === 'days' ? 0.6 : -0.4;
  return {
    answer: form,
    votes: { up, down },
    turns: [{ promptIds: gradient, actionIds: [1], oldLogProbabilities: [-1] }],
  };
}

/** Statistics need many answers with known gradients, which no model has. */
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

/** Questions with an answer each. @param likes how probable a 👍 is @param voters on an answer of a form */
const asked = (
  questions: number,
  likes: (form: Form, index: number) => number,
  rng: Rng,
  voters: (form: Form) => number = () => 1,
): RatedMember[][] =>
  Array.from({ length: questions }, (_, index) => {
    const form = chance(rng, 0.4) ? 'days' : 'weeks';
    const n = voters(form);
    const up = Array.from({ length: n }, () => chance(rng, likes(form, index))).filter(Boolean).length;
    return [member(form, up, n - up, rng)];
  });

const chancesOf = (questions: readonly (readonly RatedMember[])[]) =>
  chancesOfVotes(trainer, questions, { leastDeviation: 0.25, seed: 3 });

/** How many of the chances are at most so much. */
const under = (chances: readonly number[], most: number): number => chances.filter((p) => p <= most).length;

/** Of teams that vote at random. */
async function atRandom(teams: number, questions: (rng: Rng) => RatedMember[][]) {
  const chances = [];
  for (let seed = 1; seed <= teams; seed += 1) chances.push(await chancesOf(questions(createRng(seed))));
  return { pull: chances.map(({ pull }) => pull), agreement: chances.map(({ agreement }) => agreement) };
}

describe('whether votes say anything', () => {
  it('finds a preference in single votes, one in five of which is wrong', async () => {
    for (const seed of [1, 2, 3]) {
      const chances = await chancesOf(asked(120, (form) => (form === 'days' ? 0.8 : 0.2), createRng(seed)));
      expect(chances).toEqual({ pull: expect.any(Number), agreement: 1 });
      expect(chances.pull).toBeLessThan(0.005);
    }
  });

  it('finds nothing in single votes at random, but as often as it says', async () => {
    const { pull } = await atRandom(40, (rng) => asked(60, () => 0.5, rng));
    expect(under(pull, 0.01)).toBeLessThanOrEqual(2);
    // Uniform in [0, 1].
    expect(under(pull, 0.5)).toBeGreaterThan(10);
    expect(under(pull, 0.5)).toBeLessThan(30);
  });

  it('takes neither a liking for everything nor many votes on one form for a preference', async () => {
    const voters = (form: Form) => (form === 'days' ? 8 : 1);
    const { pull, agreement } = await atRandom(24, (rng) => asked(50, () => 0.9, rng, voters));
    for (const chances of [pull, agreement]) {
      expect(under(chances, 0.01)).toBeLessThanOrEqual(2);
      expect(under(chances, 0.5)).toBeGreaterThan(4);
      expect(under(chances, 0.5)).toBeLessThan(20);
    }
  });

  it('sees voters who agree on answers that have nothing in common', async () => {
    const { pull, agreement } = await chancesOf(
      asked(
        40,
        (_, i) => (i % 7 === 0 ? 0.9 : 0.2),
        createRng(1),
        () => 8,
      ),
    );
    expect(agreement).toBeLessThan(0.005);
    expect(chanceOf({ pull, agreement })).toBeLessThanOrEqual(MOST_CHANCE);
  });

  it('measures answers of a question by each other', async () => {
    const rng = createRng(9);
    const parted = Array.from({ length: 12 }, () => [member('days', 6, 2, rng), member('weeks', 2, 6, rng)]);
    expect((await chancesOf(parted)).pull).toBeLessThan(0.01);
    const turned = parted.map((members, i) =>
      i % 2 === 0
        ? members
        : members.map((one) => ({ ...one, votes: { up: one.votes?.down ?? 0, down: one.votes?.up ?? 0 } })),
    );
    expect((await chancesOf(turned)).pull).toBeGreaterThan(0.01);
  });

  it('has nothing to say where nothing was rated, or nothing moves', async () => {
    const unrated = { ...member('days', 1, 0, createRng(1)), votes: null };
    expect(await chancesOf([[unrated], [unrated]])).toEqual({ pull: 1, agreement: 1 });
    const still = asked(20, (form) => (form === 'days' ? 1 : 0), createRng(2)).map((members) =>
      members.map((one) => ({ ...one, turns: [] })),
    );
    expect((await chancesOf(still)).pull).toBe(1);
  });

  it('refuses a gradient that is no number', async () => {
    const broken = {
      gradientSketches: async (lists: readonly unknown[]) => lists.map(() => Float64Array.of(Number.NaN)),
    };
    const questions = asked(10, () => 0.5, createRng(1));
    await expect(chancesOfVotes(broken, questions, { leastDeviation: 0.25, seed: 1 })).rejects.toThrow('no number');
  });
});
