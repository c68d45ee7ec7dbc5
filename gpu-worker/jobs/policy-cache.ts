import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { madeOf } from '../../src/db/chunks.ts';
import type { Queryable } from '../../src/db/database.ts';
import { makeFolder } from '../../src/db/folder.ts';
import { type PolicyHead, readPolicyWeights } from '../../src/db/policy-store.ts';
import { messageOf } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import { isObject } from '../models/read-files.ts';
import { writeAtomically } from '../models/write-files.ts';

/** More than a worker is asked for in a while; those older are read from Postgres again. */
const MOST_FILES = 32;

/** Where an instance keeps the weights of policies that it has read from Postgres. */
export const policyFolder = (home: string): string => join(home, 'policies');

export interface PolicyCache {
  readonly db: Queryable;
  readonly folder: string;
  readonly log: Log;
}

/**
 * The weights of a version: from the local file when that is what Postgres says it should be, otherwise from Postgres,
 * and then into the file. A folder that cannot be written only costs reading again.
 * @returns undefined when the version has gone
 * @throws FoursightError when the stored weights are damaged; DatabaseError
 */
export async function cachedWeights(
  { db, folder, log }: PolicyCache,
  workspaceId: string,
  version: number,
  { pieces }: Pick<PolicyHead, 'pieces'>,
): Promise<Buffer | undefined> {
  const name = `${workspaceId}-${version}.safetensors`;
  const kept = await readFile(join(folder, name)).catch((error: unknown) => {
    if (!(isObject(error) && error.code === 'ENOENT')) log.warn({ name, cause: messageOf(error) }, 'not readable');
  });
  if (kept !== undefined && madeOf(kept, pieces)) return kept;
  if (kept !== undefined) log.warn({ name }, 'the cached weights of a policy are damaged and read again');
  const stored = await readPolicyWeights(db, workspaceId, version);
  if (stored === undefined) return undefined;
  try {
    await makeFolder(folder, 0o700);
    await writeAtomically(join(folder, name), [stored.bytes], 0o600);
    await dropOldest(folder);
  } catch (error) {
    log.warn({ name, err: error }, 'the weights of a policy could not be cached');
  }
  return stored.bytes;
}

/** What a killed process left half written is among the oldest in the end. */
async function dropOldest(folder: string): Promise<void> {
  const files = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const file = join(folder, name);
      // Another worker may have dropped it meanwhile.
      return { file, writtenAt: (await stat(file).catch(() => undefined))?.mtimeMs ?? 0 };
    }),
  );
  files.sort((a, b) => b.writtenAt - a.writtenAt);
  for (const { file } of files.slice(MOST_FILES)) await rm(file, { force: true });
}
