import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { StoredType } from './config.ts';
import { bytesPerElement, narrow } from './float-conversion.ts';
import { ModelError } from './model-error.ts';

export interface NamedTensor {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/**
 * Writes `file` whole or not at all: under another name, synced, then renamed. Makes the folder if need be.
 * @param mode the file's permissions, as far as the process's mask allows them
 * @throws ModelError when the disk is full or the folder cannot be written
 */
export async function writeAtomically(
  file: string,
  chunks: Iterable<string | Uint8Array>,
  mode = 0o666,
): Promise<void> {
  const folder = dirname(file);
  const temporary = join(folder, `.${basename(file)}.${randomUUID()}.part`);
  try {
    await mkdir(folder, { recursive: true });
    const handle = await open(temporary, 'wx', mode);
    try {
      for (const chunk of chunks) await handle.writeFile(chunk);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
    await syncFolder(folder);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new ModelError(
      'MODEL_FILE_NOT_WRITTEN',
      `${file}: it cannot be written${isNoSpace(error) ? ', the disk is full' : ''}`,
      isNoSpace(error) ? 'Free some space, then run the command again.' : 'Check the permissions of the folder.',
      { cause: error },
    );
  }
}

/** Writes tensors, rounded to `dtype`, as one .safetensors file, atomically. */
export const writeSafetensors = (
  file: string,
  tensors: ReadonlyMap<string, NamedTensor>,
  dtype: StoredType,
): Promise<void> => writeAtomically(file, safetensorsOf(tensors, dtype));

/** The bytes of a .safetensors file with these tensors, rounded to `dtype`. */
export function* safetensorsOf(tensors: ReadonlyMap<string, NamedTensor>, dtype: StoredType): Generator<Uint8Array> {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  let offset = 0;
  for (const [name, { data, dims }] of tensors) {
    const end = offset + data.length * bytesPerElement[dtype];
    header[name] = { dtype: dtypeNames[dtype], shape: dims, data_offsets: [offset, end] };
    offset = end;
  }
  const text = JSON.stringify(header);
  // Readers map the file into memory: the data must begin at a multiple of eight.
  const json = Buffer.from(text.padEnd(text.length + ((8 - (Buffer.byteLength(text) % 8)) % 8)));
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(json.length));
  yield prefix;
  yield json;
  for (const { data } of tensors.values()) yield narrow(data, dtype);
}

const dtypeNames: Readonly<Record<StoredType, string>> = { float32: 'F32', float16: 'F16', bfloat16: 'BF16' };

const isNoSpace = (error: unknown) =>
  error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');

/** A rename outlives a power cut only when the folder is synced as well; Windows has no such thing. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
