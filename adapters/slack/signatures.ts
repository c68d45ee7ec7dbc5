import { createHash } from 'node:crypto';
import type { Logger } from '@slack/bolt';
import type { ChatDesk } from '../../src/domain/chat.ts';
import { messageOf } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import type { Timers } from '../delivery/timers.ts';
import { PLATFORM } from './context.ts';
import { tsOf } from './times.ts';

const NOTE_MS = 60_000;

/** Where it is noted when a request was refused under this secret; another secret has not refused anything yet. */
export const refusedPlace = (signingSecret: string): string =>
  `refused ${createHash('sha256').update(`foursight ${signingSecret}`).digest('hex').slice(0, 8)}`;

export interface SignatureWatchOptions {
  readonly signingSecret: string;
  readonly desk: ChatDesk;
  readonly log: Log;
  readonly timers: Timers;
  /** The workspaces that can be reached. */
  readonly keys: () => Promise<readonly string[]>;
}

/**
 * Notices requests that are signed, though not with the signing secret, so that whoever has set a wrong one is told: by the log, and
 * by doctor. The SDK tells only its log of them.
 */
export function watchSignatures(
  sdk: Logger,
  { signingSecret, desk, log, timers, keys }: SignatureWatchOptions,
  inBackground: (what: string, work: () => Promise<unknown>) => void,
): Logger {
  let notedAt = Number.NEGATIVE_INFINITY;
  async function note(): Promise<void> {
    for (const key of await keys())
      await desk.setReadUpTo(PLATFORM, key, refusedPlace(signingSecret), tsOf(Date.now()));
  }
  return {
    ...sdk,
    warn(...said: unknown[]) {
      sdk.warn(...said);
      if (!said.map(messageOf).join(' ').includes('signature mismatch') || timers.now() - notedAt < NOTE_MS) return;
      notedAt = timers.now();
      log.warn('a request was refused: its signature does not fit SLACK_SIGNING_SECRET; is that the one of this app?');
      inBackground('noting a refused request', note);
    },
  };
}
