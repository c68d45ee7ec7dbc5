import { InferenceSession, Tensor } from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { blocked, pastKeyName, pastValueName, serveGraph } from '../../gpu-worker/models/decoder-serve.ts';
import { loraModules } from '../../gpu-worker/models/decoder-weights.ts';
import { encode } from '../../gpu-worker/onnx/encode.ts';
import { goldenConfig, largestDifference, readGolden, readTensors } from './qwen2-golden.ts';

const { layers, kvHeads, headDim, vocabSize } = goldenConfig;
const golden = readGolden();
const expected = readTensors('golden.safetensors');
const maxLength = 128;
const capacity = 96;
const tolerance = 2e-4;

const weights = toTensors(readTensors('model.safetensors'));
const adapter = toTensors(readTensors('adapter/adapter_model.safetensors'));

function toTensors(from: ReturnType<typeof readTensors>): Record<string, Tensor> {
  return Object.fromEntries([...from].map(([name, { dims, data }]) => [name, new Tensor('float32', data, [...dims])]));
}

/** A KV cache of `batch` rows and the calls on it. */
class Cache {
  readonly #past: Record<string, Tensor> = {};
  readonly #lengths: number[];

  constructor(batch: number) {
    this.#lengths = Array<number>(batch).fill(0);
    for (let layer = 0; layer < layers; layer++)
      for (const name of [pastKeyName(layer), pastValueName(layer)]) {
        const data = new Float32Array(batch * kvHeads * capacity * headDim);
        this.#past[name] = new Tensor('float32', data, [batch, kvHeads, capacity, headDim]);
      }
  }

  /** Appends the first `counts[i]` of `ids[i]` to row i. Returns the logits of the tokens `rows`. */
  async run(ids: number[][], counts: number[], rows: number[], extra: Record<string, Tensor> = weights) {
    const batch = ids.length;
    const time = ids[0]?.length ?? 0;
    const before = [...this.#lengths];
    const lookAt = (past: number, t: number) =>
      Array.from({ length: capacity + time }, (_, i) => ((i < capacity ? i < past : i - capacity <= t) ? 0 : blocked));
    const columns = upTo(time);
    const feeds = {
      ids: new Tensor('int64', BigInt64Array.from(ids.flat(), BigInt), [batch, time]),
      positions: new Tensor(
        'int64',
        BigInt64Array.from(before.flatMap((past) => columns.map((t) => BigInt(past + t)))),
        [batch, time],
      ),
      mask: new Tensor(
        'float32',
        Float32Array.from(before.flatMap((past) => columns.flatMap((t) => lookAt(past, t)))),
        [batch, 1, time, capacity + time],
      ),
      rows: new Tensor('int64', BigInt64Array.from(rows, BigInt), [rows.length]),
      ...this.#past,
      ...extra,
    };
    const { logits, ...kv } = await (extra === weights ? base : withLora).run(feeds);
    for (const [name, { data, dims }] of Object.entries(kv)) {
      const past = this.#past[`past_${name}`]?.data as Float32Array;
      expect(dims).toEqual([batch, kvHeads, time, headDim]);
      for (const [row, count] of counts.entries())
        for (let head = row * kvHeads; head < (row + 1) * kvHeads; head++) {
          const from = head * time * headDim;
          const to = (head * capacity + (before[row] ?? 0)) * headDim;
          past.set((data as Float32Array).subarray(from, from + count * headDim), to);
        }
    }
    for (const [row, count] of counts.entries()) this.#lengths[row] = (before[row] ?? 0) + count;
    return logits?.data as Float32Array;
  }
}

let base: InferenceSession;
let withLora: InferenceSession;
beforeAll(async () => {
  base = await InferenceSession.create(encode(serveGraph(goldenConfig, { weights: 'inputs', maxLength })), {
    logSeverityLevel: 4,
  });
  const lora = { rank: 'rank', modules: loraModules };
  withLora = await InferenceSession.create(encode(serveGraph(goldenConfig, { weights: 'inputs', lora, maxLength })));
});

const upTo = (length: number) => Array.from({ length }, (_, i) => i);
const forward = (i: number) => expected.get(`forward/${i}`)?.data ?? new Float32Array();
const logitsAt = (i: number, token: number) => forward(i).subarray(token * vocabSize, (token + 1) * vocabSize);

describe('serving graph', () => {
  it('gives the reference logits', async () => {
    for (const [i, ids] of golden.sequences.entries()) {
      const logits = await new Cache(1).run([ids], [ids.length], upTo(ids.length));
      expect(largestDifference(logits, forward(i))).toBeLessThan(tolerance);
    }
  });

  it('gives the reference logits with LoRA', async () => {
    const extra = { ...weights, ...adapter, lora_scale: new Tensor('float32', Float32Array.of(2), []) };
    for (const [i, ids] of golden.sequences.entries()) {
      const logits = await new Cache(1).run([ids], [ids.length], upTo(ids.length), extra);
      expect(largestDifference(logits, expected.get(`lora/${i}`)?.data ?? [])).toBeLessThan(tolerance);
    }
  });

  it('takes a batch of prompts of different lengths, padded at the right, and decodes the rows together', async () => {
    const [, medium = [], long = []] = golden.sequences;
    const [m, l] = [20, 60];
    const cache = new Cache(2);
    const padded = [...medium.slice(0, m), ...Array<number>(l - m).fill(7)];
    const first = await cache.run([padded, long.slice(0, l)], [m, l], [m - 1, 2 * l - 1]);
    expect(largestDifference(first.subarray(0, vocabSize), logitsAt(1, m - 1))).toBeLessThan(tolerance);
    expect(largestDifference(first.subarray(vocabSize), logitsAt(2, l - 1))).toBeLessThan(tolerance);
    for (let step = 0; step < 10; step++) {
      const next = [[medium[m + step] ?? 0], [long[l + step] ?? 0]];
      const logits = await cache.run(next, [1, 1], [0, 1]);
      expect(largestDifference(logits.subarray(0, vocabSize), logitsAt(1, m + step))).toBeLessThan(tolerance);
      expect(largestDifference(logits.subarray(vocabSize), logitsAt(2, l + step))).toBeLessThan(tolerance);
    }
  });

  it('appends pieces of different lengths to rows that hold as different a number of tokens', async () => {
    const [, medium = [], long = []] = golden.sequences;
    const cache = new Cache(2);
    await cache.run([[...medium.slice(0, 3), ...Array<number>(37).fill(7)], long.slice(0, 40)], [3, 40], [0]);
    const logits = await cache.run([medium.slice(3, 18), long.slice(40, 55)], [15, 4], upTo(19));
    expect(
      largestDifference(logits.subarray(0, 15 * vocabSize), forward(1).subarray(3 * vocabSize, 18 * vocabSize)),
    ).toBeLessThan(tolerance);
    expect(
      largestDifference(logits.subarray(15 * vocabSize), forward(2).subarray(40 * vocabSize, 44 * vocabSize)),
    ).toBeLessThan(tolerance);
    const next = await cache.run([[medium[18] ?? 0], [long[44] ?? 0]], [1, 1], [0, 1]);
    expect(largestDifference(next.subarray(0, vocabSize), logitsAt(1, 18))).toBeLessThan(tolerance);
    expect(largestDifference(next.subarray(vocabSize), logitsAt(2, 44))).toBeLessThan(tolerance);
  });
});
