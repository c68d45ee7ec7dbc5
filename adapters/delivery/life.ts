import type { ChatDesk } from '../../src/domain/chat.ts';
import { FoursightError, messageOf } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import type { Post } from './post.ts';
import { type Timers, waitFor } from './timers.ts';

/** Deliveries at a time: most of them wait for their place's turn. */
const CONCURRENCY = 32;
/** How long the start waits for the platform. */
const START_MS = 10_000;
/** At first, and at most, between two tries to connect. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

export interface LifeOptions {
  readonly platform: string;
  /** As people write it. */
  readonly name: string;
  readonly desk: Pick<ChatDesk, 'deliver'>;
  readonly log: Log;
  readonly timers: Timers;
  /** Is aborted once nothing more comes in. */
  readonly closing: AbortController;
  /** @throws FoursightError where trying again changes nothing; anything else is tried again */
  connect(): Promise<void>;
  /** Nothing more comes in after it. */
  disconnect(): Promise<void>;
  readonly post: Post;
  /** Resolves when nothing is being handled. */
  settled(): Promise<void>;
  /** Ends what is left once everything is handled and posted. */
  end(): Promise<void>;
}

/** The beginning and the end of an adapter. */
export interface Life {
  /** @throws FoursightError where the platform refuses to be connected to at all */
  start(): Promise<void>;
  /** Takes nothing more in, lets what is being handled and posted end, and leaves the rest to the next start. */
  close(): Promise<void>;
}

export function createLife(options: LifeOptions): Life {
  const { platform, name, desk, log, timers, closing, post } = options;
  const delivering = new AbortController();
  let delivery: Promise<void> = Promise.resolve();

  async function connect(): Promise<void> {
    const { signal } = closing;
    for (let waitMs = FIRST_WAIT_MS; !signal.aborted; waitMs = Math.min(LONGEST_WAIT_MS, 2 * waitMs)) {
      try {
        return await options.connect();
      } catch (error) {
        if (error instanceof FoursightError) throw error;
        log.warn({ cause: messageOf(error), waitMs }, `${name} cannot be reached; it is tried again`);
        await waitFor(timers, waitMs, signal);
      }
    }
  }

  return {
    async start() {
      const connecting = connect();
      connecting.catch((error: unknown) => log.error({ cause: messageOf(error) }, `${name} cannot be connected to`));
      // A platform that cannot be reached is waited for while everything else goes on.
      await Promise.race([connecting, waitFor(timers, START_MS, closing.signal)]);
      delivery = desk.deliver(platform, post, { signal: delivering.signal, concurrency: CONCURRENCY });
    },
    async close() {
      await options.disconnect();
      closing.abort();
      await options.settled();
      delivering.abort();
      await delivery;
      await options.end();
    },
  };
}
