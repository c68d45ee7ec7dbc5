import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Collected,
  type LearningStep,
  learn,
  type SourceFigures,
  type Workshop,
} from '../../gpu-worker/jobs/learning-run.ts';
import type { LoadedModel } from '../../gpu-worker/models/model.ts';
import { weighGroups } from '../../gpu-worker/train/flow-grpo-groups.ts';
import { openStarter, settings, weightsOf } from './starter.ts';

let model: LoadedModel;
beforeAll(async () => {
  model = await openStarter();
});

/** Two trajectories of one token, one of them rewarded; `spoilt` steps have log-probabilities that are no numbers. */
function sourceOf(spoilt: (step: number) => boolean) {
  return {
    async collect(step: number, _: Workshop): Promise<Collected<SourceFigures>> {
      const old = spoilt(step) ? Number.NaN : -1;
      const turns = (action: number) => [{ promptIds: [1, 2, 3], actionIds: [action], oldLogProbabilities: [old] }];
      const groups = [
        [
          { reward: 1, turns: turns(4) },
          { reward: 0, turns: turns(5) },
        ],
      ];
      const figures = { reward: 0.5, droppedGroups: 0, gap: { mean: 0, largest: 0 }, rollouts: 2, tokens: 2 };
      return { batches: [weighGroups(groups)], figures };
    },
    state: () => null,
    restore: () => undefined,
  };
}

async function run(spoilt: (step: number) => boolean, steps: number, explodingGradNorm?: number) {
  const told: LearningStep<SourceFigures>[] = [];
  const { train, ...rest } = settings({ steps });
  const learning = learn({
    model,
    start: weightsOf(model),
    source: sourceOf(spoilt),
    settings: { ...rest, train: { ...train, ...(explodingGradNorm !== undefined && { explodingGradNorm }) } },
    onStep: async (step) => void told.push(step),
  });
  return { learning, told };
}

describe('a run that meets broken steps', { timeout: 120_000 }, () => {
  it('skips and counts them, and goes on with sound weights', async () => {
    const { learning, told } = await run((step) => step === 2, 3);
    const { weights, updates } = await learning;
    expect(told.map(({ skippedUpdates }) => skippedUpdates)).toEqual([0, 1, 0]);
    expect(updates).toBe(2);
    for (const { data } of weights.values()) expect(data.every(Number.isFinite)).toBe(true);
  });

  it('takes gradients that explode for broken', async () => {
    const { learning, told } = await run(() => false, 2, 1e-9);
    expect((await learning).updates).toBe(0);
    expect(told.map(({ skippedUpdates }) => skippedUpdates)).toEqual([1, 1]);
  });

  it('ends when they do not stop', async () => {
    const { learning, told } = await run((step) => step > 1, 50);
    await expect(learning).rejects.toMatchObject({ code: 'TRAINING_DIVERGED' });
    expect(told).toHaveLength(6);
  });
});
