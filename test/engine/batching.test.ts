import type { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine, GenerateRequest } from '../../gpu-worker/engine/engine.ts';
import { openEngine } from '../../gpu-worker/engine/open-engine.ts';
import { uniform } from '../../gpu-worker/engine/sampler.ts';
import type { LoadedModel } from '../../gpu-worker/models/model.ts';
import { golden, largestDifference, openGoldenModel } from './golden.ts';

let model: LoadedModel;
let engine: Engine;
beforeAll(async () => {
  model = await openGoldenModel();
  engine = await openEngine({ model, maxBatch: 32, prefixCacheBytes: 0 });
});
afterAll(() => engine.close());

const randomIds = (seed: number, length: number) =>
  Array.from({ length }, (_, i) => Math.floor(uniform(seed, i) * 590));

/** Requests of all lengths, temperatures and seeds. */
const requests: GenerateRequest[] = Array.from({ length: 48 }, (_, i) => ({
  ids: randomIds(i, 1 + Math.floor(uniform(1000, i) * 90)),
  maxTokens: 4 + (i % 30),
  temperature: [0, 0.5, 1][i % 3] ?? 1,
  seed: i * 2 ** 33 + i,
  stopIds: [i, i + 100, i + 200],
}));

describe('concurrent requests', () => {
  it('get the tokens that they get alone, with the same log-probabilities', async () => {
    const alone = [];
    for (const request of requests) alone.push(await engine.generate(request));
    const together = await Promise.all(requests.map((request) => engine.generate(request)));
    expect(together.map(({ ids, finishReason }) => ({ ids, finishReason }))).toEqual(
      alone.map(({ ids, finishReason }) => ({ ids, finishReason })),
    );
    for (const [i, { logprobs }] of together.entries())
      expect(largestDifference(logprobs, alone[i]?.logprobs ?? [])).toBeLessThan(1e-5);
    expect(new Set(alone.map(({ finishReason }) => finishReason)).size).toBe(2);
  });

  it('join a batch that is under way', async () => {
    const long = { ...request(), maxTokens: 400, temperature: 1 };
    const order: string[] = [];
    const first = engine.generate(long).then(() => order.push('long'));
    await engine.generate({ ...request(), maxTokens: 3 });
    order.push('short');
    await first;
    expect(order).toEqual(['short', 'long']);
  });

  it('are not disturbed by long prompts that are computed in pieces, nor by others that are aborted', async () => {
    const mixed = requests.slice(0, 24).map((each, i) => ({
      ...each,
      ids: randomIds(i + 500, i % 3 === 0 ? 300 + 5 * i : each.ids.length),
      stopIds: [],
      maxTokens: 20 + 3 * i,
    }));
    const reusing = await openEngine({ model, maxBatch: 7 });
    const alone = [];
    for (const each of mixed) alone.push(await engine.generate(each));
    const finished = mixed.map(async (each, i) => {
      const controller = new AbortController();
      const doomed = reusing.generate({ ...each, maxTokens: 400, signal: controller.signal }).catch(String);
      const generation = await reusing.generate(each);
      controller.abort(`request ${i} is not wanted`);
      return { generation, doomed: await doomed };
    });
    const results = await Promise.all(finished);
    expect(results.map(({ generation }) => generation.ids)).toEqual(alone.map(({ ids }) => ids));
    expect(results.some(({ doomed }) => typeof doomed === 'string')).toBe(true);
    await reusing.close();
  });

  it('are scored in batches as they are alone', async () => {
    const sequences = requests.map(({ ids }) => [...ids, 5, 6]);
    const alone = [];
    for (const ids of sequences) alone.push(await engine.score({ ids }));
    const together = await Promise.all(sequences.map((ids) => engine.score({ ids })));
    for (const [i, scores] of together.entries()) expect(largestDifference(scores, alone[i] ?? [])).toBeLessThan(1e-5);
  });

  it('leave the main thread free', async () => {
    const before = performance.eventLoopUtilization();
    await Promise.all(requests.map((each) => engine.generate({ ...each, stopIds: [], maxTokens: 60 })));
    expect(performance.eventLoopUtilization(before).utilization).toBeLessThan(0.5);
  });
});

const request = (): GenerateRequest => ({
  ids: golden.sequences[0] ?? [],
  maxTokens: 10,
  temperature: 0,
  seed: 1,
  stopIds: [],
});

