import { describe, expect, it, vi } from 'vitest';
import { answerQuestion, queueEnd } from '../../gpu-worker/jobs/answer-job.ts';
import { tools } from '../../gpu-worker/tools/registry.ts';
import { openTestStore, outcome, quiet, type TestServer, type TestStore, turnOf } from '../db/test-store.ts';
import { withStore } from '../db/with-store.ts';
import { scriptedAgents } from '../flow/scripted-agents.ts';
import { memoryNotes } from '../tools/tool-context.ts';
import { openTeam } from './chat-team.ts';

let server: TestServer;
let store: TestStore;
let team: ReturnType<typeof openTeam>;
withStore((opened, on) => {
  server = on;
  store = opened;
  team = openTeam(store, 'T1');
});

describe('editing a question', () => {
  it('counts before a worker has begun', async () => {
    const questionId = await team.ask('waiting');
    expect(await store.desk.editQuestion(questionId, '  better put ')).toBe(true);
    expect((await team.take(questionId)).text).toBe('better put');
  });

  it('has a worker that holds it begin anew, and refuses what it writes of the old text', async () => {
    const questionId = await team.ask('held');
    const old = await team.take(questionId);
    let interrupted = false;
    const interruption = store.journal.interrupted(old, new AbortController().signal).then(() => {
      interrupted = true;
    });
    expect(await store.journal.isBegunAnew(old)).toBe(false);
    expect(await store.desk.editQuestion(questionId, 'question held')).toBe(true);
    expect(await store.journal.isBegunAnew(old)).toBe(false);
    expect(interrupted).toBe(false);
    expect(await store.desk.editQuestion(questionId, 'better put')).toBe(true);
    await interruption;
    expect(await store.journal.isBegunAnew(old)).toBe(true);
    expect(await store.journal.appendTurn(old, turnOf(1))).toBe('lost');
    expect(await store.journal.finish(old, outcome)).toBe('lost');
    const anew = await team.take(questionId, 'w2');
    expect(anew).toMatchObject({ text: 'better put', turns: [] });
    expect(await store.journal.appendTurn(old, turnOf(1))).toBe('lost');
    expect(await store.journal.isBegunAnew(old)).toBe(false);
    expect(await store.journal.finish(anew, outcome)).toBe('stored');
  });

  it('is answered in its new text by the worker that was at work on the old one', async () => {
    // A queue of its own: no job of another test is in the way.
    const clean = await openTestStore(await server.fresh());
    const questionId = await openTeam(clean, 'T1').ask('at work');
    const texts: string[] = [];
    const stop = new AbortController();
    const agents = scriptedAgents([], {
      plan: (state) => {
        texts.push(state.question);
        if (texts.length > 1) return scriptedAgents(['calculator: 1!']).plan(state);
        void clean.desk.editQuestion(questionId, 'better put');
        return new Promise<never>(() => undefined);
      },
    });
    const setting = {
      ...{ journal: clean.journal, agentsFor: async () => agents, tools, notes: memoryNotes() },
      ...{ worker: 'w1', zone: 'UTC', log: quiet },
    };
    const worker = clean.queue.work(
      {
        work: async (id) => queueEnd(await answerQuestion(setting, id, stop.signal)),
        giveUp: async () => undefined,
      },
      { concurrency: 1 },
    );
    try {
      await vi.waitFor(async () => expect(await clean.loop.answer(questionId)).toBeDefined(), { timeout: 15_000 });
      expect(texts).toEqual(['question at work', 'better put']);
    } finally {
      stop.abort();
      await worker.close();
      await clean.close();
    }
  });

  it('is too late once a turn is committed, or the question over or unknown', async () => {
    const questionId = await team.ask('late');
    const held = await team.take(questionId);
    await store.journal.appendTurn(held, turnOf(1));
    expect(await store.desk.editQuestion(questionId, 'better put')).toBe(false);
    expect(await store.journal.finish(held, outcome)).toBe('stored');
    expect(await store.desk.editQuestion(questionId, 'better put')).toBe(false);
    const cancelled = await team.ask('cancelled');
    await store.loop.cancel(cancelled);
    expect(await store.desk.editQuestion(cancelled, 'better put')).toBe(false);
    expect(await store.desk.editQuestion('00000000-0000-4000-8000-000000000000', 'better put')).toBe(false);
  });

  it('either counts or is told to be too late, when it meets a turn or an answer', async () => {
    for (let i = 0; i < 40; i += 1) {
      const questionId = await team.ask(`race ${i}`);
      const held = await team.take(questionId);
      const writes = i % 2 === 0 ? store.journal.appendTurn(held, turnOf(1)) : store.journal.finish(held, outcome);
      const [written, edited] = await Promise.all([writes, store.desk.editQuestion(questionId, `edited ${i}`)]);
      expect([written, edited]).toSatisfy(([write, edit]) => (write === 'stored') !== edit);
      if (edited) expect(await team.take(questionId, 'w2')).toMatchObject({ text: `edited ${i}`, turns: [] });
      else expect((await store.loop.standing(questionId))?.status).toBe(i % 2 === 0 ? 'open' : 'answered');
    }
  });

  it('refuses a text that no question may have', async () => {
    const questionId = await team.ask('emptied');
    await expect(store.desk.editQuestion(questionId, ' ')).rejects.toMatchObject({ code: 'QUESTION_INVALID' });
    await expect(store.desk.editQuestion(questionId, 'x'.repeat(4_001))).rejects.toThrow('text');
    expect((await team.take(questionId)).text).toBe('question emptied');
  });

  it('is watched to the end of the new text', async () => {
    const questionId = await team.ask('watched');
    const seen: string[] = [];
    const watching = (async () => {
      for await (const { type } of store.loop.watch(questionId)) seen.push(type);
    })();
    await team.take(questionId);
    await vi.waitFor(() => expect(seen).toEqual(['queued', 'started']));
    await store.desk.editQuestion(questionId, 'better put');
    await team.finish(questionId);
    await watching;
    expect(seen).toEqual(['queued', 'started', 'answered']);
  });
});
