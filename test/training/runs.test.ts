import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  addToReport,
  claimRun,
  endRun,
  failRun,
  type HeldRun,
  insertStep,
  readCheckpoint,
} from '../../src/db/run-queries.ts';
import { sweepOnce } from '../../src/loop/sweep.ts';
import { openTestStore, startTestServer, type TestServer, type TestStore } from '../db/test-store.ts';

let server: TestServer;
let store: TestStore;
let workspaceId: string;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());
beforeEach(async () => {
  store = await openTestStore(await server.fresh());
  workspaceId = randomUUID();
  await store.db.execute(sql`insert into workspaces (id, platform, key) values (${workspaceId}, 'slack', 'T1')`);
  return () => store.close();
});

const wish = { by: 'admin', seed: 0 } as const;
const begin = () => store.loop.retrain(workspaceId, wish);

async function claimed(worker = 'a'): Promise<HeldRun> {
  const { runId } = await begin();
  const held = await claimRun(store.db, runId, worker, { zone: 'UTC' });
  if (held === undefined) throw new Error('the run cannot be claimed');
  return held;
}

const stepOf = (step: number, bytes = Buffer.alloc(9_000_000, step)) => ({
  metrics: { step, reward: step / 10, phases: { rollouts: 1 } },
  report: { rewardAfter: step / 10 },
  checkpoint: { step, position: { step, source: ['a', 0.1 + 0.2] }, bytes },
});

describe('runs of training', { timeout: 60_000 }, () => {
  it('are one at a time in a workspace: of several asked for at once one begins, and the others are told which', async () => {
    const receipts = await Promise.all(Array.from({ length: 6 }, begin));
    expect(receipts.filter(({ started }) => started)).toHaveLength(1);
    expect(new Set(receipts.map(({ runId }) => runId)).size).toBe(1);
    const held = await claimed();
    expect(held.runId).toBe(receipts[0]?.runId);
    await endRun(store.db, held, { status: 'no update', reason: 'too few votes' });
    expect((await begin()).started).toBe(true);
  });

  it('asked for twice with one id are one run', async () => {
    const runId = randomUUID();
    expect(await store.loop.retrain(workspaceId, wish, runId)).toEqual({ runId, started: true });
    expect(await store.loop.retrain(workspaceId, wish, runId)).toEqual({ runId, started: true });
    expect(await store.loop.runs(workspaceId, 10)).toHaveLength(1);
  });

  it('go on from their last step, whole, with the worker that took them over last and no other', async () => {
    const first = await claimed('a');
    expect(await readCheckpoint(store.db, first.runId)).toBeUndefined();
    for (const step of [1, 2]) expect(await insertStep(store.db, first, stepOf(step))).toBe('stored');
    const second = await claimRun(store.db, first.runId, 'b', { zone: 'Europe/Berlin' });
    expect(second).toMatchObject({ epoch: first.epoch + 1, claims: 1, report: { rewardAfter: 0.2 } });
    expect(second?.settings).toMatchObject({ terms: { zone: 'UTC' } });
    expect(await claimRun(store.db, first.runId, 'c')).toMatchObject({ claims: 2 });
    expect(await insertStep(store.db, first, stepOf(3))).toBe('lost');
    expect(await addToReport(store.db, first, { rewardAfter: 1 })).toBe(false);
    expect(await endRun(store.db, first, { status: 'done', reason: '' })).toBe(false);
    const { checkpoint } = stepOf(2);
    const read = await readCheckpoint(store.db, first.runId);
    expect(read).toMatchObject({ step: 2, position: checkpoint.position });
    // Compared at once: one matcher over nine million bytes takes a minute.
    expect(read?.bytes.equals(checkpoint.bytes)).toBe(true);
    const run = await store.loop.run(first.runId, 1);
    expect(run).toMatchObject({ status: 'running', steps: 2, metrics: [stepOf(2).metrics] });
  });

  it('keep no checkpoint when they are over', async () => {
    const held = await claimed();
    await insertStep(store.db, held, stepOf(1));
    expect(await endRun(store.db, held, { status: 'done', reason: 'passed' })).toBe(true);
    expect(await readCheckpoint(store.db, held.runId)).toBeUndefined();
    expect(await claimRun(store.db, held.runId, 'b')).toBeUndefined();
    await failRun(store.db, held.runId, 'too late');
    expect(await store.loop.run(held.runId)).toMatchObject({ status: 'done', reason: 'passed' });
  });

  it('say so when a checkpoint is damaged', async () => {
    const held = await claimed();
    await insertStep(store.db, held, stepOf(1));
    await store.db.execute(sql`update training_checkpoint_chunks set bytes = set_byte(bytes, 5, 77) where chunk = 1`);
    await expect(readCheckpoint(store.db, held.runId)).rejects.toMatchObject({ code: 'STORED_WEIGHTS_DAMAGED' });
  });

  it('end after their step when somebody wants it', async () => {
    const held = await claimed();
    expect(await store.loop.stopRun(held.runId)).toBe(true);
    expect(await insertStep(store.db, held, stepOf(1))).toBe('stop');
    await endRun(store.db, held, { status: 'done', reason: '' });
    expect(await store.loop.stopRun(held.runId)).toBe(false);
  });

  it('that no job holds are queued again', async () => {
    const held = await claimed();
    const seen: string[] = [];
    const work = async (runId: string) => {
      seen.push(runId);
      return 'done' as const;
    };
    const worker = store.setting.training.work({ work, giveUp: async () => undefined }, { concurrency: 1 });
    await vi.waitFor(() => expect(seen).toEqual([held.runId]), { timeout: 10_000 });
    await vi.waitFor(async () => expect(await store.setting.training.orphans([held.runId])).toEqual([held.runId]));
    await sweepOnce(store.setting);
    await vi.waitFor(() => expect(seen).toEqual([held.runId, held.runId]), { timeout: 10_000 });
    await worker.close();
  });
});
