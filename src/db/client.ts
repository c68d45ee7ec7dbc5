import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

const CONNECT_MS = 15_000;
const FAREWELL_MS = 1_000;

/** Fails when `work` takes longer: a server that fell silent neither takes a connection nor ends one. */
export async function within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  const done = new AbortController();
  const late = delay(ms, undefined, { signal: done.signal }).then(() => {
    throw new Error(`timeout: ${what} took more than ${ms} ms`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    done.abort();
  }
}

/** A connection of its own, outside of the pools. @throws what the driver throws, within 15 s */
export async function connectClient(url: string, settings: pg.ClientConfig = {}): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS, ...settings });
  // Without a listener a connection that breaks would end the process; the query that runs on it fails anyway.
  client.on('error', () => undefined);
  try {
    await within(CONNECT_MS + FAREWELL_MS, 'connecting', client.connect());
    return client;
  } catch (error) {
    await endClient(client);
    throw error;
  }
}

/** Ends a connection; one that the server does not end as well is left to the operating system after a second. */
export async function endClient(client: pg.Client): Promise<void> {
  await within(FAREWELL_MS, 'ending a connection', client.end()).catch(() => undefined);
}
