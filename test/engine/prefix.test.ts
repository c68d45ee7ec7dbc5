import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine, Generation } from '../../gpu-worker/engine/engine.ts';
import { KvBatch } from '../../gpu-worker/engine/kv-batch.ts';
import { openEngine } from '../../gpu-worker/engine/open-engine.ts';
import { commonLength, PrefixShelf } from '../../gpu-worker/engine/prefix-shelf.ts';
import { uniform } from '../../gpu-worker/engine/sampler.ts';
import type { LoadedModel } from '../../gpu-worker/models/model.ts';
import { largestDifference, openGoldenModel } from './golden.ts';

let model: LoadedModel;
let reusing: Engine;
let plain: Engine;
beforeAll(async () => {
  model = await openGoldenModel();
  reusing = await openEngine({ model });
  plain = await openEngine({ model, prefixCacheBytes: 0 });
});
afterAll(() => Promise.all([reusing.close(), plain.close()]));

const randomIds = (seed: number, length: number) =>
  Array.from({ length }, (_, i) => Math.floor(uniform(seed, i) * 590));

/** Turns whose prompts grow by what was generated and a result, as a trajectory's do. */
async function conversation(engine: Engine, seed: number): Promise<Generation[]> {
  const ids = [...randomIds(1, 40), ...randomIds(seed, 10)];
  const turns: Generation[] = [];
  for (let turn = 0; turn < 5; turn++) {
    const generation = await engine.generate({ ids, maxTokens: 12, temperature: 0.7, seed: seed + turn, stopIds: [9] });
    turns.push(generation);
    ids.push(...generation.ids, ...randomIds(seed + turn, 7));
  }
  return turns;
}

describe('prompts that begin like earlier ones', () => {
  it('get the tokens that they get without reuse', async () => {
    const all = (engine: Engine) => Promise.all([100, 200, 300, 400].map((seed) => conversation(engine, seed)));
    const [expected, actual, again] = [
      (await all(plain)).flat(),
      (await all(reusing)).flat(),
      (await all(reusing)).flat(),
    ];
    for (const turns of [actual, again]) {
      expect(turns.map(({ ids }) => ids)).toEqual(expected.map(({ ids }) => ids));
      for (const [i, { logprobs }] of turns.entries())
        expect(largestDifference(logprobs, expected[i]?.logprobs ?? [])).toBeLessThan(1e-5);
    }
  });

  it('take the cache of weights of their own only', async () => {
    const ids = randomIds(5, 30);
    const request = { ids, maxTokens: 8, temperature: 0, seed: 0, stopIds: [] };
    const tensors = (change: number) =>
      new Map(
        [...model.tensors].map(([name, { shape }]) => [
          name,
          { dims: shape, data: model.readTensor(name).map((value) => value * change) },
        ]),
      );
    await reusing.load('other', { kind: 'full', tensors: tensors(1.1) });
    const before = await reusing.generate({ ...request, weights: 'other' });
    const base = await reusing.generate(request);
    expect(base.ids).toEqual((await plain.generate(request)).ids);
    expect(before.ids).not.toEqual(base.ids);
    await reusing.load('other', { kind: 'full', tensors: tensors(1) });
    expect((await reusing.generate({ ...request, weights: 'other' })).ids).toEqual(base.ids);
  });
});

const shape = { layers: 2, kvHeads: 2, headDim: 4 };

describe('the shelf', () => {
  const snapshot = (length: number, mark: number) => ({ length, data: new Float32Array(length * 32).fill(mark) });

  it('finds the longest common beginning', () => {
    const shelf = new PrefixShelf(1e6);
    shelf.put([1, 2, 3], () => snapshot(3, 1));
    shelf.put([1, 2, 4, 5], () => snapshot(4, 2));
    expect(shelf.find([1, 2, 4, 9])).toMatchObject({ length: 3, kv: { length: 4 } });
    expect(shelf.find([1, 2, 3, 4])).toMatchObject({ length: 3, kv: { length: 3 } });
    expect(shelf.find([2])).toBeUndefined();
    expect(commonLength([1, 2], [1, 2, 3])).toBe(2);
  });

  it('keeps an extension instead of what it extends, and the latest used within its bytes', () => {
    const shelf = new PrefixShelf(7 * 32 * 4);
    let saved = 0;
    const put = (ids: number[]) =>
      shelf.put(ids, () => {
        saved += 1;
        return snapshot(ids.length, saved);
      });
    put([1, 2]);
    put([1, 2, 3]);
    put([1, 2]);
    expect(saved).toBe(2);
    put([5, 6, 7]);
    shelf.find([1, 2, 3]);
    put([8, 9]);
    expect(shelf.find([5, 6, 7])).toBeUndefined();
    expect(shelf.find([1, 2, 3])?.length).toBe(3);
    expect(shelf.find([8, 9])?.length).toBe(2);
  });
});

describe('the rows of the cache', () => {
  it('keep what they hold when the cache grows, moves and comes back from a snapshot', () => {
    const batch = new KvBatch(shape, 1_000);
    batch.reserve(1, 50, []);
    const numbers = (row: number) => {
      return Object.values(batch.tensors(row, 1)).map((each) => each.data as Float32Array);
    };
    for (const [part, data] of numbers(0).entries()) data.set(data.map((_, i) => part * 10_000 + i));
    const first = batch.save(0, 5);
    batch.reserve(3, 100, [50]);
    expect(batch.capacity).toBeGreaterThanOrEqual(100);
    expect(batch.save(0, 5)).toEqual(first);
    batch.move(0, 2, 5);
    expect(batch.save(2, 5)).toEqual(first);
    batch.restore(1, first, 3);
    expect(batch.save(1, 3)).toEqual(batch.save(0, 3));
    batch.clear(1);
    expect(new Set(numbers(1).flatMap((data) => [...data]))).toEqual(new Set([0]));
    expect(batch.save(2, 5)).toEqual(first);
    batch.reserve(1, 20, []);
    expect(batch.capacity).toBe(64);
  });
});
