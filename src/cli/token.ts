import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The HTTP API's bearer token: generated once and kept, readable by its owner only, under `home`. */
export async function keptToken(home: string): Promise<string> {
  const path = join(home, 'http-token');
  await mkdir(home, { recursive: true });
  try {
    await writeFile(path, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return (await readFile(path, 'utf8')).trim();
}
