import { createHash } from 'node:crypto';
import { FoursightError } from '../errors.ts';

/** A row of a table of pieces. */
export interface Chunk {
  readonly chunk: number;
  readonly bytes: Buffer;
  readonly sha256: string;
}

/** What a piece must be, without its bytes. */
export interface Piece {
  readonly sha256: string;
  /** Bytes. */
  readonly length: number;
}

/** Small enough for a statement, large enough that a policy is a few rows. */
const CHUNK_BYTES = 4 * 2 ** 20;

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export function chunksOf(bytes: Uint8Array): Chunk[] {
  const count = Math.max(1, Math.ceil(bytes.length / CHUNK_BYTES));
  return Array.from({ length: count }, (_, chunk) => {
    const piece = Buffer.from(bytes.subarray(chunk * CHUNK_BYTES, (chunk + 1) * CHUNK_BYTES));
    return { chunk, bytes: piece, sha256: digest(piece) };
  });
}

/**
 * @param chunks in their order
 * @param what for the error: whose pieces they are
 * @throws FoursightError when one is missing or damaged
 */
export function joinedChunks(chunks: readonly Chunk[], what: string): Buffer {
  const damaged = chunks.find(({ chunk, bytes, sha256 }, place) => chunk !== place || digest(bytes) !== sha256);
  if (damaged === undefined && chunks.length > 0) return Buffer.concat(chunks.map(({ bytes }) => bytes));
  throw new FoursightError(
    'STORED_WEIGHTS_DAMAGED',
    `${what}: ${damaged === undefined ? 'there are no stored weights' : `piece ${damaged.chunk} is missing or damaged`}`,
    'Restore the database from a backup, or roll back to another policy version.',
  );
}

/** Whether the bytes are those of the pieces, one after another. */
export function madeOf(bytes: Uint8Array, pieces: readonly Piece[]): boolean {
  let offset = 0;
  for (const { sha256, length } of pieces) {
    if (digest(bytes.subarray(offset, offset + length)) !== sha256) return false;
    offset += length;
  }
  return offset === bytes.length && pieces.length > 0;
}
