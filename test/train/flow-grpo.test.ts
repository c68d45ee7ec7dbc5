import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readSafetensorsHeader } from '../../gpu-worker/models/safetensors.ts';
import { type FlowGrpoTrainer, openFlowGrpoTrainer } from '../../gpu-worker/train/flow-grpo.ts';
import type { Groups, PlannerTurn } from '../../gpu-worker/train/flow-grpo-groups.ts';
import { groupedBy, weighGroups } from '../../gpu-worker/train/flow-grpo-groups.ts';
import { actionSequences } from '../../gpu-worker/train/flow-grpo-sequences.ts';
import { type FlowGrpoSettings, flowGrpoSettings } from '../../gpu-worker/train/settings.ts';
import { innerProduct } from '../../gpu-worker/train/sketch.ts';
import { compareGradients, compareWeights, goldenConfig, largestDifference, readTensors } from './qwen2-golden.ts';

interface StoredTrajectory {
  readonly group: string;
  readonly trajectory: string;
  readonly reward: number;
  readonly turns: { prompt_ids: number[]; action_ids: number[]; old_logprobs: number[] }[];
}
interface Case {
  readonly name: string;
  readonly file: string;
  readonly temperature: number;
  readonly beta: number;
  readonly eps_lo: number;
  readonly eps_hi: number;
  readonly loss: number;
  readonly grad_norm: number;
  readonly metrics: Record<string, number>;
  readonly advantages: Record<string, number>;
  readonly tokens: Record<string, { l: number[]; l_ref: number[] }[]>;
}

const folder = new URL('../goldens/models/qwen2-tied/', import.meta.url);
const { flow_grpo: cases } = JSON.parse(readFileSync(new URL('golden.json', folder), 'utf8')) as { flow_grpo: Case[] };
const expected = readTensors('golden.safetensors');
const camelCase = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

function readGroups(file: string) {
  const lines = readFileSync(new URL(file, folder), 'utf8').trim().split('\n');
  const trajectories = lines.map((line) => {
    const { turns, ...stored } = JSON.parse(line) as StoredTrajectory;
    const planner = turns.map(
      ({ prompt_ids, action_ids, old_logprobs }): PlannerTurn => ({
        promptIds: prompt_ids,
        actionIds: action_ids,
        oldLogProbabilities: old_logprobs,
      }),
    );
    return { ...stored, turns: planner };
  });
  return groupedBy(trajectories, ({ group }) => group);
}

const settingsOf = ({ temperature, beta, eps_lo, eps_hi }: Case, more: Partial<FlowGrpoSettings> = {}) =>
  flowGrpoSettings.parse({
    learningRate: 1e-3,
    temperature,
    beta,
    epsilonLow: eps_lo,
    epsilonHigh: eps_hi,
    ...more,
  });

const openLora = (settings: FlowGrpoSettings, workers = 2) =>
  openFlowGrpoTrainer({
    config: goldenConfig,
    trainable: {
      kind: 'lora',
      rank: 4,
      scale: 2,
      frozen: readSafetensorsHeader(fileURLToPath(new URL('model.safetensors', folder))),
    },
    start: readTensors('adapter/adapter_model.safetensors'),
    maxLength: 128,
    workers,
    settings,
  });

