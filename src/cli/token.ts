import { join } from 'node:path';
import { keptSecret } from '../db/kept-secret.ts';

/** The HTTP API's bearer token: generated once and kept, readable by its owner only, under `home`. */
export async function keptToken(home: string): Promise<string> {
  return (await keptSecret(join(home, 'http-token'))).trim();
}
