import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { ModelConfig } from '../../gpu-worker/models/config.ts';

const folder = fileURLToPath(new URL('../goldens/models/qwen2-tied/', import.meta.url));

export interface NamedTensor {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** A float32 safetensors file. Written apart from the program's own reader, so that the two check each other. */
export function readTensors(file: string): Map<string, NamedTensor> {
  const bytes = readFileSync(folder + file);
  const headerLength = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, 8 + headerLength).toString()) as Record<
    string,
    { shape: number[]; data_offsets: [number, number] }
  >;
  const start = 8 + headerLength;
  const entries = Object.entries(header).filter(([name]) => name !== '__metadata__');
  return new Map(
    entries.map(([name, { shape, data_offsets }]) => {
      const own = Uint8Array.from(bytes.subarray(start + data_offsets[0], start + data_offsets[1]));
      return [name, { dims: shape, data: new Float32Array(own.buffer) }];
    }),
  );
}

export interface GoldenModel {
  readonly sequences: number[][];
  readonly temperatures: number[];
  readonly generate: { prompt_ids: number[]; ids: number[] }[];
  readonly sft: {
    readonly batch: { ids: number[]; mask: number[] }[];
    readonly masked_tokens: number;
    readonly losses: number[];
    readonly grad_norms: number[];
  };
}

export const readGolden = (): GoldenModel => JSON.parse(readFileSync(`${folder}golden.json`, 'utf8')) as GoldenModel;

export const goldenConfig: ModelConfig = {
  modelType: 'qwen2',
  hiddenSize: 64,
  layers: 3,
  heads: 4,
  kvHeads: 2,
  headDim: 16,
  intermediateSize: 160,
  vocabSize: 608,
  ropeTheta: 10000,
  ropeScaling: null,
  rmsNormEps: 1e-6,
  tieWordEmbeddings: true,
  attentionBias: true,
  qkNorm: false,
  maxPositions: 512,
  stopIds: [597],
  dtype: 'float32',
};

/** The largest absolute difference of two equally long lists. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(Number(a[i]) - Number(b[i])));
  return largest;
}

type Tensors = ReadonlyMap<string, NamedTensor>;

/**
 * Compares with the golden gradients whose names begin with `prefix`, at the tolerance of the goldens' README. Returns
 * which elements have settled: at least 1e-4 of the peak over all tensors.
 */
export function compareGradients(prefix: string, gradients: Tensors, expected: Tensors): Map<string, boolean[]> {
  const references = [...gradients.keys()].map((name) => [name, expected.get(prefix + name)?.data ?? []] as const);
  const peak = Math.max(...references.flatMap(([, data]) => Array.from(data, Math.abs)));
  for (const [name, data] of references)
    expect(largestDifference(gradients.get(name)?.data ?? [], data)).toBeLessThan(5e-5 * peak);
  return new Map(references.map(([name, data]) => [name, Array.from(data, (g) => Math.abs(g) >= 1e-4 * peak)]));
}

export function compareWeights(
  prefix: string,
  weights: Tensors,
  expected: Tensors,
  settled: ReadonlyMap<string, boolean[]>,
  settledTolerance: number,
  tolerance: number,
): void {
  for (const [name, { data }] of weights) {
    const reference = expected.get(prefix + name)?.data ?? new Float32Array();
    expect(reference.length).toBe(data.length);
    const marks = settled.get(name) ?? [];
    data.forEach((value, i) => {
      const difference = Math.abs(value - (reference[i] ?? Number.NaN));
      if (!(difference < (marks[i] ? settledTolerance : tolerance)))
        throw new Error(`${prefix}${name}[${i}] differs by ${difference}`);
    });
  }
}