describe.each(cases)('Flow-GRPO step, case $name', (golden) => {
  const groups = readGroups(golden.file);

  it('gives the reference scores, loss, metrics, gradients and weights', async () => {
    const trainer = await openLora(settingsOf(golden));
    for (const [isReference, key] of [
      [false, 'l'],
      [true, 'l_ref'],
    ] as const) {
      const trajectories = groups.flat();
      const scores = await trainer.score(
        trajectories.map(({ turns }) => turns),
        isReference,
      );
      trajectories.forEach(({ trajectory }, i) => {
        golden.tokens[trajectory]?.forEach((turn, t) => {
          expect(largestDifference(scores[i]?.[t] ?? [], turn[key])).toBeLessThan(2e-4);
        });
      });
    }

    const weighed = weighGroups(groups);
    const kept = groups.flat().filter(({ trajectory }) => golden.advantages[trajectory] !== 0);
    expect(weighed.members).toHaveLength(kept.length);
    weighed.members.forEach(({ advantage, turns }) => {
      const of = kept.find((trajectory) => trajectory.turns === turns)?.trajectory ?? '';
      expect(Math.abs(advantage - (golden.advantages[of] ?? Number.NaN))).toBeLessThan(1e-9);
    });

    const step = await trainer.step(weighed);
    expect(Math.abs(step.loss - golden.loss)).toBeLessThan(1e-5);
    const all: Record<string, number> = { ...step.metrics, groupsKept: weighed.kept, groupsDropped: weighed.dropped };
    for (const [name, value] of Object.entries(golden.metrics))
      expect(Math.abs((all[camelCase(name)] ?? Number.NaN) - value), name).toBeLessThan(1e-5);
    expect(Math.abs(step.gradNorm / golden.grad_norm - 1)).toBeLessThan(2e-5);
    expect(step).toMatchObject({ step: 1, droppedGroups: 1, tokens: golden.metrics.tokens });
    const prefix = `flow_grpo/${golden.name}`;
    const settled = compareGradients(`${prefix}/grad/`, trainer.gradientTensors(), expected);
    compareWeights(`${prefix}/step1/`, trainer.weights(), expected, settled, 1e-6, 2.1e-3);
    await trainer.close();
  });
});

