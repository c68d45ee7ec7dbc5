import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keptSecret } from '../db/kept-secret.ts';

/**
 * The keys that installations are sealed with: those that are configured, otherwise one that is made and kept, readable by its owner
 * only, under `home`. A kept one goes on opening what it has sealed after another was configured.
 */
export async function keptSecretKeys(
  home: string,
  configured: readonly string[],
): Promise<readonly [string, ...string[]]> {
  const path = join(home, 'secret-key');
  const [current, ...older] = configured;
  if (current === undefined) return [(await keptSecret(path)).trim()];
  try {
    return [current, ...older, (await readFile(path, 'utf8')).trim()];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return [current, ...older];
  }
}
