import { describe, expect, it, vi } from 'vitest';
import { startWorkerProcess } from '../../src/cli/worker-process.ts';
import { quiet } from '../db/test-store.ts';
import { freePort } from '../queue/redis-server.ts';

/** Long before a worker that does not react would be killed. */
const PROMPTLY_MS = 10_000;

describe('the worker process', () => {
  it('ends promptly while it still waits to be told where the database is', async () => {
    const worker = startWorkerProcess(new Promise(() => undefined), quiet);
    const begun = performance.now();
    await worker.close();
    expect(performance.now() - begun).toBeLessThan(PROMPTLY_MS);
  });

  it('is started again when the database is away at its start, which is no reason to give up', async () => {
    const url = `postgres://nobody@127.0.0.1:${await freePort()}/none`;
    const worker = startWorkerProcess(Promise.resolve(url), quiet);
    const failed = vi.fn();
    worker.failed.catch(failed);
    const first = worker.pid();
    await vi.waitFor(() => expect(worker.pid()).not.toBe(first), { timeout: 50_000, interval: 50 });
    await worker.close();
    expect(failed).not.toHaveBeenCalled();
  }, 60_000);
});
