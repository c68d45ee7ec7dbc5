import { tensor } from '../runtime/session.ts';
import type { Decoder } from './decoder-sessions.ts';
import type { KvTensors } from './kv-batch.ts';

export interface DecoderCall {
  /** Tokens [batch, time], padded at the right. */
  readonly ids: BigInt64Array;
  readonly time: number;
  /** Position of each row's last token, [batch]. */
  readonly lastPositions: readonly number[];
  /** The tokens whose logits are wanted: `row · time + column`. */
  readonly wanted: readonly number[];
  readonly cache: KvTensors;
}

/** Logits [wanted, vocabulary]; the call's keys and values are in the cache afterwards. */
export async function callDecoder(
  decoder: Decoder,
  { ids, time, lastPositions, wanted, cache }: DecoderCall,
): Promise<Float32Array> {
  const batch = lastPositions.length;
  const { logits } = await decoder(
    {
      ...cache.feeds,
      ids: tensor('int64', ids, [batch, time]),
      last_positions: tensor('int32', Int32Array.from(lastPositions), [batch]),
      total_length: tensor('int32', Int32Array.of(Math.max(...lastPositions) + 1), [1]),
      rows: tensor('int64', tokens(wanted), [wanted.length]),
    },
    { ...cache.results, logits: null },
  );
  return logits?.data as Float32Array;
}

export function tokens(ids: readonly number[]): BigInt64Array {
  const converted = new BigInt64Array(ids.length);
  for (let i = 0; i < ids.length; i++) converted[i] = BigInt(ids[i] ?? 0);
  return converted;
}
