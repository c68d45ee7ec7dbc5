import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { promoteAfterGate } from '../../src/db/policy-store.ts';
import { liveStack } from '../../src/domain/policy.ts';
import { openTestStore, questionOf, startTestServer, type TestServer, type TestStore } from '../db/test-store.ts';
import { contrary, gateReport, makeCandidate, workspaceOf } from './candidates.ts';

let server: TestServer;
let store: TestStore;
let workspaceId: string;
beforeAll(async () => {
  server = await startTestServer();
  store = await openTestStore(await server.fresh());
}, 180_000);
afterAll(async () => {
  await store.close();
  await server.close();
});
beforeEach(async () => {
  workspaceId = await workspaceOf(store, randomUUID());
});

// What is stored need not be weights here.
const weights = contrary({ bytes: Buffer.from('weights') });
const make = (gate?: boolean) =>
  makeCandidate(store.db, workspaceId, { weights, ...(gate !== undefined && { gate: gateReport(gate) }) });
const promote = (version: number, force = false, reason: string | null = null) =>
  store.loop.promote({ workspaceId, version, force, reason });
const rollback = (reason: string | null = null) => store.loop.rollback({ workspaceId, reason });
const log = async () =>
  (
    await store.db.execute<{ version: number; reason: string }>(
      sql`select version, reason from promotions where workspace_id = ${workspaceId} order by id`,
    )
  ).rows;
const liveOf = async () => (await store.loop.policies(workspaceId)).find(({ status }) => status === 'live')?.version;

