import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openProgressChannel } from '../../src/db/progress-channel.ts';
import type { OpenTrajectory } from '../../src/domain/ports.ts';
import type { Progress } from '../../src/domain/progress.ts';
import { sweepOnce } from '../../src/loop/sweep.ts';
import {
  openTestStore,
  outcome,
  questionOf,
  quiet,
  startTestServer,
  type TestServer,
  type TestStore,
  turnOf,
} from '../db/test-store.ts';

let server: TestServer;
let store: TestStore;
beforeAll(async () => {
  server = await startTestServer();
  store = await openTestStore(await server.fresh());
});
afterAll(async () => {
  await store.close();
  await server.close();
});

const rowsOf = async (table: string) =>
  Number((await store.db.execute<{ n: string }>(sql`select count(*) as n from ${sql.identifier(table)}`)).rows[0]?.n);

/** Takes the question as a worker would. */
async function take(questionId: string, worker = 'w1'): Promise<OpenTrajectory> {
  const held = await store.journal.begin(questionId, worker);
  if (typeof held === 'string') throw new Error(`the question is not to be had: ${held}`);
  return held;
}

async function answered(key: string, more: Parameters<typeof questionOf>[1] = {}) {
  const { questionId } = await store.loop.ask(questionOf(key, more));
  await store.journal.finish(await take(questionId), outcome);
  const answer = await store.loop.answer(questionId);
  if (answer === undefined) throw new Error('no answer');
  return answer;
}

describe('asking', () => {
  it('takes the same message for one question, also when both deliveries come at once', async () => {
    const before = await rowsOf('questions');
    const receipts = await Promise.all(Array.from({ length: 8 }, () => store.loop.ask(questionOf('twice'))));
    expect(new Set(receipts.map((receipt) => receipt.questionId)).size).toBe(1);
    expect(receipts.filter((receipt) => !receipt.duplicate)).toHaveLength(1);
    expect(await rowsOf('questions')).toBe(before + 1);
  });

  it('finds a conversation by its id from another platform', async () => {
    const first = await store.loop.ask(questionOf('by id'));
    const next = await store.loop.ask(
      questionOf('by id 2', { platform: 'console', conversation: first.conversationId }),
    );
    expect(next.conversationId).toBe(first.conversationId);
  });

  it('refuses an empty question and one that is too long', async () => {
    await expect(store.loop.ask(questionOf('empty', { text: ' ' }))).rejects.toThrow('text');
    await expect(store.loop.ask(questionOf('long', { text: 'x'.repeat(4_001) }))).rejects.toThrow('text');
  });
});

describe('a conversation', () => {
  it('is answered in order, and its memory holds what came before', async () => {
    const conversation = 'in order';
    const first = await store.loop.ask(questionOf('first', { conversation }));
    const second = await store.loop.ask(questionOf('second', { conversation }));
    expect(await store.journal.begin(second.questionId, 'w1')).toBe('wait');
    const held = await take(first.questionId);
    await store.journal.appendTurn(held, turnOf(1));
    await store.journal.finish(held, outcome);
    expect(await store.queue.orphans([second.questionId])).toEqual([]);
    const next = await take(second.questionId);
    expect(next.past).toEqual([{ text: 'question first', answer: 'the answer', turns: [turnOf(1)] }]);
  });

  it('goes on when its first question is cancelled or fails', async () => {
    const conversation = 'going on';
    const [first, second, third] = await Promise.all(
      ['a', 'b', 'c'].map((key) => store.loop.ask(questionOf(`on ${key}`, { conversation }))),
    );
    expect(await store.loop.cancel(first?.questionId ?? '')).toBe(true);
    expect(await store.loop.cancel(first?.questionId ?? '')).toBe(false);
    const order = [second, third].map((receipt) => receipt?.questionId ?? '');
    const standing = await Promise.all(order.map((id) => store.journal.begin(id, 'w1')));
    const taken = standing.findIndex((held) => typeof held !== 'string');
    expect(standing.filter((held) => held === 'wait')).toHaveLength(1);
    await store.journal.fail(order[taken] ?? '', 'the model is gone');
    expect((await store.loop.standing(order[taken] ?? ''))?.message).toBe('the model is gone');
    await take(order[1 - taken] ?? '');
  });
});

