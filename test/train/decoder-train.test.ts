import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { trainGraph } from '../../gpu-worker/models/decoder-train.ts';
import { loraModules } from '../../gpu-worker/models/decoder-weights.ts';
import { encode } from '../../gpu-worker/onnx/encode.ts';
import { goldenConfig, largestDifference, type NamedTensor, readGolden, readTensors } from './qwen2-golden.ts';

const golden = readGolden();
const expected = readTensors('golden.safetensors');
const toFeeds = (tensors: ReadonlyMap<string, NamedTensor>) =>
  Object.fromEntries([...tensors].map(([name, { dims, data }]) => [name, new Tensor('float32', data, [...dims])]));
const weights = toFeeds(readTensors('model.safetensors'));
const adapter = toFeeds(readTensors('adapter/adapter_model.safetensors'));
const { vocabSize } = goldenConfig;

const integers = (values: readonly number[], dims: readonly number[]) =>
  new Tensor('int64', BigInt64Array.from(values, BigInt), dims);

/** Logits of every token of one row, in which sequences lie one after the other. */
async function logitsOf(sequences: number[][], padding: number, withLora: boolean): Promise<Float32Array> {
  const lora = withLora ? { lora: { rank: 4, scale: 2, modules: loraModules } } : {};
  const { graph, logits } = trainGraph(goldenConfig, { weights: 'inputs', maxLength: 256, ...lora });
  graph.output('logits', logits);
  const session = await InferenceSession.create(encode(graph), { logSeverityLevel: 3 });
  const pad = Array<number>(padding).fill(0);
  const tokens = sequences.flat();
  const dims = [1, tokens.length + padding];
  const { logits: result } = await session.run({
    ...weights,
    ...(withLora ? adapter : {}),
    ids: integers([...tokens, ...pad], dims),
    positions: integers([...sequences.flatMap((ids) => ids.map((_, t) => t)), ...pad], dims),
    segments: integers([...sequences.flatMap((ids, i) => ids.map(() => i + 1)), ...pad], dims),
    rows: integers(
      tokens.map((_, i) => i),
      [tokens.length],
    ),
    targets: integers(
      tokens.map(() => 0),
      [tokens.length, 1],
    ),
    inverse_temperature: new Tensor('float32', Float32Array.of(1), []),
  });
  return result?.data as Float32Array;
}

describe('training graph', () => {
  for (const [kind, withLora] of [
    ['forward', false],
    ['lora', true],
  ] as const)
    it(`gives the reference logits of ${kind}, also with several sequences and padding in a row`, async () => {
      const logits = await logitsOf(golden.sequences, 7, withLora);
      let from = 0;
      for (const [i, ids] of golden.sequences.entries()) {
        const to = from + ids.length * vocabSize;
        const reference = expected.get(`${kind}/${i}`)?.data ?? [];
        expect(largestDifference(logits.subarray(from, to), reference)).toBeLessThan(2e-4);
        from = to;
      }
    });
});
