import { setTimeout as delay } from 'node:timers/promises';
import { type SQL, sql } from 'drizzle-orm';
import type pg from 'pg';
import type { Log } from '../log.ts';
import { connectClient, endClient } from './client.ts';
import { explained, persistently } from './database.ts';

const CHANNEL = 'foursight_progress';

/** An expression for a select list: tells every listener, once the transaction commits, that something happened to a question. */
export const announce = (subject: SQL): SQL => sql`pg_notify('${sql.raw(CHANNEL)}', (${subject})::text)`;

/** What to subscribe to for the rows of a platform's outbox. */
export const outboxOf = (platform: string): string => `outbox ${platform}`;

/** The same for a platform's outbox: something is to be posted. */
export const announceOutbox = (platform: SQL): SQL => announce(sql`'outbox ' || ${platform}`);

/** Tells who listens that something happened to a question, or to an outbox. What happened is read from the tables. */
export interface ProgressChannel {
  /** Calls back on every change, and after every gap in listening, when a change may have been missed. */
  subscribe(subject: string, onChange: () => void): () => void;
  close(): Promise<void>;
}

/**
 * One listening connection for the whole process, which reconnects for as long as it takes.
 * @throws DatabaseError when the first connection cannot be made
 */
export async function openProgressChannel(url: string, log: Log): Promise<ProgressChannel> {
  const subscribers = new Map<string, Set<() => void>>();
  const closing = new AbortController();
  let reconnecting: Promise<void> = Promise.resolve();
  let client = await persistently(listen);

  async function listen(): Promise<pg.Client> {
    const fresh = await connectClient(url, { application_name: 'foursight progress', keepAlive: true });
    fresh.on('notification', ({ payload = '' }) => {
      for (const onChange of subscribers.get(payload) ?? []) onChange();
    });
    fresh.on('error', (error) => log.warn({ cause: error.message }, 'listening for progress was interrupted'));
    try {
      await fresh.query(`listen ${CHANNEL}`);
    } catch (error) {
      await endClient(fresh);
      throw explained(error);
    }
    fresh.on('end', () => {
      reconnecting = reconnect();
    });
    return fresh;
  }

  async function reconnect(): Promise<void> {
    for (let wait = 50; !closing.signal.aborted; wait = Math.min(2 * wait, 2_000)) {
      try {
        await delay(wait, undefined, { signal: closing.signal });
        client = await listen();
        for (const set of subscribers.values()) for (const onChange of set) onChange();
        return;
      } catch (error) {
        log.debug({ cause: String(error) }, 'listening for progress cannot go on yet');
      }
    }
  }

  return {
    subscribe(subject, onChange) {
      const set = subscribers.get(subject) ?? new Set();
      subscribers.set(subject, set.add(onChange));
      return () => {
        set.delete(onChange);
        if (set.size === 0 && subscribers.get(subject) === set) subscribers.delete(subject);
      };
    },
    async close() {
      closing.abort();
      await reconnecting;
      client.removeAllListeners('end');
      await endClient(client);
    },
  };
}
