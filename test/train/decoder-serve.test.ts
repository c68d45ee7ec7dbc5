import { InferenceSession, Tensor } from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  pastKeyName,
  pastValueName,
  presentKeyName,
  presentValueName,
  serveGraph,
} from '../../gpu-worker/models/decoder-serve.ts';
import { loraModules } from '../../gpu-worker/models/decoder-weights.ts';
import { encode } from '../../gpu-worker/onnx/encode.ts';
import { goldenConfig, largestDifference, readGolden, readTensors } from './qwen2-golden.ts';

const { layers, kvHeads, headDim, vocabSize } = goldenConfig;
const golden = readGolden();
const expected = readTensors('golden.safetensors');
const maxLength = 128;
const tolerance = 2e-4;

const weights = toTensors(readTensors('model.safetensors'));
const adapter = toTensors(readTensors('adapter/adapter_model.safetensors'));

function toTensors(from: ReturnType<typeof readTensors>): Record<string, Tensor> {
  return Object.fromEntries([...from].map(([name, { dims, data }]) => [name, new Tensor('float32', data, [...dims])]));
}

/** A KV cache of `batch` rows and the calls on it. */
class Cache {
  readonly #tensors: Record<string, Tensor> = {};
  readonly #batch: number;

  constructor(batch: number) {
    this.#batch = batch;
    for (let layer = 0; layer < layers; layer++)
      for (const name of [pastKeyName(layer), pastValueName(layer)]) {
        const data = new Float32Array(batch * kvHeads * maxLength * headDim);
        this.#tensors[name] = new Tensor('float32', data, [batch, kvHeads, maxLength, headDim]);
      }
  }

  /** Appends `ids` to each row; `lengths` are the rows' lengths afterwards. Returns the logits of the tokens `rows`. */
  async run(ids: number[][], lengths: number[], rows: number[], extra: Record<string, Tensor> = weights) {
    const results: Record<string, Tensor | null> = { logits: null };
    for (let layer = 0; layer < layers; layer++) {
      results[presentKeyName(layer)] = this.#tensors[pastKeyName(layer)] ?? null;
      results[presentValueName(layer)] = this.#tensors[pastValueName(layer)] ?? null;
    }
    const feeds = {
      ids: new Tensor('int64', BigInt64Array.from(ids.flat(), BigInt), [this.#batch, ids[0]?.length ?? 0]),
      last_positions: new Tensor(
        'int32',
        Int32Array.from(lengths, (length) => length - 1),
        [this.#batch],
      ),
      total_length: new Tensor('int32', Int32Array.of(Math.max(...lengths)), [1]),
      rows: new Tensor('int64', BigInt64Array.from(rows, BigInt), [rows.length]),
      ...this.#tensors,
      ...extra,
    };
    const { logits } = await (extra === weights ? base : withLora).run(feeds, results as Record<string, Tensor>);
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
      const logits = await cache.run(next, [m + step + 1, l + step + 1], [0, 1]);
      expect(largestDifference(logits.subarray(0, vocabSize), logitsAt(1, m + step))).toBeLessThan(tolerance);
      expect(largestDifference(logits.subarray(vocabSize), logitsAt(2, l + step))).toBeLessThan(tolerance);
    }
  });

  it('appends several tokens to a cache that is not empty', async () => {
    const long = golden.sequences[2] ?? [];
    const cache = new Cache(1);
    await cache.run([long.slice(0, 40)], [40], [39]);
    const logits = await cache.run([long.slice(40, 55)], [55], upTo(15));
    expect(largestDifference(logits, forward(2).subarray(40 * vocabSize, 55 * vocabSize))).toBeLessThan(tolerance);
    await expect(new Cache(2).run([long.slice(0, 5), long.slice(0, 5)], [9, 9], [0])).rejects.toThrow('batch');
  });
});