describe('a conversation, while one question ends and the next is asked', () => {
  it('leaves no question unqueued', async () => {
    for (let i = 0; i < 30; i += 1) {
      const conversation = `meeting ${i}`;
      const held = await take((await store.loop.ask(questionOf(`meets ${i} a`, { conversation }))).questionId);
      const ending = i % 3 === 0 ? store.loop.cancel(held.questionId) : store.journal.finish(held, outcome);
      const [{ questionId }] = await Promise.all([
        store.loop.ask(questionOf(`meets ${i} b`, { conversation })),
        ending,
      ]);
      expect(await store.queue.orphans([questionId])).toEqual([]);
    }
  });
});

describe('a trajectory', () => {
  it('is given up, with a reason that people see, when it takes down every worker that takes it', async () => {
    const { questionId } = await store.loop.ask(questionOf('poison'));
    let begun = 0;
    while (typeof (await store.journal.begin(questionId, 'w1')) !== 'string') begun += 1;
    expect(begun).toBe(40);
    expect(await store.loop.standing(questionId)).toMatchObject({
      status: 'failed',
      message: expect.stringContaining('40 workers'),
    });
  });

  it('is taken over with its turns, and the worker that lost it writes nothing more', async () => {
    const { questionId } = await store.loop.ask(questionOf('taken over'));
    const first = await take(questionId, 'w1');
    expect(await store.journal.appendTurn(first, turnOf(1))).toBe('stored');
    const second = await take(questionId, 'w2');
    expect(second).toMatchObject({ trajectoryId: first.trajectoryId, epoch: first.epoch + 1, turns: [turnOf(1)] });
    expect(await store.journal.appendTurn(first, turnOf(2))).toBe('lost');
    expect(await store.journal.finish(first, outcome)).toBe('lost');
    expect(await store.journal.appendTurn(second, turnOf(2))).toBe('stored');
    expect(await store.journal.finish(second, outcome)).toBe('stored');
    // A retry, when the acknowledgement was lost.
    expect(await store.journal.finish(second, { ...outcome, answer: 'another' })).toBe('stored');
    expect(await store.journal.finish(first, outcome)).toBe('lost');
    expect((await store.loop.answer(questionId))?.answer).toBe(outcome.answer);
    expect((await store.loop.answer(questionId))?.turns.map((turn) => turn.turn)).toEqual([1, 2]);
  });

  it('is pinned to the policy version that was live when it began', async () => {
    const { questionId } = await store.loop.ask(questionOf('pinned'));
    const { workspaceId, policyVersion } = await take(questionId);
    expect(policyVersion).toBe(0);
    await store.db.execute(
      sql`insert into promotions (workspace_id, version, reason) values (${workspaceId}, 3, 'test')`,
    );
    expect((await take(questionId, 'w2')).policyVersion).toBe(0);
    const later = await store.loop.ask(questionOf('pinned later'));
    expect((await take(later.questionId)).policyVersion).toBe(3);
    await store.db.execute(
      sql`insert into promotions (workspace_id, version, reason) values (${workspaceId}, 0, 'back')`,
    );
    await expect(store.loop.ask(questionOf('pinned to none', { policyVersion: 2 }))).rejects.toMatchObject({
      code: 'POLICY_UNKNOWN',
    });
    await store.db.execute(sql`
      insert into policies (workspace_id, version, parent, base_model, kind, gate, settings)
      values (${workspaceId}, 2, 0, 'starter', 'lora', 'candidate', '{}')`);
    const named = await store.loop.ask(questionOf('pinned by name', { policyVersion: 2 }));
    expect((await take(named.questionId)).policyVersion).toBe(2);
  });
});

