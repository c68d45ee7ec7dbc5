import { execFile } from 'node:child_process';
import { chown, mkdir, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { messageOf } from '../../errors.ts';
import { DatabaseError } from '../database.ts';
import { keptSecret } from '../kept-secret.ts';
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
  try {
    return (await keptSecret(join(folder, 'postgres-password'))).trim();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const isFull = code === 'ENOSPC';
    throw new DatabaseError(
      isFull ? 'DISK_FULL' : 'DATABASE_NOT_OURS',
      `the database's password in ${folder} cannot be read or made: ${messageOf(error)}`,
      isFull ? FULL : 'Run as the user who made this folder, or set FOURSIGHT_HOME to another one.',
      { cause: error },
    );
  }
}

/** What making a database takes; short of it `initdb` may only say that something aborted. */
const LEAST_FREE_BYTES = 80 * 2 ** 20;
const FULL = 'Make room on that disk (about 100 MiB), or move FOURSIGHT_HOME.';
const refusals: readonly (readonly [RegExp, string, string])[] = [
  [/No space left|ENOSPC/, 'DISK_FULL', FULL],
  [
    /user does not exist/,
    'USER_WITHOUT_NAME',
    'Run as a user that /etc/passwd knows, or set DATABASE_URL to a server of your own.',
  ],
];

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
    const said = messageOf(error).trim();
    const { bavail, bsize } = await statfs(folder);
    const isShort = bavail * bsize < LEAST_FREE_BYTES ? ' No space left on device' : '';
    const [, code, remedy] = refusals.find(([pattern]) => pattern.test(said + isShort)) ?? [
      undefined,
      'DATABASE_NOT_MADE',
      'Check that FOURSIGHT_HOME can be written to, or set DATABASE_URL to a server of your own.',
    ];
    const end = (said + isShort).split('\n').slice(-3).join(' ');
    throw new DatabaseError(code, `the database could not be made in ${data}: ${end}`, remedy, { cause: error });
  } finally {
    await rm(passwordFile, { force: true });
  }
  return { data, password };
}
