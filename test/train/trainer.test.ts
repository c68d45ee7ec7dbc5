import { describe, expect, it } from 'vitest';
import { weightShapes } from '../../gpu-worker/models/decoder-weights.ts';
import { stateBytes, stateOfBytes } from '../../gpu-worker/train/checkpoint.ts';
import { loraStart } from '../../gpu-worker/train/lora-start.ts';
import { planMicroBatches } from '../../gpu-worker/train/micro-batch.ts';
import { normalNumbers, randomNumbers } from '../../gpu-worker/train/random.ts';
import { learningRateAt, sftSettings } from '../../gpu-worker/train/settings.ts';
import { cycleBatches, openSftTrainer, type SftExample } from '../../gpu-worker/train/sft.ts';
import { goldenConfig, largestDifference } from './qwen2-golden.ts';

const config = { ...goldenConfig, layers: 1, vocabSize: 40 };
const settings = sftSettings.parse({ trainable: 'full', learningRate: 1e-2, steps: 20 });
const random = randomNumbers(5);
/** Sequences that count upwards from a random number: learnt within a few steps. */
const counting = (length: number): SftExample => {
  const first = Math.floor(random() * 40);
  const ids = Array.from({ length }, (_, t) => (first + t) % 40);
  return { ids, mask: ids.map((_, t) => (t > 1 ? 1 : 0)) };
};
const batches = Array.from({ length: 20 }, () => Array.from({ length: 12 }, (_, i) => counting(4 + i)));

async function openSmall(workers: number) {
  const normal = normalNumbers(2);
  const start = new Map(
    [...weightShapes(config)].map(([name, dims]) => {
      const data = new Float32Array(dims.reduce((a, b) => a * b, 1));
      return [name, { dims, data: data.map(() => (name.endsWith('norm.weight') ? 1 : 0.1 * normal())) }] as const;
    }),
  );
  const trainable = { kind: 'full' } as const;
  return await openSftTrainer({ config, trainable, start, maxLength: 32, workers, maxTokens: 40, settings });
}

describe('trainer', () => {
  it('learns, and goes on from a saved state exactly as if it had not stopped', async () => {
    const trainer = await openSmall(2);
    const losses: number[] = [];
    for (const batch of batches) losses.push((await trainer.step(batch)).loss);
    expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) / 3);
    expect(await trainer.evaluate(batches[0] ?? [])).toBeLessThan((losses[0] ?? 0) / 3);
    const whole = trainer.state();
    await trainer.close();

    const first = await openSmall(2);
    for (const batch of batches.slice(0, 10)) await first.step(batch);
    const saved = first.state();
    const bytes = stateBytes(saved);
    await first.close();

    const second = await openSmall(2);
    second.restore(stateOfBytes(bytes, saved.step));
    for (const batch of batches.slice(10)) await second.step(batch);
    expect(second.state()).toEqual(whole);
    await second.close();
  });

  it('does the same with one worker, up to rounding', async () => {
    const [one, two] = [await openSmall(1), await openSmall(2)];
    for (const batch of batches.slice(0, 3)) {
      const [a, b] = [await one.step(batch), await two.step(batch)];
      expect(Math.abs(a.loss - b.loss)).toBeLessThan(1e-4);
      expect(Math.abs(a.gradNorm / b.gradNorm - 1)).toBeLessThan(1e-3);
    }
    // Fewer sequences than workers: somebody has nothing to do.
    const [a, b] = [await one.step([counting(9)]), await two.step([counting(9)])];
    expect(a.gradNorm).toBeGreaterThan(0);
    expect(b.gradNorm).toBeGreaterThan(0);
    await Promise.all([one.close(), two.close()]);
  });

  it('refuses a state of other parameters, and a damaged one', async () => {
    const trainer = await openSmall(1);
    const bytes = stateBytes(trainer.state());
    const larger = stateOfBytes(Buffer.concat([bytes, Buffer.alloc(12)]), 1);
    expect(() => trainer.restore(larger)).toThrow(expect.objectContaining({ code: 'CHECKPOINT_OF_OTHER_MODEL' }));
    expect(() => stateOfBytes(bytes.subarray(1), 1)).toThrow(expect.objectContaining({ code: 'CHECKPOINT_DAMAGED' }));
    await trainer.close();
  });
});

describe('micro-batches', () => {
  const examples = Array.from({ length: 11 }, (_, i) => {
    const ids = Array.from({ length: 3 + 2 * i }, (_, t) => 100 * i + t);
    return { ids, weights: ids.map((_, t) => (t === 1 || t === 2 + i ? 0.5 : 0)) };
  });

  it('hold every weighted token once, with its target, and little more than what predicts', () => {
    const seen = new Map<string, number>();
    for (const { batch, time, rows, targets, columns, origins, ids } of planMicroBatches(examples, 2, 30).flat()) {
      expect(batch === 1 || batch * time <= 30).toBe(true);
      rows.forEach((row, i) => {
        const [example = -1, t = -1] = origins.subarray(2 * i, 2 * i + 2);
        expect(columns.weights?.[i]).toBe(0.5);
        expect(Number(targets[i])).toBe(examples[example]?.ids[t]);
        expect(Number(ids[Number(row)])).toBe(examples[example]?.ids[t - 1]);
        seen.set(`${example},${t}`, (seen.get(`${example},${t}`) ?? 0) + 1);
      });
    }
    expect(seen.size).toBe(22);
    expect([...seen.values()].every((count) => count === 1)).toBe(true);
  });

  it('leave out what has no weight', () => {
    expect(planMicroBatches([{ ids: [1, 2, 3], weights: [0, 0, 0] }], 2, 30).flat()).toEqual([]);
  });
});

describe('learning rate', () => {
  it('stays, or warms up, stays and falls to its floor', () => {
    expect(learningRateAt(settings, 7)).toBe(1e-2);
    const linear = sftSettings.parse({
      learningRate: 1,
      steps: 100,
      schedule: { kind: 'linear', warmup: 10, flat: 0.3, floor: 0.02 },
    });
    expect([1, 5, 10, 30, 65, 100].map((step) => learningRateAt(linear, step).toFixed(3))).toEqual([
      '0.100',
      '0.500',
      '1.000',
      '1.000',
      '0.510',
      '0.020',
    ]);
  });
});

describe('LoRA weights to start from', () => {
  it('change nothing yet, and depend on the seed alone', () => {
    const [a, b, c] = [loraStart(config, 4, 1), loraStart(config, 4, 1), loraStart(config, 4, 2)];
    const name = 'base_model.model.model.layers.0.self_attn.q_proj.lora_';
    expect(a).toEqual(b);
    expect(a).not.toEqual(c);
    expect(a.get(`${name}B.weight`)?.data.every((value) => value === 0)).toBe(true);
    const drawn = a.get(`${name}A.weight`)?.data ?? new Float32Array();
    expect(Math.max(...drawn)).toBeLessThan(1 / 8);
    expect(largestDifference(drawn, new Float32Array(drawn.length))).toBeGreaterThan(0.1);
  });
});

describe('batches', () => {
  it('hold every example once a pass', () => {
    const drawn = cycleBatches([1, 2, 3, 4, 5], 2, randomNumbers(1));
    const two = Array.from({ length: 5 }, () => drawn.next().value ?? []).flat();
    expect(two.slice(0, 5).sort()).toEqual([1, 2, 3, 4, 5]);
    expect(two.slice(5).sort()).toEqual([1, 2, 3, 4, 5]);
  });
});
