import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freezeVotes, ratedAnswers, ratedFigures, ratedTexts } from '../../src/db/rated-queries.ts';
import { claimRun, endRun, type HeldRun, insertRun } from '../../src/db/run-queries.ts';
import type { NewQuestion } from '../../src/domain/question.ts';
import type { Turn } from '../../src/domain/trajectory.ts';
import {
  openTestStore,
  outcome,
  questionOf,
  startTestServer,
  type TestServer,
  type TestStore,
  turnOf,
} from './test-store.ts';

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

/** A workspace of a test's own. */
function openTeam(workspace: string) {
  const { loop, journal, db } = store;
  const ids = async () => {
    const { rows } = await db.execute<{ id: string }>(sql`select id from workspaces where key = ${workspace}`);
    return rows[0]?.id ?? '';
  };
  const ask = async (key: string, more: Partial<NewQuestion> = {}, turns: readonly Turn[] = [turnOf(1)]) => {
    const { questionId } = await loop.ask(questionOf(`${workspace} ${key}`, { workspace, ...more }));
    const held = await journal.begin(questionId, 'w1');
    if (typeof held === 'string') throw new Error(held);
    for (const turn of turns) await journal.appendTurn(held, turn);
    await journal.finish(held, { ...outcome, answer: `answer ${key}` });
    const answer = await loop.answer(questionId);
    if (answer === undefined) throw new Error('no answer');
    return answer.answerId;
  };
  const vote = (answerId: string, value: 'up' | 'down' | 'clear', person = 'ada') =>
    loop.rate({ answerId, platform: 'http', person: { key: person, name: person }, vote: value });
  const open = async (): Promise<HeldRun> => {
    const runId = randomUUID();
    await insertRun(db, { runId, workspaceId: await ids(), kind: 'retrain', settings: {} });
    return take(runId);
  };
  const take = async (runId: string): Promise<HeldRun> => {
    const held = await claimRun(db, runId, 'w1');
    if (held === undefined) throw new Error('the run is over');
    return held;
  };
  /** Votes by answer that a run has frozen. */
  const counted = async ({ runId }: HeldRun) =>
    Object.fromEntries((await ratedAnswers(db, { runId })).map(({ answer, up, down }) => [answer.slice(7), up - down]));
  const end = (held: HeldRun, status: 'done' | 'no update' | 'failed') => endRun(db, held, { status, reason: 'test' });
  const freeze = async () => {
    const held = await open();
    expect(await freezeVotes(db, held, 100)).toBe('frozen');
    return held;
  };
  return { ids, ask, vote, open, take, counted, end, freeze };
}

describe('the votes of a run', () => {
  it('are those that stand; what is changed, retracted or added while it is open is for the next one', async () => {
    const team = openTeam('each once');
    const answers = await Promise.all(
      ['stays', 'changed', 'retracted', 'late', 'gone before'].map((key) => team.ask(key)),
    );
    const [stays = '', changed = '', retracted = '', late = '', gone = ''] = answers;
    for (const answer of [stays, changed, retracted, gone]) await team.vote(answer, 'up');
    await team.vote(gone, 'clear');
    const first = await team.freeze();
    expect(await team.counted(first)).toEqual({ stays: 1, changed: 1, retracted: 1 });
    await team.vote(changed, 'down');
    await team.vote(retracted, 'clear');
    await team.vote(late, 'down');
    await team.vote(stays, 'down', 'eve');
    expect(await team.counted(first)).toEqual({ stays: 1, changed: 1, retracted: 1 });
    await team.end(first, 'done');

    const second = await team.freeze();
    expect(await team.counted(second)).toEqual({ stays: -1, changed: -1, late: -1 });
    await team.end(second, 'done');
    expect(await team.counted(await team.freeze())).toEqual({});
  });

  it('are eligible again after a run that made nothing of them, and when they come back to what they were', async () => {
    const team = openTeam('made nothing');
    const answer = await team.ask('a');
    await team.vote(answer, 'up');
    for (const status of ['no update', 'failed', 'done'] as const) {
      const held = await team.freeze();
      expect(await team.counted(held)).toEqual({ a: 1 });
      await team.end(held, status);
    }
    await team.vote(answer, 'down');
    await team.vote(answer, 'up');
    expect(await team.counted(await team.freeze())).toEqual({ a: 1 });
  });

  it('stay what they were when another worker takes the run over, and the one that lost it freezes nothing', async () => {
    const team = openTeam('taken over');
    const [a = '', b = ''] = [await team.ask('a'), await team.ask('b')];
    await team.vote(a, 'up');
    const first = await team.freeze();
    await team.vote(a, 'down');
    await team.vote(b, 'up');
    const second = await team.take(first.runId);
    expect(await freezeVotes(store.db, second, 100)).toBe('frozen');
    expect(await team.counted(second)).toEqual({ a: 1 });
    expect(await freezeVotes(store.db, first, 100)).toBe('lost');
    await team.end(second, 'done');
    expect(await freezeVotes(store.db, second, 100)).toBe('lost');
    expect(await team.counted(await team.freeze())).toEqual({ a: -1, b: 1 });
  });

  it('are those on the answers asked for last when there are more than a run goes through', async () => {
    const team = openTeam('too many');
    for (const key of ['a', 'b', 'c']) await team.vote(await team.ask(key), 'up');
    const held = await team.open();
    await freezeVotes(store.db, held, 2);
    expect(await team.counted(held)).toEqual({ b: 1, c: 1 });
    await team.end(held, 'done');
    expect(await team.counted(await team.freeze())).toEqual({ a: 1 });
  });

  it('count once, though a reason is given later', async () => {
    const team = openTeam('reasons');
    const answer = await team.ask('a');
    await team.vote(answer, 'up');
    await team.end(await team.freeze(), 'done');
    await store.loop.rate({
      answerId: answer,
      platform: 'http',
      person: { key: 'ada', name: 'Ada' },
      vote: 'up',
      reason: 'short',
    });
    expect(await team.counted(await team.freeze())).toEqual({});
  });
});