describe('promoting', () => {
  it('makes a version live that its gate let pass, and appends a row', async () => {
    await make(true);
    expect(await promote(1)).toEqual({ version: 1, previous: 0, reason: 'promoted by hand' });
    await make(true);
    expect(await promote(2, false, 'better at dates')).toMatchObject({ version: 2, previous: 1 });
    expect(await store.loop.policies(workspaceId)).toMatchObject([
      { version: 2, status: 'live', parent: 1, reason: 'better at dates', promotedAt: expect.any(String) },
      { version: 1, status: 'retired', parent: 0 },
      { version: 0, status: 'retired', parent: null },
    ]);
    expect(await log()).toEqual([
      { version: 1, reason: 'promoted by hand' },
      { version: 2, reason: 'better at dates' },
    ]);
  });

  it('refuses an unknown version and the live one', async () => {
    await expect(promote(7)).rejects.toMatchObject({ code: 'POLICY_UNKNOWN', message: expect.stringContaining('7') });
    await expect(promote(0)).rejects.toMatchObject({ code: 'POLICY_LIVE' });
    await make(true);
    await promote(1);
    await expect(promote(1, true)).rejects.toMatchObject({ code: 'POLICY_LIVE' });
    expect(await log()).toHaveLength(1);
  });

  it('refuses a version without a pass of its gate, with the reasons, unless it is forced', async () => {
    await make(false);
    await make();
    await expect(promote(1)).rejects.toMatchObject({
      code: 'POLICY_UNGATED',
      message: expect.stringContaining('refused policy version 1: dates: at least −8.1 points'),
      remedy: expect.stringContaining('--force'),
    });
    await expect(promote(2)).rejects.toThrow('has not been through its gate');
    expect(await promote(1, true)).toMatchObject({ reason: 'forced by hand' });
    expect(await promote(2, true, 'to try it')).toMatchObject({ reason: 'forced: to try it' });
  });

  it('asks no gate of the base model, nor of versions that were live before', async () => {
    await make(false);
    await promote(1, true);
    await promote(0);
    expect(await promote(1)).toMatchObject({ version: 1, previous: 0 });
  });

  it('by several people at once happens once', async () => {
    await make(true);
    const tries = await Promise.allSettled(Array.from({ length: 6 }, () => promote(1)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await log()).toHaveLength(1);
  });

  it('by a run that goes on after a crash happens once, and not where another version went live meanwhile', async () => {
    const held = { workspaceId, ...(await make(true)) };
    for (let i = 0; i < 2; i += 1)
      expect(await promoteAfterGate(store.db, held, { version: 1, live: 0, reason: 'gate' })).toBe(1);
    expect(await log()).toEqual([{ version: 1, reason: 'gate' }]);
    const next = { workspaceId, ...(await make(true)) };
    await promote(0);
    expect(await promoteAfterGate(store.db, next, { version: 2, live: 1, reason: 'gate' })).toBe(0);
  });

  it('is in the details of a version, with its run, its gate and its figures', async () => {
    const { runId } = await make(true);
    await promote(1, false, 'good');
    expect(await store.loop.policy(workspaceId, 1)).toMatchObject({
      ...{ version: 1, status: 'live', kind: 'full', parent: 0, runId, gate: 'passed' },
      settings: { learningRate: 1e-6 },
      gateReport: gateReport(true),
      evaluations: [
        { benchmark: 'dates', accuracy: 0.8, correct: 16, total: 20, runId },
        { benchmark: 'gate', accuracy: 0.8, correct: 32, total: 40, runId },
      ],
      promotions: [{ version: 1, reason: 'good', runId: null }],
    });
    expect(await store.loop.policy(workspaceId, 0)).toMatchObject({ kind: 'base', gate: 'none', promotions: [] });
    await expect(store.loop.policy(workspaceId, 2)).rejects.toMatchObject({ code: 'POLICY_UNKNOWN' });
  });
});

describe('rolling back', () => {
  it('goes to the version that was live before, step by step down to the base', async () => {
    await expect(rollback()).rejects.toMatchObject({ code: 'NO_POLICY_BEFORE' });
    for (const version of [1, 2]) {
      await make(true);
      await promote(version);
    }
    expect(await rollback('worse')).toEqual({ version: 1, previous: 2, reason: 'rolled back from 2: worse' });
    expect(await rollback()).toEqual({ version: 0, previous: 1, reason: 'rolled back from 1' });
    await expect(rollback()).rejects.toMatchObject({ code: 'NO_POLICY_BEFORE' });
    expect((await log()).map(({ version }) => version)).toEqual([1, 2, 1, 0]);
    expect(await store.loop.policies(workspaceId)).toMatchObject([
      { version: 2, status: 'retired' },
      { version: 1, status: 'retired' },
      { version: 0, status: 'live', reason: 'rolled back from 1' },
    ]);
    expect(await liveOf()).toBe(0);
  });

  it.each([
    [[], [0]],
    [
      [1, 2, 3],
      [0, 1, 2, 3],
    ],
    [
      [1, 2, 1],
      [0, 1],
    ],
    [
      [1, 2, 1, 3],
      [0, 1, 3],
    ],
    [
      [1, 2, 3, 1],
      [0, 1, 2, 3, 1],
    ],
    [
      [1, 2, 3, 1, 3],
      [0, 1, 2, 3],
    ],
    [[1, 1, 0, 0], [0]],
  ])('after %j there are %j', (promoted, stack) => {
    expect(liveStack(promoted)).toEqual(stack);
  });
});

describe('direct messages', () => {
  const ofAda = { platform: 'http', workspace: 'local', person: { key: 'ada', name: 'Ada' } };

  it('are trained on only if their author says so, who need not have been here', async () => {
    const bob = { platform: 'slack', workspace: 'T1', person: { key: 'U1', name: 'Bob' } };
    expect(await store.loop.trainsOnDirect(bob)).toBe(false);
    await store.loop.setTrainsOnDirect(bob, true);
    expect(await store.loop.trainsOnDirect(bob)).toBe(true);
    expect(await store.loop.trainsOnDirect(ofAda)).toBe(false);
    await store.loop.setTrainsOnDirect(bob, false);
    expect(await store.loop.trainsOnDirect(bob)).toBe(false);
  });

  it('leave the setting alone when they are asked', async () => {
    await store.loop.setTrainsOnDirect(ofAda, true);
    await store.loop.ask(questionOf('direct', { isDirect: true }));
    expect(await store.loop.trainsOnDirect(ofAda)).toBe(true);
  });
});
