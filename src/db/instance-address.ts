import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { makeFolder } from './folder.ts';
import { keptSecret } from './kept-secret.ts';

/** Where the owner of a home listens, and the secret that both sides prove to know: on Linux anybody can see and reach the socket. */
export interface Address {
  readonly path: string;
  readonly secret: string;
}

export async function addressOf(given: string): Promise<Address> {
  await makeFolder(given, process.getuid?.() === 0 ? 0o711 : 0o700);
  const home = await realpath(given);
  const secret = await keptSecret(join(home, 'instance-secret'));
  const name = `foursight-${createHash('sha256').update(`${home}\n${secret}`).digest('hex').slice(0, 32)}`;
  // Abstract sockets and pipes vanish with their process; elsewhere a file may be left behind.
  if (process.platform === 'linux') return { path: `\0${name}`, secret };
  return { path: process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`), secret };
}

export const newChallenge = () => randomBytes(16).toString('hex');

export function isProof(given: unknown, secret: string, side: 'owner' | 'member', challenge: string): boolean {
  const expected = proofOf(secret, side, challenge);
  return (
    typeof given === 'string' &&
    given.length === expected.length &&
    timingSafeEqual(Buffer.from(given), Buffer.from(expected))
  );
}

export const proofOf = (secret: string, side: 'owner' | 'member', challenge: string): string =>
  createHmac('sha256', secret).update(`${side} ${challenge}`).digest('hex');

/** The owner's challenge, the member's proof with a challenge of its own, the owner's proof; announcements follow. */
export const challengeSchema = z.object({ challenge: z.string() });
export const memberProofSchema = z.object({ proof: z.string(), challenge: z.string() });
export const ownerProofSchema = z.object({ proof: z.string() });

/** A line of the conversation; undefined for anything else. */
export function parsed<T>(schema: z.ZodType<T>, line: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined; // not JSON: whoever says this is none of ours
  }
}