describe('watching', () => {
  it('yields every step once, those before it began included', async () => {
    const { questionId } = await store.loop.ask(questionOf('watched'));
    const held = await take(questionId);
    await store.journal.appendTurn(held, turnOf(1));
    const seen: Progress['type'][] = [];
    for await (const progress of store.loop.watch(questionId)) {
      seen.push(progress.type);
      if (seen.length === 3) {
        await store.journal.appendTurn(held, turnOf(2));
        await store.journal.appendTurn(held, turnOf(3));
        await store.journal.finish(held, outcome);
      }
    }
    expect(seen).toEqual(['queued', 'started', 'turn', 'turn', 'turn', 'answered']);
  });

  it('is woken by what another process writes, well before it would look again', async () => {
    const { questionId } = await store.loop.ask(questionOf('woken'));
    const held = await take(questionId);
    const steps = store.loop.watch(questionId)[Symbol.asyncIterator]();
    await steps.next();
    await steps.next();
    const waiting = steps.next();
    const begun = performance.now();
    await store.journal.finish(held, outcome);
    expect((await waiting).value?.type).toBe('answered');
    expect(performance.now() - begun).toBeLessThan(2_000);
  });

  it('goes on after its listening connection was killed', async () => {
    const { questionId } = await store.loop.ask(questionOf('killed listener'));
    const held = await take(questionId);
    const steps = store.loop.watch(questionId)[Symbol.asyncIterator]();
    await steps.next();
    await steps.next();
    const waiting = steps.next();
    await store.db.execute(
      sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'foursight progress'`,
    );
    await store.journal.finish(held, outcome);
    expect((await waiting).value?.type).toBe('answered');
  });

  it('keeps no connection when it is closed while it listens again', async () => {
    const listeners = async () =>
      (await store.db.execute(sql`select pid from pg_stat_activity where application_name = 'foursight progress'`)).rows
        .length;
    const url = await server.fresh();
    const before = await listeners();
    const channel = await openProgressChannel(url, quiet);
    await store.db.execute(
      sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'foursight progress'
        and datname = ${new URL(url).pathname.slice(1)}`,
    );
    await channel.close();
    await vi.waitFor(async () => expect(await listeners()).toBe(before), { timeout: 10_000 });
  });

  it('ends on abort, and refuses an unknown question', async () => {
    const { questionId } = await store.loop.ask(questionOf('aborted'));
    const abort = new AbortController();
    for await (const progress of store.loop.watch(questionId, { signal: abort.signal })) {
      expect(progress.type).toBe('queued');
      abort.abort();
    }
    const unknown = store.loop.watch('00000000-0000-4000-8000-000000000000')[Symbol.asyncIterator]();
    await expect(unknown.next()).rejects.toThrow('there is no question');
  });

  it('tells a worker that its question was cancelled', async () => {
    const { questionId } = await store.loop.ask(questionOf('cancelled'));
    const held = await take(questionId);
    const cancelled = store.journal.interrupted(held, new AbortController().signal);
    await store.loop.cancel(questionId);
    await cancelled;
    expect(await store.journal.appendTurn(held, turnOf(1))).toBe('lost');
    expect(await store.journal.begin(questionId, 'w2')).toBe('over');
  });
});

describe('votes', () => {
  it('count once a person; the last one counts and clearing retracts', async () => {
    const { answerId } = await answered('rated');
    const vote = (key: string, value: 'up' | 'down' | 'clear', reason: string | null = null) =>
      store.loop.rate({ answerId, platform: 'http', person: { key, name: key }, vote: value, reason });
    expect(await vote('ada', 'up')).toMatchObject({ vote: 'up', changed: true, up: 1, down: 0 });
    expect(await vote('ada', 'up')).toMatchObject({ changed: false, up: 1 });
    expect(await vote('bob', 'down', 'outdated')).toMatchObject({ up: 1, down: 1 });
    expect(await vote('ada', 'down')).toMatchObject({ vote: 'down', up: 0, down: 2 });
    expect(await vote('ada', 'clear')).toMatchObject({ vote: null, changed: true, up: 0, down: 1 });
    const { rows } = await store.db.execute(sql`
      select v.value, v.reason, v.policy_version, t.question_id from votes v join trajectories t on t.id = v.trajectory_id
      where v.answer_id = ${answerId} order by v.value`);
    expect(rows).toMatchObject([
      { value: -1, reason: 'outdated', policy_version: 0 },
      { value: 0, reason: null },
    ]);
  });

  it('of many people at once are all there', async () => {
    const { answerId } = await answered('popular');
    await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        store.loop.rate({
          answerId,
          platform: 'http',
          person: { key: `p${i % 20}`, name: 'P' },
          vote: i < 20 ? 'down' : 'up',
        }),
      ),
    );
    const { rows } = await store.db.execute(sql`select count(*)::int as n from votes where answer_id = ${answerId}`);
    expect(rows).toEqual([{ n: 20 }]);
  });

  it('on an answer that is not there are refused', async () => {
    const vote = {
      answerId: '00000000-0000-4000-8000-000000000000',
      platform: 'http',
      person: { key: 'a', name: 'A' },
    };
    await expect(store.loop.rate({ ...vote, vote: 'up' })).rejects.toThrow('there is no answer');
  });
});

describe('the sweep', () => {
  it('queues open questions that no job holds, and no others', async () => {
    const clean = await openTestStore(await server.fresh());
    try {
      const { questionId } = await clean.loop.ask(questionOf('swept'));
      expect(await sweepOnce(clean.setting, 0)).toBe(0);
      await clean.db.execute(sql`truncate bullmq.job cascade`);
      expect(await sweepOnce(clean.setting, 0)).toBe(1);
      expect(await clean.queue.orphans([questionId])).toEqual([]);
    } finally {
      await clean.close();
    }
  });
});
