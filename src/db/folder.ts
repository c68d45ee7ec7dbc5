import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConfigError, messageOf } from '../errors.ts';

/**
 * Makes a folder and those above it, where they are missing. Node's own recursive `mkdir` never returns where the
 * operating system says "not found" to making a folder, as /proc does.
 * @throws ConfigError
 */
export async function makeFolder(path: string, mode: number): Promise<void> {
  try {
    await make(path, mode);
  } catch (error) {
    const isFull = (error as NodeJS.ErrnoException).code === 'ENOSPC';
    throw new ConfigError(
      isFull ? 'DISK_FULL' : 'FOLDER_NOT_MADE',
      `the folder ${path} cannot be made: ${messageOf(error)}`,
      isFull
        ? 'Make room on that disk, or move FOURSIGHT_HOME.'
        : 'Set FOURSIGHT_HOME to a folder that you may write to.',
      { cause: error },
    );
  }
}

async function make(path: string, mode: number): Promise<void> {
  const there = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (there?.isDirectory()) return;
  if (there === undefined && dirname(path) !== path) await make(dirname(path), mode);
  await mkdir(path, { mode }).catch(async (error: NodeJS.ErrnoException) => {
    // Another process may have made it meanwhile; a file in its place is an error.
    if (error.code !== 'EEXIST' || !(await stat(path)).isDirectory()) throw error;
  });
}
