import { createHash } from 'node:crypto';
import { chmod, mkdir, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseError } from '../database.ts';
import { makeFolder } from '../folder.ts';

/** The user that Postgres runs as when this process is root, which Postgres refuses to be. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

const NOBODY: Owner = { uid: 65_534, gid: 65_534 };
const SHARED = '/var/lib/foursight';

export const postgresOwner = (): Owner | undefined => (process.getuid?.() === 0 ? NOBODY : undefined);

/** True when every folder above the file, and the file, can be entered or read by anyone. */
export async function isReachableByAnyone(path: string): Promise<boolean> {
  try {
    for (let folder = path; ; folder = dirname(folder)) {
      const { mode } = await stat(folder);
      if ((mode & 0o001) === 0) return false;
      if (folder === dirname(folder)) return true;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** A folder of root's that everybody can enter. @throws DatabaseError when it belongs to somebody else */
export async function sharedFolder(): Promise<string> {
  await mkdir(SHARED, { recursive: true, mode: 0o755 });
  const { uid } = await stat(SHARED);
  if (uid !== 0) {
    throw new DatabaseError(
      'FOLDER_NOT_OURS',
      `${SHARED} does not belong to root`,
      'Give it to root, or set DATABASE_URL.',
    );
  }
  await chmod(SHARED, 0o755);
  return SHARED;
}

/**
 * The folder of a home's database and credentials: the home itself, or, where Postgres' user could not reach that, a folder
 * derived from the home's path: the same home always finds the same data, another never does.
 */
export async function databaseFolder(home: string, owner: Owner | undefined): Promise<string> {
  await makeFolder(home, owner === undefined ? 0o700 : 0o711);
  const path = await realpath(home);
  if (owner === undefined || (await isReachableByAnyone(path))) return path;
  const folder = join(await sharedFolder(), createHash('sha256').update(path).digest('hex').slice(0, 16));
  await mkdir(folder, { recursive: true, mode: 0o711 });
  return folder;
}
