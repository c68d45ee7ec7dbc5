import { beforeAll, describe, expect, it } from 'vitest';
import { answered } from '../../bench/preference/live-answers.ts';
import { openQuestions } from '../../bench/preference/questions.ts';
import { ratedBy } from '../../bench/preference/team.ts';
import type { LearningCheckpoint } from '../../gpu-worker/jobs/learning-run.ts';
import { openPolicyEngines } from '../../gpu-worker/jobs/policy-engines.ts';
import { otherSource } from '../../gpu-worker/jobs/practice-questions.ts';
import { type RetrainSettings, retrainSettings } from '../../gpu-worker/jobs/retrain-settings.ts';
import { type RetrainOptions, type RetrainStep, retrain } from '../../gpu-worker/jobs/retrain-source.ts';
import type { LoadedModel } from '../../gpu-worker/models/model.ts';
import { tools } from '../../gpu-worker/tools/registry.ts';
import { stateBytes, stateOfBytes } from '../../gpu-worker/train/checkpoint.ts';
import type { TensorMap } from '../../gpu-worker/train/trainer.ts';
import type { RatedAnswer } from '../../src/domain/reward.ts';
import { openStarter, weightsOf } from './starter.ts';

let model: LoadedModel;
let rated: readonly RatedAnswer[];
beforeAll(async () => {
  model = await openStarter();
  const engines = await openPolicyEngines(model, { temperature: 0.5 }, undefined, 1);
  try {
    await engines.load(weightsOf(model));
    const live = await answered(openQuestions(12, 1), engines.agents, 'sampling', 1);
    rated = ratedBy('days', live, { policyVersion: 0, seed: 1 });
  } finally {
    await engines.close();
  }
}, 120_000);

const settings = (more: Partial<RetrainSettings> = {}): RetrainSettings => ({
  ...retrainSettings({ temperature: 0.5, maxTurns: 4, zone: 'UTC' }, 5),
  members: 4,
  anchors: 4,
  anchorMembers: 1,
  steps: 2,
  concurrency: 32,
  ...more,
});

async function run(more: Partial<RetrainOptions> = {}) {
  const steps: RetrainStep[] = [];
  const result = await retrain({
    model,
    start: weightsOf(model),
    parentVersion: 0,
    rated,
    anchors: otherSource(undefined),
    tools,
    settings: settings(),
    onStep: async (step) => void steps.push(step),
    ...more,
  });
  return { result, steps };
}

const bytesOf = (weights: TensorMap): Buffer =>
  Buffer.concat([...weights.values()].map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength)));
const learnt = ({ result }: Awaited<ReturnType<typeof run>>): Buffer => {
  if (result.status !== 'learnt') throw new Error(result.reason);
  return bytesOf(result.weights);
};

describe('retrain', { timeout: 120_000 }, () => {
  it('gives people more of what they like, and asks no checker', async () => {
    const unasked = (): never => {
      throw new Error('a checker was asked');
    };
    const source = otherSource(undefined);
    const { steps } = await run({
      settings: settings({ steps: 4 }),
      anchors: (rng) => ({ ...source(rng), isRight: unasked }),
    });
    const [first, last] = [steps[0], steps.at(-1)];
    expect(first).toMatchObject({ liveUsed: 12, liveLeftOut: 0, droppedGroups: 0, skippedUpdates: 0 });
    expect(last).toMatchObject({ liveUsed: 0, liveLeftOut: 0 });
    expect((first?.rewarded ?? 0) + (first?.leftOut ?? 0)).toBe(48);
    expect(first?.leftOut).toBeGreaterThan(0);
    expect(first?.largestGap).toBeLessThan(1e-4);
    expect(last?.reward).toBeGreaterThan((first?.reward ?? 1) + 0.1);
  });

  it('comes to the same weights for the same seed, also when it is interrupted and goes on', async () => {
    const kept: { position: string; bytes: Buffer }[] = [];
    const keep = (checkpoint: () => LearningCheckpoint) => {
      const { trainer, ...position } = checkpoint();
      kept.push({ position: JSON.stringify({ ...position, at: trainer.step }), bytes: stateBytes(trainer) });
    };
    const whole = await run({ onStep: async (_, checkpoint) => keep(checkpoint) });
    const [{ position, bytes } = { position: '{}', bytes: Buffer.alloc(0) }] = kept;
    const { at, ...rest } = JSON.parse(position);
    const resumed = await run({ resume: { ...rest, trainer: stateOfBytes(bytes, at) } });
    expect(resumed.steps.map(({ step }) => step)).toEqual([2]);
    expect(learnt(resumed).equals(learnt(whole))).toBe(true);
  });

  it('leaves out live trajectories of old policies, of other temperatures and far from the present one', async () => {
    const [a, b, c, ...others] = rated;
    if (a === undefined || b === undefined || c === undefined) throw new Error('too few answers');
    const changed = (
      answer: RatedAnswer,
      record: (logprobs: number[]) => { logprobs?: number[]; temperature?: number },
    ) => ({
      ...answer,
      turns: answer.turns.map((turn) => ({
        ...turn,
        planner: turn.planner && { ...turn.planner, ...record(turn.planner.logprobs) },
      })),
    });
    const { steps } = await run({
      settings: settings({ steps: 1 }),
      rated: [
        { ...a, policyVersion: -4 },
        changed(b, () => ({ temperature: 1 })),
        changed(c, (logprobs) => ({ logprobs: logprobs.map((logprob) => logprob - 1) })),
        ...others,
      ],
    });
    expect(steps[0]).toMatchObject({ liveUsed: 9, liveLeftOut: 3 });
  });

  it('has nothing to learn where the votes part nothing', async () => {
    const start = weightsOf(model);
    const alike = await run({ start, rated: rated.map((answer) => ({ ...answer, up: 3, down: 1 })) });
    expect(alike.result).toMatchObject({ status: 'no update', reason: expect.stringContaining('part no answers') });
    expect(alike.steps).toEqual([]);
    const votes = [0, 8, 4, 5, 2, 7, 3, 6, 4, 1, 5, 3];
    const random = await run({ start, rated: rated.map((answer, i) => ({ ...answer, up: votes[i] ?? 0, down: 8 })) });
    expect(random.result).toMatchObject({
      status: 'no update',
      reason: expect.stringMatching(/chance: .* % of cases/),
    });
    expect(random.steps).toEqual([]);
  });
});
