import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { invalidFile, ModelError } from './model-error.ts';

/**
 * A text file, or undefined where there is none.
 * @throws ModelError when it cannot be read
 */
export async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isObject(error) && error.code === 'ENOENT') return undefined;
    throw unreadable(file, error);
  }
}

/**
 * A JSON file, or undefined where there is none.
 * @throws ModelError when it cannot be read or is not JSON
 */
export async function readJson(file: string): Promise<unknown> {
  const text = await readText(file);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalidFile(file, 'it is not JSON', error);
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function unreadable(file: string, error: unknown): ModelError {
  if (isObject(error) && error.code === 'ENOENT')
    return new ModelError(
      'MODEL_FILE_MISSING',
      `${file}: there is no such file`,
      `Check the folder ${dirname(file)}, or fetch the model with \`foursight model pull NAME\`.`,
      { cause: error },
    );
  return new ModelError(
    'MODEL_FILE_UNREADABLE',
    `${file}: it cannot be read`,
    'Check the permissions of the file and the disk.',
    { cause: error },
  );
}
