import { blocked } from '../models/decoder-serve.ts';
import { tensor } from '../runtime/session.ts';
import type { Decoder } from './decoder-sessions.ts';
import type { KvBatch } from './kv-batch.ts';

export interface DecoderCall {
  /** The tokens of each row that follow what it has in the cache; at least one. */
  readonly pieces: readonly (readonly number[])[];
  /** Tokens of each row in the cache. */
  readonly cached: readonly number[];
  /** Holds these rows from `firstRow` on; it need not have room for this call's tokens if it was never reserved. */
  readonly cache: KvBatch;
  readonly firstRow: number;
  /** The tokens whose logits are wanted. */
  readonly wanted: 'all' | 'last of each row';
}

/** Logits [wanted, vocabulary], row by row; the call's keys and values are in the cache afterwards. */
export async function callDecoder(
  decoder: Decoder,
  { pieces, cached, cache, firstRow, wanted }: DecoderCall,
): Promise<Float32Array> {
  const batch = pieces.length;
  const time = Math.max(...pieces.map((piece) => piece.length));
  const total = cache.capacity + time;
  const ids = new BigInt64Array(batch * time);
  const positions = new BigInt64Array(batch * time);
  const mask = new Float32Array(batch * time * total).fill(blocked);
  const rows: number[] = [];
  for (const [row, piece] of pieces.entries()) {
    const past = cached[row] ?? 0;
    for (let t = 0; t < time; t++) {
      const at = row * time + t;
      // Padding stays within the rotary tables.
      const token = Math.min(t, piece.length - 1);
      ids[at] = BigInt(piece[token] ?? 0);
      positions[at] = BigInt(past + token);
      mask.fill(0, at * total, at * total + past);
      mask.fill(0, at * total + cache.capacity, at * total + cache.capacity + t + 1);
      if (t === piece.length - 1 || (wanted === 'all' && t < piece.length)) rows.push(at);
    }
  }
  const { logits, ...kv } = await decoder({
    ...cache.tensors(firstRow, batch),
    ids: tensor('int64', ids, [batch, time]),
    positions: tensor('int64', positions, [batch, time]),
    mask: tensor('float32', mask, [batch, 1, time, total]),
    rows: tensor('int64', BigInt64Array.from(rows, BigInt), [rows.length]),
  });
  for (const [row, piece] of pieces.entries())
    cache.append(firstRow + row, cached[row] ?? 0, kv, { row, time, count: piece.length });
  return logits?.data as Float32Array;
}