describe('Flow-GRPO trainer', () => {
  const golden = cases[0] as Case;
  const groups = readGroups(golden.file);
  const weighed = weighGroups(groups);

  it('computes the same whether prompts go on from each other or not', async () => {
    // The same actions, their turns as trajectories of their own: nothing to merge, the weights 1/T_i by hand.
    const apart: Groups = {
      ...weighed,
      members: weighed.members.flatMap(({ turns, weight, ...member }) =>
        turns.map((turn) => ({ ...member, weight: weight / turns.length, turns: [turn] })),
      ),
    };
    expect(weighed.members.flatMap(({ turns }) => actionSequences(turns))).toHaveLength(weighed.members.length);
    expect(apart.members.length).toBeGreaterThan(2 * weighed.members.length);
    const trainer = await openLora(settingsOf(golden), 1);
    const start = trainer.state();
    const merged = await trainer.step(weighed);
    const gradients = trainer.gradientTensors();
    trainer.restore(start);
    const separate = await trainer.step(apart);
    expect(separate.metrics.tokens).toBe(merged.metrics.tokens);
    expect(Math.abs(separate.loss - merged.loss)).toBeLessThan(1e-6);
    const peak = Math.max(...[...gradients.values()].flatMap(({ data }) => Array.from(data, Math.abs)));
    for (const [name, { data }] of trainer.gradientTensors())
      expect(largestDifference(data, gradients.get(name)?.data ?? [])).toBeLessThan(1e-5 * peak);
    await trainer.close();
  });

  it('has gradients of all weights, with entropy bonus and dual clip, that agree with central differences', async () => {
    const more = { entropyBonus: 0.3, dualClip: 1.5 };
    const trainer = await openFlowGrpoTrainer({
      config: goldenConfig,
      trainable: { kind: 'full' },
      start: readTensors('model.safetensors'),
      maxLength: 128,
      workers: 1,
      settings: settingsOf(golden, more),
    });
    const start = trainer.state();
    const first = await trainer.step(weighed);
    expect(first.metrics.dualClipFraction).toBeGreaterThan(0);
    expect(first.entropy).toBeGreaterThan(0.5);
    const analytic = trainer.gradientTensors();
    let offset = 0;
    for (const { name, size } of trainer.parameters) {
      const gradient = analytic.get(name)?.data ?? new Float32Array();
      const at = gradient.reduce((best, g, i) => (Math.abs(g) > Math.abs(gradient[best] ?? 0) ? i : best), 0);
      const lossAt = async (change: number) => {
        const weights = start.weights.slice();
        weights[offset + at] = (weights[offset + at] ?? 0) + change;
        trainer.restore({ ...start, weights });
        return (await trainer.step(weighed)).loss;
      };
      // One tensor of each kind is enough: the way through the layers is SFT's.
      if (/embed_tokens|layers\.0.*(q_proj|down_proj)\.weight|model\.norm/.test(name)) {
        const h = 2e-3;
        const numeric = ((await lossAt(h)) - (await lossAt(-h))) / (2 * h);
        expect(Math.abs(numeric - (gradient[at] ?? 0)), name).toBeLessThan(1e-2 * Math.abs(numeric) + 1e-3);
      }
      offset += size;
    }
    await trainer.close();
  });

  it('sketches gradients whose inner products are those of the gradients, and changes nothing', async () => {
    const trainer = await openLora(settingsOf(golden, { beta: 0 }), 2);
    const before = trainer.state();
    const [a, b] = [weighed.members.slice(0, 2), weighed.members.slice(2)];
    const sketches = await trainer.gradientSketches([a, b]);
    expect(trainer.state()).toEqual(before);
    const gradients: Float32Array[] = [];
    for (const members of [a, b]) {
      await trainer.step({ members, kept: 1, dropped: 0 });
      gradients.push(Float32Array.from([...trainer.gradientTensors().values()].flatMap(({ data }) => [...data])));
      trainer.restore(before);
    }
    const product = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0);
    const norms = gradients.map((gradient) => Math.sqrt(product(gradient, gradient)));
    for (const [i, j] of [
      [0, 0],
      [0, 1],
      [1, 1],
    ] as const) {
      const [x, y] = [gradients[i], gradients[j]] as [Float32Array, Float32Array];
      const [sx, sy] = [sketches[i], sketches[j]] as [Float64Array, Float64Array];
      const scale = (norms[i] ?? 0) * (norms[j] ?? 0);
      expect(Math.abs(innerProduct(sx, sy) - product(x, y)) / scale).toBeLessThan(0.03);
    }
    await trainer.close();
  });

  it('gives anchors no entropy bonus: their weight is for the KL alone', async () => {
    const trainer = await openLora(settingsOf(golden, { entropyBonus: 0.3, beta: 0 }), 1);
    const [member] = weighed.members;
    if (member === undefined) throw new Error('no member');
    const held = { members: [{ ...member, advantage: 0, weight: 20, isAnchor: true }], kept: 0, dropped: 0 };
    expect(await trainer.step(held)).toMatchObject({ gradNorm: expect.closeTo(0, 6), entropy: 0 });
    await trainer.close();
  });

  it('takes no entropy bonus at a pace without', async () => {
    const gradientOf = async (entropyBonus: number, entropyFactor: number) => {
      const trainer = await openLora(settingsOf(golden, { entropyBonus }), 1);
      const { gradNorm } = await trainer.step(weighed, { learningRate: 1e-4, entropyFactor });
      await trainer.close();
      return gradNorm;
    };
    const without = await gradientOf(0, 1);
    expect(await gradientOf(0.3, 0)).toBeCloseTo(without, 6);
    expect(Math.abs((await gradientOf(0.3, 1)) - without)).toBeGreaterThan(1e-3);
  });

  it('changes nothing where every group was dropped, and goes on', async () => {
    const trainer = await openLora(settingsOf(golden), 1);
    const before = trainer.state();
    const none = await trainer.step(weighGroups(groups.filter((group) => group[0]?.group === 'q2')));
    expect(none).toMatchObject({ step: 1, loss: 0, kl: 0, clipFraction: 0, gradNorm: 0, droppedGroups: 1, tokens: 0 });
    expect(trainer.state()).toEqual(before);
    expect(await rewardedLogProbability(trainer)).toBeLessThan(0);
    const start = await rewardedLogProbability(trainer);
    for (let i = 0; i < 3; i++) await trainer.step(weighed);
    expect(await rewardedLogProbability(trainer)).toBeGreaterThan(start);
    await trainer.close();
  });

  /** Σ w A ℓ over the actions: what the policy gradient raises. */
  async function rewardedLogProbability(trainer: FlowGrpoTrainer): Promise<number> {
    const scores = await trainer.score(weighed.members.map(({ turns }) => turns));
    const mean = (values: Float32Array) => values.reduce((a, b) => a + b, 0) / values.length;
    return weighed.members.reduce((sum, { advantage, weight }, i) => {
      const turns = scores[i] ?? [];
      return sum + (weight * advantage * turns.reduce((part, turn) => part + mean(turn), 0)) / turns.length;
    }, 0);
  }
});
