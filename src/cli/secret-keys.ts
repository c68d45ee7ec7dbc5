import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keptSecret } from '../db/kept-secret.ts';
import { fine, type Outcome, warning } from '../domain/finding.ts';

const placeOf = (home: string): string => join(home, 'secret-key');

/** undefined where none is kept. */
async function keptKey(home: string): Promise<string | undefined> {
  try {
    return (await readFile(placeOf(home), 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return undefined;
  }
}

/**
 * The keys that installations are sealed with: those that are configured, otherwise one that is made and kept, readable by its owner
 * only, under `home`. A kept one goes on opening what it has sealed after another was configured.
 */
export async function keptSecretKeys(
  home: string,
  configured: readonly string[],
): Promise<readonly [string, ...string[]]> {
  const [current, ...older] = configured;
  if (current === undefined) return [(await keptSecret(placeOf(home))).trim()];
  const kept = await keptKey(home);
  return kept === undefined ? [current, ...older] : [current, ...older, kept];
}

/**
 * Which key tokens are sealed with, and whether it can be lost, for doctor. Makes none.
 * @param isShared whether the database is a server's: other machines may use it too, and it is backed up without `home`
 */
export async function examineSecretKeys(
  home: string,
  configured: readonly string[],
  isShared: boolean,
): Promise<Outcome> {
  if (configured.length > 0) return fine('tokens are sealed with FOURSIGHT_SECRET_KEY');
  const place = placeOf(home);
  const isKept = (await keptKey(home)) !== undefined;
  const says = `FOURSIGHT_SECRET_KEY is not set: tokens are sealed with a key that ${isKept ? 'is' : 'will be made and'} kept in ${place}`;
  if (!isShared) return fine(says);
  return warning(
    says,
    `Set FOURSIGHT_SECRET_KEY to ${isKept ? 'what that file holds' : 'what `openssl rand -hex 32` prints'}, the same on every machine of this database, and keep a copy: without it every workspace has to install the app again.`,
  );
}
