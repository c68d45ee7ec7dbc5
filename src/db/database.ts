import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { SQL } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import { FoursightError, messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import { connectClient, endClient } from './client.ts';

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));

/** The database cannot be reached, read or written. */
export class DatabaseError extends FoursightError {
  override readonly name = 'DatabaseError';
}

/** A database or a transaction of one. */
export interface Queryable {
  /** @throws DatabaseError, without the values of the query: they may be a person's words */
  execute<Row extends Record<string, unknown>>(query: SQL): Promise<{ readonly rows: Row[] }>;
}
export interface Db extends Queryable {
  /** Runs `work` again when the connection is lost in it. */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  readonly $client: pg.Pool;
}

/** Whether the trouble is the database's, not the query's: the same may go well later. */
export const isOutage = (error: unknown): boolean =>
  error instanceof DatabaseError && (passing.has(error.code) || error.code === 'DISK_FULL');

/** How long a query waits for a database that restarts. Every statement here may be repeated. */
const PATIENCE_MS = 8_000;
/** The same at the start, when the address may be wrong. */
const START_PATIENCE_MS = 3_000;
const FIRST_WAIT_MS = 50;
const SETTINGS = { casing: 'snake_case' } as const;
const passing = new Set(['DATABASE_DOWN', 'DATABASE_CONFLICT']);

/** @throws DatabaseError when the database is away for longer, or what else it says */
export async function persistently<T>(query: () => Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
  const until = performance.now() + patienceMs;
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait, 1_000)) {
    try {
      return await query();
    } catch (error) {
      if (error instanceof FoursightError && !(error instanceof DatabaseError)) throw error;
      const cause = explained(error);
      if (!passing.has(cause.code) || performance.now() + wait > until) throw cause;
      await delay(wait);
    }
  }
}

async function run<Row extends Record<string, unknown>>(
  on: Pick<NodePgDatabase, 'execute'>,
  query: SQL,
): Promise<{ rows: Row[] }> {
  const { rows } = await on.execute(query);
  return { rows: rows as Row[] };
}

/** Connects lazily; `connections` is the size of the pool. */
export function openDatabase(url: string, log: Log, connections = 12): Db {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: 15_000,
    application_name: 'foursight',
  });
  pool.on('error', (error) => log.warn({ cause: error.message }, 'a database connection was lost'));
  // One that is lost between two queries of a transaction would end the process; the next query fails anyway.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const db = drizzle(pool, SETTINGS);
  return {
    $client: pool,
    execute: (query) => persistently(() => run(db, query)),
    transaction: (work) => persistently(() => transact(pool, work)),
  };
}

/**
 * Drizzle's own transaction on a pool keeps the connection for ever when `begin` fails, as it does on one that broke just
 * after it was made; the pool then never says that it has ended.
 */
async function transact<T>(pool: pg.Pool, work: (tx: Queryable) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let failed = true;
  try {
    const result = await drizzle(client, SETTINGS).transaction((tx) => work({ execute: (query) => run(tx, query) }));
    failed = false;
    return result;
  } finally {
    // After a failure nobody knows whether it was rolled back: another connection is made.
    client.release(failed);
  }
}

export const closeDatabase = (db: Db): Promise<void> => db.$client.end();

/**
 * Brings the schema up to date; an advisory lock keeps processes that start together apart.
 * @throws DatabaseError when the database cannot be reached or refuses
 */
export async function migrateDatabase(url: string): Promise<void> {
  await persistently(() => migrateOnce(url), START_PATIENCE_MS);
}

async function migrateOnce(url: string): Promise<void> {
  const client = await connectClient(url);
  try {
    await client.query(`select pg_advisory_lock(hashtext('foursight migrations'))`);
    await migrate(drizzle(client), { migrationsFolder: MIGRATIONS });
  } finally {
    await endClient(client);
  }
}

const remedies: readonly (readonly [RegExp, string, string])[] = [
  [
    /ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|57P0[123]|08\d{3}\b|timeout|terminat|not queryable/i,
    'DATABASE_DOWN',
    'Start the database or correct DATABASE_URL; nothing that was stored is lost.',
  ],
  [
    /password authentication|role .* does not exist|no pg_hba/i,
    'DATABASE_REFUSED',
    'Correct the user and password in DATABASE_URL.',
  ],
  [
    /No space left|disk full|could not extend/i,
    'DISK_FULL',
    'Make room on the disk of the database, then try again; nothing that was stored is lost.',
  ],
  [/40P01|40001/, 'DATABASE_CONFLICT', 'Try again.'],
  [
    /permission denied/i,
    'DATABASE_REFUSED',
    'Give the user of DATABASE_URL the right to create tables in its database.',
  ],
];

/**
 * A DatabaseError with a remedy for whatever the driver threw. Drizzle's own error around it is left out: its message holds
 * the values of the query.
 */
export function explained(error: unknown): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const text = `${messageOf(cause)} ${(cause as { code?: unknown }).code}`;
  const [, code, remedy] = remedies.find(([pattern]) => pattern.test(text)) ?? [
    undefined,
    'DATABASE_FAILED',
    'See the cause in the log; `foursight doctor` checks the set-up.',
  ];
  return new DatabaseError(code, `the database failed: ${messageOf(cause)}`, remedy, { cause });
}