describe('sampling', () => {
  it('is repeated by the same seed and differs by seed', async () => {
    const sampled = (seed: number) => engine.generate({ ...request(), temperature: 1, seed });
    expect(await sampled(5)).toEqual(await sampled(5));
    expect((await sampled(5)).ids).not.toEqual((await sampled(2 ** 40 + 5)).ids);
  });

  it('draws each token as often as its probability says', async () => {
    const draws = 1_200;
    const counts = new Map<number, { count: number; probability: number }>();
    const all = await Promise.all(
      Array.from({ length: draws }, (_, seed) =>
        engine.generate({ ...request(), maxTokens: 1, temperature: 0.8, seed }),
      ),
    );
    for (const { ids, logprobs } of all) {
      const [id = -1] = ids;
      const count = (counts.get(id)?.count ?? 0) + 1;
      counts.set(id, { count, probability: Math.exp(logprobs[0] ?? 0) });
    }
    for (const { count, probability } of counts.values()) {
      const deviation = Math.sqrt(draws * probability * (1 - probability));
      expect(Math.abs(count - draws * probability)).toBeLessThan(5 * deviation + 5);
    }
    const likeliest = Math.max(...[...counts.values()].map(({ count }) => count));
    expect(likeliest).toBeGreaterThan(40);
  });
});

describe('limits', () => {
  it('end a generation at the longest sequence that the model allows', async () => {
    const small = await openEngine({ model, maxLength: 64 });
    expect(small.maxLength).toBe(64);
    const { ids, finishReason } = await small.generate({ ...request(), ids: randomIds(1, 60), maxTokens: 100 });
    expect([ids.length, finishReason]).toEqual([4, 'length']);
    expect((await small.score({ ids: randomIds(1, 64) })).length).toBe(63);
    await expect(small.generate({ ...request(), ids: randomIds(1, 64) })).rejects.toMatchObject({
      name: 'EngineError',
      code: 'PROMPT_TOO_LONG',
    });
    await small.close();
  });

  it('refuse what cannot be served, and name it', async () => {
    const refused = (change: Partial<GenerateRequest>) => engine.generate({ ...request(), ...change });
    await expect(refused({ ids: [] })).rejects.toMatchObject({ code: 'PROMPT_TOO_SHORT' });
    await expect(refused({ ids: [1, 608] })).rejects.toMatchObject({ code: 'TOKEN_UNKNOWN' });
    await expect(refused({ weights: 'absent' })).rejects.toMatchObject({ code: 'WEIGHTS_UNKNOWN' });
    await expect(refused({ maxTokens: 0 })).rejects.toMatchObject({ code: 'MAX_TOKENS_INVALID' });
    await expect(refused({ temperature: Number.NaN })).rejects.toMatchObject({ code: 'TEMPERATURE_INVALID' });
    await expect(refused({ seed: 0.5 })).rejects.toMatchObject({ code: 'SEED_INVALID' });
    await expect(engine.score({ ids: [1] })).rejects.toMatchObject({ code: 'PROMPT_TOO_SHORT' });
  });

  it('hold for what is too long for one run, which is done in pieces', async () => {
    const ids = randomIds(3, 500);
    const whole = await engine.score({ ids });
    const { ids: next, logprobs } = await engine.generate({ ...request(), ids: ids.slice(0, 480), maxTokens: 20 });
    expect(next.length).toBe(20);
    const scored = await engine.score({ ids: [...ids.slice(0, 480), ...next] });
    expect(largestDifference(whole.slice(0, 479), scored.slice(0, 479))).toBeLessThan(1e-5);
    expect(largestDifference(logprobs, scored.slice(479))).toBeLessThan(1e-4);
  });
});

describe('an aborted request', () => {
  it('ends with the signal and frees its row', async () => {
    const single = await openEngine({ model, maxBatch: 1 });
    const controller = new AbortController();
    const endless = single.generate({ ...request(), maxTokens: 500, signal: controller.signal });
    const waiting = single.generate({ ...request(), maxTokens: 500, signal: controller.signal });
    const next = single.generate({ ...request(), maxTokens: 2 });
    const refused = Promise.all([endless, waiting].map((each) => expect(each).rejects.toThrow('enough')));
    controller.abort(new Error('enough'));
    await refused;
    expect((await next).ids.length).toBe(2);
    await expect(single.generate({ ...request(), signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
    await single.close();
  });
});

describe('an engine whose thread dies', () => {
  it('says so, and fails its requests', async () => {
    const started = new Promise<Worker>((resolve) => process.once('worker', resolve));
    const other = await openEngine({ model });
    const under = expect(other.generate({ ...request(), maxTokens: 500 })).rejects.toMatchObject({
      code: 'THREAD_FAILED',
    });
    await (await started).terminate();
    expect(await other.failed).toMatchObject({ name: 'EngineError', code: 'ENGINE_FAILED' });
    await under;
    await expect(other.generate(request())).rejects.toMatchObject({ code: 'THREAD_FAILED' });
    await other.close();
  });
});

describe('a closed engine', () => {
  it('refuses requests, those under way included', async () => {
    const other = await openEngine({ model });
    const under = expect(other.generate({ ...request(), maxTokens: 500 })).rejects.toMatchObject({
      code: 'ENGINE_CLOSED',
    });
    await other.close();
    await under;
    await other.close();
    await expect(other.generate(request())).rejects.toMatchObject({ name: 'EngineError', code: 'ENGINE_CLOSED' });
    await expect(other.score({ ids: [1, 2] })).rejects.toMatchObject({ code: 'ENGINE_CLOSED' });
  });
});
