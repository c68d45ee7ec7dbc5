import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { JobHandler, JobQueue } from '../../src/queue/job-queue.ts';
import { openAnswerQueue } from '../../src/queue/queues.ts';
import { quiet, startTestServer, type TestServer } from '../db/test-store.ts';
import { freePort, hasRedis, startRedis } from './redis-server.ts';

const runTs = fileURLToPath(new URL('../../bin/run-ts.mjs', import.meta.url));
const stuckWorker = fileURLToPath(new URL('./stuck-worker.ts', import.meta.url));

const handler = (work: JobHandler['work'], giveUp: JobHandler['giveUp'] = async () => undefined) => ({
  work,
  giveUp,
});

function suite(open: () => Promise<{ databaseUrl: string; redisUrl?: string }>): void {
  let address: { databaseUrl: string; redisUrl?: string };
  let queue: JobQueue;
  beforeAll(async () => {
    address = await open();
    queue = await openAnswerQueue(address, quiet);
  });
  afterAll(() => queue.close());

  /** Works with `answer` until `done` holds. */
  async function workUntil(answer: JobHandler['work'], done: () => boolean, giveUp?: JobHandler['giveUp']) {
    const worker = queue.work(handler(answer, giveUp), { concurrency: 8 });
    await vi.waitFor(() => expect(done()).toBe(true), { timeout: 15_000, interval: 10 });
    await worker.close();
  }

  it('works on each question once, however often it was queued', async () => {
    const ids = Array.from({ length: 20 }, () => randomUUID());
    await Promise.all([...ids, ...ids, ...ids].map((id) => queue.enqueue(id)));
    expect(await queue.orphans(ids)).toEqual([]);
    const seen: string[] = [];
    await workUntil(
      async (id) => {
        seen.push(id);
        return 'done';
      },
      () => seen.length >= ids.length,
    );
    expect(seen.sort()).toEqual([...ids].sort());
    expect(await queue.orphans(ids)).toEqual(ids);
    expect(await queue.counts()).toMatchObject({ waiting: 0, active: 0, failed: 0 });
  });

  it('shares questions between two workers without doing one twice', async () => {
    const ids = Array.from({ length: 30 }, () => randomUUID());
    const seen = { a: [] as string[], b: [] as string[] };
    const working = (name: 'a' | 'b') =>
      queue.work(
        handler(async (id) => {
          seen[name].push(id);
          return 'done';
        }),
        { concurrency: 2 },
      );
    const workers = [working('a'), working('b')];
    for (const id of ids) await queue.enqueue(id);
    await vi.waitFor(() => expect(seen.a.length + seen.b.length).toBe(ids.length), { timeout: 15_000 });
    await Promise.all(workers.map((worker) => worker.close()));
    expect([...seen.a, ...seen.b].sort()).toEqual([...ids].sort());
  });

  it('comes back to a question that has to wait, without using up its tries', async () => {
    const id = randomUUID();
    await queue.enqueue(id);
    let calls = 0;
    await workUntil(
      async () => {
        calls += 1;
        return calls < 8 ? 'again' : 'done';
      },
      () => calls === 8,
    );
  });

  it('tries a failing question again, then gives it up with the reason', async () => {
    const id = randomUUID();
    await queue.enqueue(id);
    let tries = 0;
    const reasons: string[] = [];
    await workUntil(
      async () => {
        tries += 1;
        throw new Error(`try ${tries}`);
      },
      () => reasons.length > 0,
      async (_, error) => {
        reasons.push(error.message);
      },
    );
    expect(reasons).toEqual(['try 4']);
    expect(await queue.orphans([id])).toEqual([id]);
  });

  it('takes over within 15 s what a killed worker held', async () => {
    const id = randomUUID();
    const child: ChildProcess = spawn(
      process.execPath,
      [runTs, stuckWorker, address.databaseUrl, ...(address.redisUrl === undefined ? [] : [address.redisUrl])],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await queue.enqueue(id);
    const [line] = await once(child.stdout ?? child, 'data');
    expect(String(line)).toContain(id);
    child.kill('SIGKILL');
    const killed = performance.now();
    const seen: string[] = [];
    await workUntil(
      async (questionId) => {
        seen.push(questionId);
        return 'done';
      },
      () => seen.includes(id),
    );
    expect(performance.now() - killed).toBeLessThan(15_000);
  });
}

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

describe('the queue on Postgres', () => {
  suite(async () => ({ databaseUrl: await server.fresh() }));

  it('says what to do when the database is down', async () => {
    const databaseUrl = `postgres://nobody@127.0.0.1:${await freePort()}/none`;
    await expect(openAnswerQueue({ databaseUrl }, quiet)).rejects.toMatchObject({ code: 'QUEUE_UNREACHABLE' });
  });
});

// Without redis-server on the PATH there is nothing to test against; .ci/run installs it.
describe.skipIf(!hasRedis())('the queue on Redis (left out when no redis-server is on the PATH)', () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());
  suite(async () => ({ databaseUrl: await server.fresh(), redisUrl: redis.url }));

  it('does not wait for a Redis that has gone, neither to queue nor to close', async () => {
    const gone = await startRedis();
    const queue = await openAnswerQueue({ databaseUrl: await server.fresh(), redisUrl: gone.url }, quiet);
    await gone.close();
    await expect(queue.enqueue(randomUUID())).rejects.toMatchObject({ code: 'QUEUE_UNREACHABLE' });
    await queue.close();
  });

  it('says what to do when Redis is down', async () => {
    const redisUrl = `redis://127.0.0.1:${await freePort()}`;
    await expect(openAnswerQueue({ databaseUrl: '', redisUrl }, quiet)).rejects.toMatchObject({
      code: 'QUEUE_UNREACHABLE',
      remedy: expect.stringContaining('REDIS_URL'),
    });
  });
});
