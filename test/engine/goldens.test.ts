import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine, WeightSet } from '../../gpu-worker/engine/engine.ts';
import { openEngine } from '../../gpu-worker/engine/open-engine.ts';
import type { LoadedModel } from '../../gpu-worker/models/model.ts';
import { golden, goldenTensor, largestDifference, loadGoldenAdapter, openGoldenModel, scoresOf } from './golden.ts';

const tolerance = 2e-4;
let model: LoadedModel;
let engine: Engine;
beforeAll(async () => {
  model = await openGoldenModel();
  engine = await openEngine({ model });
});
afterAll(() => engine.close());

const fullWeights = (change = 0): WeightSet => ({
  kind: 'full',
  tensors: new Map(
    [...model.tensors].map(([name, { shape }]) => [
      name,
      { dims: shape, data: model.readTensor(name).map((value) => value * (1 + change)) },
    ]),
  ),
});
const loraWeights = async (): Promise<WeightSet> => {
  const { tensors, scale } = await loadGoldenAdapter();
  return { kind: 'lora', tensors, scale };
};
const greedyGoldens = (weights?: string) =>
  Promise.all(
    golden.generate.map(({ prompt_ids, max_new_tokens }) =>
      engine.generate({
        ids: prompt_ids,
        maxTokens: max_new_tokens,
        temperature: 0,
        seed: 0,
        stopIds: model.config.stopIds,
        ...(weights === undefined ? {} : { weights }),
      }),
    ),
  );

describe('the engine and transformers', () => {
  it('choose the same tokens, greedily', async () => {
    const expected = golden.generate.map(({ ids, finish }) => ({ ids, finishReason: finish }));
    expect(await greedyGoldens()).toMatchObject(expected);
  });

  it('score alike at both temperatures', async () => {
    for (const temperature of [1, 0.7])
      for (const [i, ids] of golden.sequences.entries()) {
        const expected = goldenTensor(`score/t${temperature.toFixed(1)}/${i}`);
        expect(largestDifference(await engine.score({ ids, temperature }), expected)).toBeLessThan(tolerance);
      }
  });

  it('score alike with LoRA, and without it afterwards', async () => {
    await engine.load('adapter', await loraWeights());
    const scores = (weights: string) => Promise.all(golden.sequences.map((ids) => engine.score({ ids, weights })));
    for (const [kind, weights] of [
      ['lora', 'adapter'],
      ['forward', 'base'],
    ] as const)
      for (const [i, actual] of (await scores(weights)).entries()) {
        const expected = scoresOf(goldenTensor(`${kind}/${i}`), golden.sequences[i] ?? []);
        expect(largestDifference(actual, expected)).toBeLessThan(tolerance);
      }
  });

  it('gives generated tokens the log-probabilities that scoring gives them', async () => {
    await engine.load('adapter', await loraWeights());
    for (const weights of ['base', 'adapter'])
      for (const temperature of [0.5, 1]) {
        const prompt = golden.sequences[1] ?? [];
        const request = { ids: prompt, maxTokens: 30, temperature, seed: 7, stopIds: [], weights };
        const { ids, logprobs } = await engine.generate(request);
        const scored = await engine.score({ ids: [...prompt, ...ids], temperature, weights });
        expect(largestDifference(logprobs, scored.slice(prompt.length - 1))).toBeLessThan(1e-4);
      }
  });
});

describe('weight sets', () => {
  it('serve the model itself when all its weights are given as inputs', async () => {
    await engine.load('copy', fullWeights());
    expect(await greedyGoldens('copy')).toMatchObject(golden.generate.map(({ ids }) => ({ ids })));
  });

  it('are kept apart when requests for several run at once, and can be replaced and unloaded', async () => {
    await engine.load('changed', fullWeights(0.05));
    await engine.load('adapter', await loraWeights());
    const names = ['base', 'changed', 'adapter'];
    const alone: unknown[] = [];
    for (const name of names) alone.push(await greedyGoldens(name));
    expect(new Set(alone.map((x) => JSON.stringify(x))).size).toBe(3);
    const together = await Promise.all(names.map((name) => greedyGoldens(name)));
    expect(together.flat().map(({ ids }) => ids)).toEqual(
      (alone as Awaited<ReturnType<typeof greedyGoldens>>[]).flat().map(({ ids }) => ids),
    );

    await engine.load('changed', fullWeights());
    expect(await greedyGoldens('changed')).toMatchObject(golden.generate.map(({ ids }) => ({ ids })));
    await engine.unload('changed');
    await expect(greedyGoldens('changed')).rejects.toMatchObject({ code: 'WEIGHTS_UNKNOWN' });
  });

  it('that give no finite numbers fail their requests and no others', async () => {
    await engine.load('diverged', fullWeights(Number.NaN));
    const ids = golden.sequences[0] ?? [];
    const request = { ids, maxTokens: 3, seed: 1, stopIds: [] };
    const refused = { code: 'LOGITS_NOT_FINITE' };
    for (const temperature of [0, 1])
      await expect(engine.generate({ ...request, temperature, weights: 'diverged' })).rejects.toMatchObject(refused);
    await expect(engine.score({ ids, weights: 'diverged' })).rejects.toMatchObject(refused);
    expect((await engine.generate({ ...request, temperature: 1 })).ids.length).toBe(3);
  });

  it('that do not fit the model are refused', async () => {
    const { tensors } = fullWeights();
    const [[name, first] = ['', undefined]] = tensors;
    const load = (changed: Map<string, { dims: readonly number[]; data: Float32Array }>) =>
      engine.load('wrong', { kind: 'full', tensors: changed });
    await expect(load(new Map())).rejects.toMatchObject({ code: 'WEIGHTS_INVALID' });
    await expect(load(new Map([...tensors].slice(1)))).rejects.toThrow(name);
    const twisted = { dims: [...(first?.dims ?? [])].reverse(), data: first?.data ?? new Float32Array() };
    await expect(load(new Map([...tensors, [name, twisted]]))).rejects.toThrow(name);
    await expect(engine.load('base', fullWeights())).rejects.toMatchObject({ code: 'WEIGHTS_RESERVED' });
  });
});
