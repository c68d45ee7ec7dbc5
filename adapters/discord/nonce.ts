import { createHash } from 'node:crypto';
import { limits } from './limits.ts';

/** What Discord knows a message by that is sent once more within some minutes: the same for the same purpose. */
export const nonceOf = (purpose: string): string =>
  createHash('sha256').update(purpose).digest('base64url').slice(0, limits.nonce);
