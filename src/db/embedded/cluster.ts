import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { messageOf } from '../../errors.ts';
import { DatabaseError } from '../database.ts';
import type { Binaries } from './binaries.ts';
import type { Owner } from './place.ts';

export const SUPERUSER = 'foursight';

/** A data directory with the password of its superuser. */
export interface Cluster {
  readonly data: string;
  readonly password: string;
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

async function keptPassword(folder: string): Promise<string> {
  const path = join(folder, 'postgres-password');
  try {
    await writeFile(path, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return (await readFile(path, 'utf8')).trim();
}

/**
 * The data directory in `folder`, made when it is not there. It is made beside its place and renamed, so that a
 * process killed meanwhile leaves no half of one. The caller holds the home.
 * @throws DatabaseError when it cannot be made
 */
export async function openCluster(folder: string, binaries: Binaries, owner: Owner | undefined): Promise<Cluster> {
  const data = join(folder, 'postgres');
  const password = await keptPassword(folder);
  if (await exists(join(data, 'PG_VERSION'))) return { data, password };
  const partial = `${data}.partial`;
  const passwordFile = join(folder, 'postgres-password.once');
  try {
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial, { mode: 0o700 });
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (owner !== undefined) {
      await chown(partial, owner.uid, owner.gid);
      await chown(passwordFile, owner.uid, owner.gid);
    }
    const args = ['-D', partial, '-U', SUPERUSER, '--pwfile', passwordFile, '--auth=scram-sha-256', '--encoding=UTF8'];
    const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
    await promisify(execFile)(binaries.initdb, [...args, ...locale, '--no-instructions'], { ...owner, cwd: '/' });
    await rename(partial, data);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    const isFull = /No space left|ENOSPC/.test(messageOf(error));
    throw new DatabaseError(
      isFull ? 'DISK_FULL' : 'DATABASE_NOT_MADE',
      `the database could not be made in ${data}: ${messageOf(error).trim()}`,
      isFull
        ? 'Make room on that disk (about 100 MiB), or move FOURSIGHT_HOME.'
        : 'Check that FOURSIGHT_HOME can be written to.',
      { cause: error },
    );
  } finally {
    await rm(passwordFile, { force: true });
  }
  return { data, password };
}
