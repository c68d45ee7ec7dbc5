import { fileURLToPath } from 'node:url';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import { FoursightError, messageOf } from '../errors.ts';
import type { Log } from '../log.ts';

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));

/** The database cannot be reached, read or written. */
export class DatabaseError extends FoursightError {
  override readonly name = 'DatabaseError';
}

export type Db = NodePgDatabase & { readonly $client: pg.Pool };
/** A database or a transaction of one. */
export type Queryable = Pick<Db, 'select' | 'insert' | 'update' | 'delete' | 'execute'>;

/** Connects lazily; `connections` is the size of the pool. */
export function openDatabase(url: string, log: Log, connections = 12): Db {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: 15_000,
    application_name: 'foursight',
  });
  pool.on('error', (error) => log.warn({ cause: error.message }, 'a database connection was lost'));
  return drizzle(pool, { casing: 'snake_case' });
}

export const closeDatabase = (db: Db): Promise<void> => db.$client.end();

/**
 * Brings the schema up to date; an advisory lock keeps processes that start together apart.
 * @throws DatabaseError when the database cannot be reached or refuses
 */
export async function migrateDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 15_000 });
  // Without a listener a connection that breaks would end the process; the query that runs on it fails anyway.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(`select pg_advisory_lock(hashtext('foursight migrations'))`);
    await migrate(drizzle(client), { migrationsFolder: MIGRATIONS });
  } catch (error) {
    throw explained(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

const remedies: readonly (readonly [RegExp, string, string])[] = [
  [
    /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|timeout|terminated/i,
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
  [
    /permission denied/i,
    'DATABASE_REFUSED',
    'Give the user of DATABASE_URL the right to create tables in its database.',
  ],
];

/** A DatabaseError with a remedy for whatever the driver threw. */
export function explained(error: unknown): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const text = [messageOf(cause), (cause as { code?: unknown }).code, messageOf(error)].join(' ');
  const [, code, remedy] = remedies.find(([pattern]) => pattern.test(text)) ?? [
    undefined,
    'DATABASE_FAILED',
    'See the cause in the log; `foursight doctor` checks the set-up.',
  ];
  return new DatabaseError(code, `the database failed: ${messageOf(cause)}`, remedy, { cause: error });
}
