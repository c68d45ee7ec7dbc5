import { keyName, pastKeyName, pastValueName, valueName } from '../models/decoder-serve.ts';
import { type Tensor, type Tensors, tensor } from '../runtime/session.ts';

/** The sizes of a KV cache. */
export interface KvShape {
  readonly layers: number;
  readonly kvHeads: number;
  readonly headDim: number;
}

/** Sequences' caches on their own: of each layer the keys then the values, [layers · 2, kvHeads, length, headDim]. */
export interface KvSnapshot {
  readonly length: number;
  readonly data: Float32Array;
}

/** Where a run's new keys and values of one row lie: the first `count` tokens of row `row`, rows being `time` long. */
export interface KvPiece {
  readonly row: number;
  readonly time: number;
  readonly count: number;
}

/**
 * The KV cache of the rows that decode together: for each layer two buffers [rows, kvHeads, capacity, headDim], of which
 * a run sees the first rows or some in a row. A run reads the whole capacity, so it is kept as small as the longest row
 * allows. All of it is finite, since a masked token's value still counts 0 times. Until `reserve` it holds no tokens and
 * drops those appended.
 */
export class KvBatch {
  readonly #shape: KvShape;
  readonly #maxLength: number;
  #rows = 0;
  #capacity = 0;
  #buffers: Float32Array[] = [];
  readonly #tensors = new Map<string, Tensors>();

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

  /** The past of a run on the rows `start` to `start + count`. */
  tensors(start: number, count: number): Tensors {
    const key = `${start} ${count}`;
    const known = this.#tensors.get(key);
    if (known !== undefined) return known;
    const { kvHeads, headDim, layers } = this.#shape;
    const size = kvHeads * this.#capacity * headDim;
    const made: Record<string, Tensor> = {};
    for (let part = 0; part < layers * 2; part++) {
      const data = (this.#buffers[part] ?? new Float32Array()).subarray(start * size, (start + count) * size);
      const name = part % 2 === 0 ? pastKeyName : pastValueName;
      made[name(part >> 1)] = tensor('float32', data, [count, kvHeads, this.#capacity, headDim]);
    }
    this.#tensors.set(key, made);
    return made;
  }

  /** Puts the keys and values that a run returned behind the `length` tokens of a row. */
  append(to: number, length: number, results: Tensors, { row, time, count }: KvPiece): void {
    const { kvHeads, headDim } = this.#shape;
    for (const [part, buffer] of this.#buffers.entries()) {
      const name = part % 2 === 0 ? keyName : valueName;
      const data = results[name(part >> 1)]?.data as Float32Array;
      for (let head = 0; head < kvHeads; head++) {
        const from = (row * kvHeads + head) * time * headDim;
        const start = ((to * kvHeads + head) * this.#capacity + length) * headDim;
        // Mostly one token, for which set(subarray()) is slow.
        for (let i = 0; i < count * headDim; i++) buffer[start + i] = data[from + i] ?? 0;
      }
    }
  }

  clear(row: number): void {
    const size = this.#shape.kvHeads * this.#capacity * this.#shape.headDim;
    for (const buffer of this.#buffers) buffer.fill(0, row * size, (row + 1) * size);
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

/** Steps of about a quarter, so that a growing batch is moved seldom and wastes little. */
function capacityFor(length: number, most: number): number {
  let capacity = 64;
  while (capacity < length) capacity = Math.ceil((capacity * 1.25) / 32) * 32;
  return Math.min(capacity, Math.max(most, length));
}