describe('rated answers', () => {
  it('hold what the flow saw: earlier questions, the notes of the moment, the planner’s records', async () => {
    const team = openTeam('as they were');
    const note = async (text: string) =>
      store.db.execute(
        sql`insert into notes (id, workspace_id, text) values (gen_random_uuid(), ${await team.ids()}, ${text})`,
      );
    await team.ask('nothing of it');
    await note('the first');
    const conversation = 'one';
    const past = await team.ask('past', { conversation });
    await note('the second');
    const rated = await team.ask('rated', { conversation }, [turnOf(1), turnOf(2)]);
    await note('too late');
    await team.vote(rated, 'up');
    await team.vote(rated, 'down', 'eve');
    await team.vote(past, 'down');
    const [first, second] = await ratedAnswers(store.db, { workspaceId: await team.ids() });
    expect(first).toMatchObject({ answer: 'answer past', up: 0, down: 1, past: [], notes: ['the first'] });
    expect(second).toMatchObject({
      answerId: rated,
      question: 'question as they were rated',
      answer: 'answer rated',
      up: 1,
      down: 1,
      policyVersion: 0,
      notes: ['the first', 'the second'],
      past: [{ text: 'question as they were past', answer: 'answer past', turns: [turnOf(1)] }],
      turns: [turnOf(1), turnOf(2)],
    });
    expect(second?.askedAt).toBeInstanceOf(Date);
  });

  it('leave out direct messages without consent, also as an earlier question, and what no planner wrote', async () => {
    const team = openTeam('left out');
    const direct = { isDirect: true, person: { key: 'bob', name: 'Bob' }, conversation: 'direct' };
    const open = await team.ask('open');
    const told = await team.ask('told in private', direct);
    const after = await team.ask('asked after it', { conversation: 'direct' });
    const ruled = await team.ask('by a rule', {}, [{ ...turnOf(1), planner: null }]);
    const empty = await team.ask('without a turn', {}, []);
    const own = await team.ask('own', { isDirect: true, person: { key: 'eve', name: 'Eve' } });
    await store.db.execute(sql`update people set trains_on_direct = true where key = 'eve'`);
    for (const answer of [open, told, after, ruled, empty, own]) await team.vote(answer, 'up');
    const workspaceId = await team.ids();
    expect(await ratedFigures(store.db, { workspaceId })).toMatchObject({
      ...{ votes: 2, up: 2, down: 0, answers: 2, people: 1, direct: 2, unusable: 2 },
    });
    const texts = await ratedTexts(store.db, { workspaceId });
    expect(texts.map(({ answer }) => answer)).toEqual(['answer open', 'answer own']);

    const held = await team.freeze();
    expect(await team.counted(held)).toEqual({ open: 1, own: 1 });
    // Consent that is taken back holds at once, also for a run that has begun.
    await store.db.execute(sql`update people set trains_on_direct = false where key = 'eve'`);
    expect(await team.counted(held)).toEqual({ open: 1 });
    expect(await ratedFigures(store.db, { runId: held.runId })).toMatchObject({ answers: 1, direct: 3, unusable: 2 });
    await team.end(held, 'done');
    // Votes that were not counted for want of consent wait for it.
    await store.db.execute(sql`update people set trains_on_direct = true where key = 'bob'`);
    expect(await team.counted(await team.freeze())).toEqual({ 'told in private': 1, 'asked after it': 1 });
  });

  it('say what they come to, and why there would be no update', async () => {
    const team = openTeam('figures');
    const answers: string[] = [];
    for (let i = 0; i < 8; i += 1) answers.push(await team.ask(`q${i}`));
    const workspaceId = await team.ids();
    const figures = () => ratedFigures(store.db, { workspaceId });
    expect((await figures()).noUpdate).toMatch(/no votes/);
    for (const answer of answers.slice(0, 7)) await team.vote(answer, 'up');
    expect((await figures()).noUpdate).toMatch(/too few votes: 7 rated answers, 8 are needed/);
    await team.vote(answers[7] ?? '', 'up');
    expect(await figures()).toMatchObject({ rewardDeviation: 0, noUpdate: expect.stringMatching(/alike/) });
    await team.vote(answers[7] ?? '', 'down');
    await team.vote(answers[0] ?? '', 'down', 'eve');
    const found = await figures();
    expect(found).toMatchObject({
      votes: 9,
      up: 7,
      down: 2,
      answers: 8,
      people: 2,
      direct: 0,
      unusable: 0,
      noUpdate: null,
    });
    // R: six of ⅔, one of ½, one of ⅓.
    expect(found.meanReward).toBeCloseTo((6 * 2) / 3 / 8 + (1 / 2 + 1 / 3) / 8, 12);
    expect(found.rewardDeviation).toBeCloseTo(
      Math.sqrt((6 * (2 / 3 - 29 / 48) ** 2 + (1 / 2 - 29 / 48) ** 2 + (1 / 3 - 29 / 48) ** 2) / 8),
      12,
    );
  });
});
