import { createHash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { weightShapes } from './decoder-weights.ts';
import type { LoadedModel } from './model.ts';
import { unreadable } from './read-files.ts';
import type { StoredTensor } from './safetensors.ts';

/** Of each tensor: enough to tell a model from one that was trained further, without reading gigabytes. */
const SAMPLE_BYTES = 4_096;
const DIGEST_LENGTH = 16;

type Base = Pick<LoadedModel, 'dir' | 'config' | 'tensors'>;

/**
 * A name for a model that policies are trained on: what it is, `@`, and a digest of its configuration, tokenizer, tensors and
 * a sample of their values. It stays when the folder is moved.
 * @throws ModelError when a file cannot be read any more
 */
export async function baseModelName(model: Base): Promise<string> {
  const hash = createHash('sha256');
  for (const name of ['config.json', 'tokenizer.json']) {
    const file = join(model.dir, name);
    hash.update(
      await readFile(file).catch((error: unknown) => {
        throw unreadable(file, error);
      }),
    );
  }
  for (const name of [...model.tensors.keys()].sort()) {
    const tensor = model.tensors.get(name);
    if (tensor === undefined) continue;
    hash.update(`${name} ${tensor.dtype} ${tensor.shape.join()}\n`).update(await sampleOf(tensor));
  }
  return `${labelOf(model)}@${hash.digest('hex').slice(0, DIGEST_LENGTH)}`;
}

/** Whether two names mean the same model: its folder's name does not matter. */
export const isSameBase = (one: string, other: string): boolean => digestOf(one) === digestOf(other);

/** What people call the model. */
export const baseModelLabel = (name: string): string => name.slice(0, name.lastIndexOf('@'));

const digestOf = (name: string) => name.slice(name.lastIndexOf('@') + 1);

/** The repository, where the folder is called after it as pulled models are; otherwise architecture and size. */
function labelOf({ dir, config }: Base): string {
  const [owner, name] = basename(dir).split('--');
  if (owner !== undefined && name !== undefined) return `${owner}/${name}`;
  const size = [...weightShapes(config).values()].reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0);
  return `${config.modelType}-${(size / 1e6).toFixed(1)}M`;
}

async function sampleOf({ file, offset, length }: StoredTensor): Promise<Uint8Array> {
  try {
    const handle = await open(file, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(new Uint8Array(Math.min(length, SAMPLE_BYTES)), {
        position: offset,
      });
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw unreadable(file, error);
  }
}
