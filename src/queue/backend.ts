import { setTimeout as delay } from 'node:timers/promises';
import * as bullmq from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import { FoursightError, messageOf } from '../errors.ts';
import type { Log } from '../log.ts';

/** The queue cannot be reached or prepared. */
export class QueueError extends FoursightError {
  override readonly name = 'QueueError';
}

export interface QueueAddress {
  readonly databaseUrl: string;
  /** With it the queue runs on Redis, otherwise on the database. */
  readonly redisUrl?: string | undefined;
  /** How many connections the Postgres backend may hold. */
  readonly connections?: number;
}

const CONNECT_MS = 15_000;

type WorkerClass = Pick<typeof bullmq, 'Worker'>['Worker'];
type QueueClass = Pick<typeof bullmq, 'Queue'>['Queue'];

/** BullMQ's classes and a connection, the same for both backends. */
export interface Backend {
  readonly name: 'postgres' | 'redis';
  readonly Queue: QueueClass;
  readonly Worker: WorkerClass;
  readonly connection: bullmq.ConnectionOptions;
  close(): Promise<void>;
}

/** @throws QueueError when the server cannot be reached */
export async function openBackend(address: QueueAddress, log: Log): Promise<Backend> {
  return address.redisUrl === undefined ? openPostgres(address, log) : openRedis(address.redisUrl, log);
}

async function openPostgres({ databaseUrl, connections = 6 }: QueueAddress, log: Log): Promise<Backend> {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    options: '-c search_path=bullmq',
    max: connections,
    connectionTimeoutMillis: CONNECT_MS,
    application_name: 'foursight queue',
  });
  pool.setMaxListeners(64);
  pool.on('error', (error) => log.warn({ cause: error.message }, 'the queue lost a connection'));
  // One that is lost while it is in use would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  try {
    await patiently(() => migrateQueue(databaseUrl));
  } catch (error) {
    await pool.end();
    throw new QueueError(
      'QUEUE_UNREACHABLE',
      `the queue's tables could not be prepared: ${messageOf(error)}`,
      'Check that the database runs and that its user may create a schema.',
      { cause: error },
    );
  }
  const { Queue, Worker } = bullmq.withBackend(
    (name: string, options: bullmq.QueueBaseOptions<bullmq.PostgresConnectionOptions>) =>
      new bullmq.PostgresQueueBackend(new PreparedConnection(options.connection), name, options, true),
  );
  return {
    name: 'postgres',
    Queue: Queue as unknown as QueueClass,
    Worker: Worker as unknown as WorkerClass,
    connection: pool as unknown as bullmq.ConnectionOptions,
    close: () => pool.end(),
  };
}

/**
 * BullMQ looks at its tables once for a connection and keeps the outcome, a failure too: a queue that is opened while the
 * database restarts would fail for ever, and a worker would try again at once, for ever, before anything else of its
 * process had its turn. Whoever opens the backend has looked already.
 */
class PreparedConnection extends bullmq.PostgresConnection {
  override waitUntilReady(): Promise<void> {
    return Promise.resolve();
  }
}

/** A database that restarts is back soon; one that was never there is told of soon too. */
async function patiently(work: () => Promise<void>): Promise<void> {
  for (const wait of [100, 200, 400, 800, 1_600]) {
    try {
      return await work();
    } catch {
      await delay(wait);
    }
  }
  await work();
}

/** Creates BullMQ's tables; an advisory lock keeps processes that start together apart. */
async function migrateQueue(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: CONNECT_MS });
  // Without a listener a connection that breaks would end the process; the query that runs on it fails anyway.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(`select pg_advisory_lock(hashtext('foursight queue migrations'))`);
    await bullmq.runMigrations(client);
  } finally {
    await client.end();
  }
}

async function openRedis(url: string, log: Log): Promise<Backend> {
  const redis = new Redis(url, { maxRetriesPerRequest: null, lazyConnect: true, connectTimeout: 5_000 });
  redis.on('error', (error) => log.warn({ cause: error.message }, 'the queue lost its connection to Redis'));
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    redis.disconnect();
    throw new QueueError(
      'QUEUE_UNREACHABLE',
      `Redis cannot be reached: ${messageOf(error)}`,
      'Start Redis, correct REDIS_URL, or unset it to run the queue on Postgres.',
      { cause: error },
    );
  }
  return {
    name: 'redis',
    Queue: bullmq.Queue,
    Worker: bullmq.Worker,
    connection: redis as unknown as bullmq.ConnectionOptions,
    close: async () => {
      // Without a server the farewell would wait for its return.
      if (redis.status !== 'ready') return redis.disconnect();
      await redis.quit().catch(() => redis.disconnect());
    },
  };
}
