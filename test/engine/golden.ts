import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadAdapter } from '../../gpu-worker/models/adapter.ts';
import { type LoadedModel, openModel } from '../../gpu-worker/models/model.ts';
import { readSafetensorsHeader, readStoredTensor } from '../../gpu-worker/models/safetensors.ts';

const folder = fileURLToPath(new URL('../goldens/models/qwen2-tied/', import.meta.url));

interface Golden {
  readonly sequences: readonly (readonly number[])[];
  readonly generate: readonly {
    readonly prompt_ids: readonly number[];
    readonly max_new_tokens: number;
    readonly ids: readonly number[];
    readonly finish: 'stop' | 'length';
  }[];
}

export const golden = JSON.parse(readFileSync(`${folder}golden.json`, 'utf8')) as Golden;

const values = readSafetensorsHeader(`${folder}golden.safetensors`);

export function goldenTensor(name: string): Float32Array {
  const stored = values.get(name);
  if (stored === undefined) throw new Error(`no golden ${name}`);
  return readStoredTensor(name, stored);
}

export const openGoldenModel = (): Promise<LoadedModel> => openModel(folder);
export const loadGoldenAdapter = async () => loadAdapter(`${folder}adapter`, (await openGoldenModel()).config);

/** log softmax(logits)[ids[t + 1]] of logits [time, vocabulary]. */
export function scoresOf(logits: Float32Array, ids: readonly number[]): number[] {
  const vocab = logits.length / ids.length;
  return ids.slice(1).map((id, t) => {
    const row = logits.subarray(t * vocab, (t + 1) * vocab);
    const most = row.reduce((a, b) => Math.max(a, b));
    return (row[id] ?? 0) - most - Math.log(row.reduce((total, x) => total + Math.exp(x - most), 0));
  });
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`${a.length} values beside ${b.length}`);
  return Array.from({ length: a.length }, (_, i) => Math.abs((a[i] ?? 0) - (b[i] ?? 0))).reduce(
    (x, y) => Math.max(x, y),
    0,
  );
}
