import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FoursightError } from '../../errors.ts';
import type { Hub, HubFile } from './hub.ts';
import { filePath, HubError, request, retrying } from './hub.ts';

/** A connection that delivers nothing for so long counts as lost. */
const stallMs = 60_000;

/**
 * Fetches one file into `dir`. What a former run left in the `.part` file is kept and the rest asked for; the file gets
 * its name only when size and hash are right. A file that is there already and right is not fetched.
 * @param advance told the bytes as they are there
 * @throws HubError when the server fails for good, FoursightError when the hash is wrong or the disk is full
 */
export async function downloadFile(
  hub: Hub,
  file: HubFile,
  dir: string,
  advance: (bytes: number) => void,
): Promise<void> {
  await onDisk(file.name, () => mkdir(dir, { recursive: true }));
  const target = join(dir, file.name);
  // The hash is part of the name: a rest of another version is never continued.
  const part = join(dir, `.${file.name}.${file.hash?.slice(0, 12) ?? hub.revision.slice(0, 12)}.part`);
  if (await isRight(target, file)) {
    advance(file.size);
    return;
  }
  let reported = 0;
  const report = (total: number) => {
    advance(total - reported);
    reported = total;
  };
  await retrying(() => fetchRest(hub, file, part, report));
  if (!(await isRight(part, file))) {
    await rm(part, { force: true });
    throw new FoursightError(
      'DOWNLOAD_DAMAGED',
      `${file.name} arrived damaged: its ${file.hash === undefined ? 'size' : 'hash'} is not the one that the server names`,
      'Run the command again; only this file is fetched anew.',
    );
  }
  await onDisk(file.name, () => rename(part, target));
}

async function fetchRest(hub: Hub, file: HubFile, part: string, report: (total: number) => void): Promise<void> {
  const handle = await onDisk(file.name, () => open(part, 'a'));
  try {
    let have = (await handle.stat()).size;
    if (have > file.size) {
      await handle.truncate(0);
      have = 0;
    }
    report(have);
    if (have === file.size) return;
    const stalled = new AbortController();
    const watch = setTimeout(() => stalled.abort(), stallMs);
    try {
      const headers: Record<string, string> = have === 0 ? {} : { range: `bytes=${have}-` };
      const response = await request(hub, filePath(hub, file.name), { headers, signal: stalled.signal });
      if (have > 0 && response.status !== 206) {
        await handle.truncate(0);
        have = 0;
      }
      for await (const chunk of chunksOf(response, hub)) {
        watch.refresh();
        // A server that sends too much is stopped; the hash decides about the rest.
        if (have + chunk.length > file.size) break;
        await onDisk(file.name, () => handle.writeFile(chunk));
        have += chunk.length;
        report(have);
      }
    } finally {
      clearTimeout(watch);
    }
    if (have < file.size) throw broken(hub, file.name);
    await onDisk(file.name, () => handle.sync());
  } finally {
    await handle.close();
  }
}

async function* chunksOf(response: Response, hub: Hub): AsyncGenerator<Uint8Array> {
  if (response.body === null) return;
  try {
    yield* response.body;
  } catch (error) {
    throw broken(hub, response.url, error);
  }
}

const broken = (hub: Hub, what: string, cause?: unknown) =>
  new HubError(
    'DOWNLOAD_INTERRUPTED',
    `the connection to ${hub.endpoint} broke while fetching ${what}`,
    'Run the command again; it goes on where it stopped.',
    true,
    cause,
  );

async function isRight(path: string, file: HubFile): Promise<boolean> {
  const size = await stat(path).then(
    (found) => found.size,
    () => undefined,
  );
  if (size !== file.size) return false;
  if (file.hash === undefined) return true;
  const sha256 = file.hash.length === 64;
  const hash = createHash(sha256 ? 'sha256' : 'sha1');
  if (!sha256) hash.update(`blob ${file.size}\0`);
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex') === file.hash;
}

async function onDisk<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const full = error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
    throw new FoursightError(
      'DOWNLOAD_NOT_WRITTEN',
      `${name} cannot be written${full ? ': the disk is full' : ''}`,
      full ? 'Free some space or choose another --dir, then run the command again.' : 'Check the permissions of --dir.',
      { cause: error },
    );
  }
}
