import { pastKeyName, pastValueName, presentKeyName, presentValueName } from '../models/decoder-serve.ts';
import { type Tensor, tensor } from '../runtime/session.ts';

/** The sizes of a KV cache. */
export interface KvShape {
  readonly layers: number;
  readonly kvHeads: number;
  readonly headDim: number;
}

/** Inputs and outputs of a run that hold the cache of some rows; both are the same memory. */
export interface KvTensors {
  readonly feeds: Readonly<Record<string, Tensor>>;
  readonly results: Readonly<Record<string, Tensor>>;
}

/** Sequences' caches on their own: of each layer the keys then the values, [layers · 2, kvHeads, length, headDim]. */
export interface KvSnapshot {
  readonly length: number;
  readonly data: Float32Array;
}

/**
 * The KV cache of the rows that decode together: for each layer two buffers [rows, kvHeads, capacity, headDim], of which
 * a run sees the first rows or a single one. onnxruntime-node copies every preallocated output once more into an array
 * of its own, so a step costs `capacity`, not length: the capacity is kept as small as the longest row allows.
 */
export class KvBatch {
  readonly #shape: KvShape;
  readonly #maxLength: number;
  #rows = 0;
  #capacity = 0;
  #buffers: Float32Array[] = [];
  readonly #tensors = new Map<string, KvTensors>();

  constructor(shape: KvShape, maxLength: number) {
    this.#shape = shape;
    this.#maxLength = maxLength;
  }

  get capacity(): number {
    return this.#capacity;
  }

  /** Makes room for `rows` rows of `length` tokens; the first rows keep what they hold: of row i `lengths[i]` tokens. */
  reserve(rows: number, length: number, lengths: readonly number[]): void {
    const capacity = capacityFor(length, this.#maxLength);
    const shrinks = lengths.length === 0 && capacity < this.#capacity;
    if (rows <= this.#rows && capacity <= this.#capacity && !shrinks) return;
    const newRows = rows <= this.#rows ? this.#rows : 2 ** Math.ceil(Math.log2(rows));
    const newCapacity = shrinks ? capacity : Math.max(capacity, this.#capacity);
    const { layers, kvHeads, headDim } = this.#shape;
    const old = this.#buffers;
    const oldStride = this.#capacity * headDim;
    const stride = newCapacity * headDim;
    this.#buffers = Array.from({ length: layers * 2 }, (_, part) => {
      const buffer = new Float32Array(newRows * kvHeads * stride);
      const from = old[part];
      if (from !== undefined)
        for (const [row, kept] of lengths.entries())
          for (let head = row * kvHeads; head < (row + 1) * kvHeads; head++)
            buffer.set(from.subarray(head * oldStride, head * oldStride + kept * headDim), head * stride);
      return buffer;
    });
    this.#rows = newRows;
    this.#capacity = newCapacity;
    this.#tensors.clear();
  }

  /** Rows `start` to `start + count`. */
  tensors(start: number, count: number): KvTensors {
    const key = `${start} ${count}`;
    const known = this.#tensors.get(key);
    if (known !== undefined) return known;
    const { kvHeads, headDim, layers } = this.#shape;
    const size = kvHeads * this.#capacity * headDim;
    const made = kvTensors(layers, [count, kvHeads, this.#capacity, headDim], (part) =>
      (this.#buffers[part] ?? new Float32Array()).subarray(start * size, (start + count) * size),
    );
    this.#tensors.set(key, made);
    return made;
  }

  /** Copies the first `length` tokens of one row over another row. */
  move(from: number, to: number, length: number): void {
    const { kvHeads, headDim } = this.#shape;
    const stride = this.#capacity * headDim;
    if (from === to) return;
    for (const buffer of this.#buffers)
      for (let head = 0; head < kvHeads; head++) {
        const start = (from * kvHeads + head) * stride;
        buffer.copyWithin((to * kvHeads + head) * stride, start, start + length * headDim);
      }
  }

  save(row: number, length: number): KvSnapshot {
    const { kvHeads, headDim } = this.#shape;
    const stride = this.#capacity * headDim;
    const size = length * headDim;
    const data = new Float32Array(this.#buffers.length * kvHeads * size);
    let at = 0;
    for (const buffer of this.#buffers)
      for (let head = row * kvHeads; head < (row + 1) * kvHeads; head++, at += size)
        data.set(buffer.subarray(head * stride, head * stride + size), at);
    return { length, data };
  }

  /** Puts the first `length` tokens of a snapshot into a row. */
  restore(row: number, snapshot: KvSnapshot, length: number): void {
    const { kvHeads, headDim } = this.#shape;
    const stride = this.#capacity * headDim;
    let at = 0;
    for (const buffer of this.#buffers)
      for (let head = row * kvHeads; head < (row + 1) * kvHeads; head++, at += snapshot.length * headDim)
        buffer.set(snapshot.data.subarray(at, at + length * headDim), head * stride);
  }
}

/** A cache that is used once: for `rows` sequences of up to `capacity` tokens. */
export function scratchTensors({ layers, kvHeads, headDim }: KvShape, rows: number, capacity: number): KvTensors {
  const size = rows * kvHeads * capacity * headDim;
  return kvTensors(layers, [rows, kvHeads, capacity, headDim], () => new Float32Array(size));
}

function kvTensors(layers: number, dims: readonly number[], dataOf: (part: number) => Float32Array): KvTensors {
  const feeds: Record<string, Tensor> = {};
  const results: Record<string, Tensor> = {};
  for (let layer = 0; layer < layers; layer++) {
    const key = tensor('float32', dataOf(layer * 2), dims);
    const value = tensor('float32', dataOf(layer * 2 + 1), dims);
    feeds[pastKeyName(layer)] = key;
    feeds[pastValueName(layer)] = value;
    results[presentKeyName(layer)] = key;
    results[presentValueName(layer)] = value;
  }
  return { feeds, results };
}

/** Steps of about a quarter, so that a growing batch is moved seldom and wastes little. */
function capacityFor(length: number, most: number): number {
  let capacity = 64;
  while (capacity < length) capacity = Math.ceil((capacity * 1.25) / 32) * 32;
  return Math.min(capacity, Math.max(most, length));
}
