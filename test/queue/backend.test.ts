import { once } from 'node:events';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Backend, openBackend } from '../../src/queue/backend.ts';
import { quiet, startTestServer, type TestServer } from '../db/test-store.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
}, 120_000);
afterAll(() => server.close());

/** A backend whose first connection breaks at the first thing that is asked of it, which `broken` waits for. */
async function openBroken(databaseUrl: string): Promise<Backend & { broken: Promise<unknown> }> {
  const backend = await openBackend({ databaseUrl }, quiet);
  onTestFinished(() => backend.close());
  const pool = backend.connection as unknown as pg.Pool;
  pool.once('connect', (client) => {
    client.query('select pg_terminate_backend(pg_backend_pid())').catch(() => undefined);
  });
  return { ...backend, broken: once(pool, 'remove') };
}

describe('a queue on Postgres whose first connection breaks', () => {
  it('goes on with the next one, and so does a worker', { timeout: 60_000 }, async () => {
    const databaseUrl = await server.fresh();
    const { Queue, connection, broken } = await openBroken(databaseUrl);
    const queue = new Queue('broken', { connection });
    onTestFinished(() => queue.close());
    await broken;
    await queue.add('job', {}, { jobId: 'kept' });

    const other = await openBroken(databaseUrl);
    const seen: unknown[] = [];
    const worker = new other.Worker('broken', async ({ id }) => seen.push(id), { connection: other.connection });
    onTestFinished(() => worker.close());
    worker.on('error', () => undefined);
    await new Promise((resolve) => worker.on('completed', resolve));
    expect(seen).toEqual(['kept']);
  });
});
