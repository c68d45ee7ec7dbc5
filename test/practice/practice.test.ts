import { beforeAll, describe, expect, it } from 'vitest';
import { type PracticeOptions, practise } from '../../gpu-worker/jobs/practice.ts';
import type { PracticeStep } from '../../gpu-worker/jobs/practice-metrics.ts';
import { itemSource, otherSource, type PracticeQuestion } from '../../gpu-worker/jobs/practice-questions.ts';
import type { LoadedModel } from '../../gpu-worker/models/model.ts';
import { type createRng, pickFrom } from '../../gpu-worker/tasks/random.ts';
import { check } from '../../gpu-worker/tasks/tasks.ts';
import { tools } from '../../gpu-worker/tools/registry.ts';
import { stateBytes, stateOfBytes } from '../../gpu-worker/train/checkpoint.ts';
import type { TensorMap } from '../../gpu-worker/train/trainer.ts';
import { openStarter, settings, weightsOf } from './starter.ts';

let model: LoadedModel;
beforeAll(async () => {
  model = await openStarter();
});

const triples = [
  [2, 3, 4],
  [1, 5, 6],
  [2, 6, 12],
  [3, 5, 9],
  [4, 7, 4],
  [2, 4, 8],
];
/** Puzzles of three numbers: solved sometimes, so that groups have variance. */
const puzzles = (rng: ReturnType<typeof createRng>): PracticeQuestion => {
  const numbers = pickFrom(rng, triples);
  return {
    key: numbers.join(' '),
    notes: [],
    questions: [`Make 24 from ${numbers.join(', ')}`],
    askedAt: new Date(0),
    isRight: ({ answer, turns, askedAt, zone }) =>
      check({ expected: { type: 'game', numbers, target: 24 } }, { answer, turns, now: askedAt, zone }),
  };
};

async function run(more: Partial<PracticeOptions> = {}) {
  const steps: PracticeStep[] = [];
  const result = await practise({
    model,
    start: weightsOf(model),
    practised: puzzles,
    mixed: otherSource('gameof24'),
    tools,
    settings: settings(),
    onStep: async (step) => void steps.push(step),
    ...more,
  });
  return { ...result, steps };
}

const bytesOf = (weights: TensorMap): Buffer =>
  Buffer.concat([...weights.values()].map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength)));

describe('practise', { timeout: 120_000 }, () => {
  it('learns from its own rollouts in several updates a step, and comes to the same weights for the same seed', async () => {
    const [a, b, c] = [await run(), await run(), await run({ settings: settings({ seed: 1, steps: 1 }) })];
    expect(bytesOf(a.weights).equals(bytesOf(b.weights))).toBe(true);
    expect(bytesOf(a.weights).equals(bytesOf(weightsOf(model)))).toBe(false);
    expect(bytesOf(a.weights).equals(bytesOf(c.weights))).toBe(false);
    expect(a.steps.map(({ step }) => step)).toEqual([1, 2]);
    expect(a.updates).toBeGreaterThan(1);
    expect(a.updates).toBeLessThanOrEqual(4);
    for (const step of a.steps) {
      expect(step.rollouts).toBe(36);
      // New weights are in the engine before the next step: otherwise its log-probabilities were the old ones.
      expect(step.largestGap).toBeLessThan(1e-4);
      expect(step.skippedUpdates).toBe(0);
      expect(step.tokensPerSecond).toBeGreaterThan(0);
    }
    expect(a.steps[1]?.kl).toBeGreaterThan(0);
    expect(a.steps[1]?.secondsLeft).toBe(0);
  });

  it('goes on after a step, through JSON and bytes, to the weights of a run that was never interrupted', async () => {
    const long = settings({ steps: 4, questions: 4, mixed: 2 });
    const kept: { position: string; bytes: Buffer }[] = [];
    const whole = await run({
      settings: long,
      onStep: async (step, checkpoint) => {
        const { trainer, ...position } = checkpoint();
        if (step.step === 2)
          kept.push({ position: JSON.stringify({ ...position, at: trainer.step }), bytes: stateBytes(trainer) });
      },
    });
    const [{ position, bytes } = { position: '{}', bytes: Buffer.alloc(0) }] = kept;
    const { at, ...rest } = JSON.parse(position);
    const resume = { ...rest, trainer: stateOfBytes(bytes, at) };
    const resumed = await run({ settings: long, resume });
    expect(resumed.steps.map(({ step }) => step)).toEqual([3, 4]);
    expect(resumed.updates).toBe(whole.updates);
    expect(bytesOf(resumed.weights).equals(bytesOf(whole.weights))).toBe(true);
  });

  it('answers the questions of a file better after a few steps', async () => {
    // First moves with and without the 9 are sampled; those without are rewarded.
    const practised = itemSource([
      {
        notes: [],
        questions: ['Make 24 from 3, 5, 9'],
        isRight: ({ turns }) => turns[0]?.command.includes('9') === false,
      },
    ]);
    const { steps } = await run({ practised, settings: settings({ steps: 8, mixed: 0, maxTurns: 1, members: 8 }) });
    const [first, last] = [steps[0]?.reward ?? 1, steps.at(-1)?.reward ?? 0];
    expect(first).toBeLessThan(0.9);
    expect(last).toBeGreaterThan(Math.min(0.95, first + 0.1));
  });

  it('keeps what it has learnt when it is stopped', async () => {
    const stop = new AbortController();
    const { steps, weights } = await run({
      settings: settings({ steps: null, minutes: 5 }),
      signal: stop.signal,
      onStep: async () => stop.abort(),
    });
    expect(steps).toEqual([]);
    expect(bytesOf(weights).equals(bytesOf(weightsOf(model)))).toBe(false);
  });
});
