import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSafetensorsHeader } from '../../gpu-worker/models/safetensors.ts';
import type { Example } from '../../gpu-worker/train/micro-batch.ts';
import { sftSettings } from '../../gpu-worker/train/settings.ts';
import { sftTrainer } from '../../gpu-worker/train/sft.ts';
import type { Trainer } from '../../gpu-worker/train/trainer.ts';
import { openTrainer } from '../../gpu-worker/train/trainer.ts';
import {
  compareGradients,
  compareWeights,
  goldenConfig,
  largestDifference,
  readGolden,
  readTensors,
} from './qwen2-golden.ts';

const golden = readGolden();
const expected = readTensors('golden.safetensors');
const base = readTensors('model.safetensors');
const adapter = readTensors('adapter/adapter_model.safetensors');
const checkpoint = fileURLToPath(new URL('../goldens/models/qwen2-tied/model.safetensors', import.meta.url));
const maxLength = 128;
const settings = sftSettings.parse({ learningRate: 1e-3, weightDecay: 0.01 });

const allTargets = (ids: readonly number[]): Example => ({ ids, weights: ids.map((_, t) => (t > 0 ? 1 : 0)) });

const loraOptions = (workers: number) => ({
  config: goldenConfig,
  trainable: { kind: 'lora', rank: 4, scale: 2, frozen: readSafetensorsHeader(checkpoint) } as const,
  start: adapter,
  maxLength,
  workers,
});

describe('training graph, all weights trainable', () => {
  let trainer: Trainer;
  beforeAll(async () => {
    trainer = await openTrainer({
      config: goldenConfig,
      trainable: { kind: 'full' },
      start: base,
      maxLength,
      workers: 1,
    });
  });
  afterAll(() => trainer.close());

  for (const temperature of golden.temperatures)
    it(`gives the reference log-probabilities at temperature ${temperature}`, async () => {
      const { logProbabilities } = await trainer.score(golden.sequences.map(allTargets), { temperature });
      logProbabilities.forEach((values, i) => {
        const reference = expected.get(`score/t${temperature.toFixed(1)}/${i}`)?.data ?? [];
        expect(largestDifference(values.subarray(1), reference)).toBeLessThan(2e-4);
      });
    });

  it('has gradients that agree with central differences', async () => {
    const examples = golden.sft.batch.map(({ ids, mask }) => ({ ids, weights: mask.map((on) => on / 10) }));
    await trainer.gradients(examples);
    const analytic = trainer.gradientTensors();
    const state = trainer.state();
    let offset = 0;
    for (const { name, size } of trainer.parameters) {
      const gradient = analytic.get(name)?.data ?? new Float32Array();
      const at = gradient.reduce((best, g, i) => (Math.abs(g) > Math.abs(gradient[best] ?? 0) ? i : best), 0);
      const lossAt = async (change: number) => {
        const weights = state.weights.slice();
        weights[offset + at] = (weights[offset + at] ?? 0) + change;
        trainer.restore({ ...state, weights });
        return (await trainer.gradients(examples)).loss;
      };
      const numeric = ((await lossAt(1e-2)) - (await lossAt(-1e-2))) / 2e-2;
      expect(Math.abs(numeric - (gradient[at] ?? 0))).toBeLessThan(2e-2 * Math.abs(numeric) + 2e-3);
      offset += size;
    }
    trainer.restore(state);
  });
});

for (const workers of [1, 2])
  describe(`SFT of LoRA with ${workers} worker${workers === 1 ? '' : 's'}`, () => {
    let trainer: Trainer;
    beforeAll(async () => {
      trainer = await openTrainer(loraOptions(workers));
    });
    afterAll(() => trainer.close());

    it('gives the reference losses, gradient norms, gradients and weights of three steps', async () => {
      const sft = sftTrainer(trainer, settings);
      const settled = new Map<string, boolean[]>();
      for (const [k, loss] of golden.sft.losses.entries()) {
        const before = trainer.state();
        const result = await sft.step(golden.sft.batch);
        expect(Math.abs(result.loss - loss)).toBeLessThan(1e-5);
        const norm = golden.sft.grad_norms[k] ?? 0;
        expect(Math.abs(result.gradNorm / norm - 1)).toBeLessThan(2e-5);
        expect(before.step).toBe(k);
        if (k === 0)
          for (const [name, mark] of compareGradients('sft/grad/', trainer.gradientTensors(), expected))
            settled.set(name, mark);
        if (k === 0) compareWeights('sft/step1/', sft.weights(), expected, settled, 1e-6, 2.1e-3);
        if (k === 2) compareWeights('sft/step3/', sft.weights(), expected, settled, 3e-6, 6.2e-3);
      }
    });

    it('leaves no loss on tokens without a mask, and says so when nothing is left', async () => {
      const sft = sftTrainer(trainer, settings);
      const [first] = golden.sft.batch;
      const ids = first?.ids ?? [];
      await expect(sft.step([{ ids, mask: ids.map(() => 0) }])).rejects.toThrow('no token');
      await expect(sft.step([{ ids, mask: [1] }])).rejects.toThrow('mask of 1');
      await expect(sft.step([{ ids: [0, 99_999], mask: [0, 1] }])).rejects.toThrow('99999');
    });
  });
