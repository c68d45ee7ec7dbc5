import { sql } from 'drizzle-orm';
import { describe, expect, it, vi } from 'vitest';
import { addToReport, claimRun, endRun, failRun, type HeldRun } from '../../src/db/run-queries.ts';
import type { Delivery } from '../../src/domain/chat.ts';
import { nightReport } from '../../src/domain/night-report.ts';
import type { TestStore } from '../db/test-store.ts';
import { withStore } from '../db/with-store.ts';
import { PLATFORM, startDelivery } from './chat-team.ts';

let store: TestStore;
withStore((opened) => {
  store = opened;
});

const rated = {
  ...{ votes: 12, up: 9, down: 3, answers: 7, people: 3, direct: 1, unusable: 0 },
  ...{ meanReward: 0.6, rewardDeviation: 0.2, noUpdate: null },
};

async function claimed(workspaceId: string, by: 'schedule' | 'admin'): Promise<HeldRun> {
  const { runId } = await store.loop.retrain(workspaceId, { by, seed: 1 });
  const held = await claimRun(store.db, runId, 'w1');
  if (held === undefined) throw new Error('the run cannot be claimed');
  return held;
}

const end = (held: HeldRun, reason: string) =>
  store.db.transaction((tx) => endRun(tx, held, { status: 'no update', reason }));

describe('the report of a night', () => {
  it('is posted once when a nightly run of a chat workspace has ended, however it ended', async () => {
    const workspaceId = await store.desk.workspaceId(PLATFORM, 'T1');
    const seen: Delivery[] = [];
    const delivery = startDelivery(store, async (item) => void seen.push(item));
    const first = await claimed(workspaceId, 'schedule');
    await addToReport(store.db, first, { rated });
    expect(await end(first, 'too few votes')).toBe(true);
    expect(await end(first, 'too few votes')).toBe(false);
    await vi.waitFor(() => expect(seen).toHaveLength(1), { timeout: 10_000 });
    const second = await claimed(workspaceId, 'schedule');
    await failRun(store.db, second.runId, 'the disk is full.');
    await failRun(store.db, second.runId, 'the disk is full.');
    await vi.waitFor(() => expect(seen).toHaveLength(2), { timeout: 10_000 });
    await delivery.stop();
    expect(seen).toMatchObject([
      { workspace: 'T1', kind: 'report', question: null, answer: null, posts: [], attempt: 1 },
      { workspace: 'T1', kind: 'report', text: expect.stringContaining('The disk is full.') },
    ]);
    expect(seen[0]?.text).toContain('Too few votes');
    expect(seen[0]?.text).toContain('12 (👍 9, 👎 3) on 7 answers, by 3 people');
  });

  it('is not made of a run that an admin asked for, nor of this machine’s own workspace', async () => {
    const workspaceId = await store.desk.workspaceId(PLATFORM, 'T2');
    await end(await claimed(workspaceId, 'admin'), 'too few votes');
    const local = await store.desk.workspaceId('http', 'local');
    await end(await claimed(local, 'schedule'), 'too few votes');
    const { rows } = await store.db.execute(sql`select from outbox where workspace_id in (${workspaceId}, ${local})`);
    expect(rows).toEqual([]);
  });

  it('says what came of it, what it was trained on, the rewards and the gate', () => {
    const gate = {
      ...{ passed: true, reasons: [], summary: '71.0 % against 70.2 %', kinds: [], ms: 1 },
      overall: { kind: 'overall', total: 1, candidate: 1, opponents: [] },
    };
    expect(
      nightReport({
        startedAt: '2026-11-03T03:00:00.000Z',
        steps: 12,
        reason: 'policy 4 passed the gate and is live',
        report: { rated, rewardBefore: 0.6, rewardAfter: 0.712, gate },
      }).split('\n'),
    ).toEqual([
      '**Training of the night of 2026-11-03**',
      'Policy 4 passed the gate and is live',
      '- Votes: 12 (👍 9, 👎 3) on 7 answers, by 3 people',
      '- Left out: 1 answer to direct messages whose authors did not opt in',
      '- Mean reward: 0.60 at first, 0.71 after 12 steps',
      '- Gate: passed (71.0 % against 70.2 %)',
    ]);
  });
});
