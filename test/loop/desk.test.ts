import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { createDesk } from '../../src/loop/desk.ts';
import type { TestStore } from '../db/test-store.ts';
import { withStore } from '../db/with-store.ts';
import { openTeam, PLATFORM } from './chat-team.ts';

let store: TestStore;
withStore((opened) => {
  store = opened;
});

const lately = { days: 7, limit: 10 };

describe('posted messages', () => {
  it('lead to the answer that they are a part of, on their own platform and in their own workspace', async () => {
    const team = openTeam(store, 'posts');
    const { desk } = store;
    const { questionId, answerId } = await team.answered('m1');
    const where = { ...team.where, questionId };
    await desk.posted(where, { message: 'p1', kind: 'progress', part: 0 });
    expect(await desk.answerOf(PLATFORM, 'posts', 'p1')).toBeUndefined();
    // The progress message becomes the first part.
    await desk.posted(where, { message: 'p1', kind: 'answer', part: 0 });
    await desk.posted(where, { message: 'p2', kind: 'answer', part: 1 });
    await desk.posted(where, { message: 'p2', kind: 'answer', part: 1 });
    const answer = { answerId, questionId, conversation: 'conversation of m1' };
    expect(await desk.answerOf(PLATFORM, 'posts', 'p1')).toEqual({ ...answer, part: 0 });
    expect(await desk.answerOf(PLATFORM, 'posts', 'p2')).toEqual({ ...answer, part: 1 });
    expect(await desk.answerOf(PLATFORM, 'another', 'p1')).toBeUndefined();
    expect(await desk.answerOf('elsewhere', 'posts', 'p1')).toBeUndefined();
    await desk.forgetPost(team.where, 'p2');
    expect(await desk.answerOf(PLATFORM, 'posts', 'p2')).toBeUndefined();
    await desk.posted({ ...team.where, questionId: null }, { message: 'r1', kind: 'report', part: 0 });
    expect(await desk.answerOf(PLATFORM, 'posts', 'r1')).toBeUndefined();
  });

  it('of recent answers come newest first, with the votes that stand', async () => {
    const team = openTeam(store, 'recent');
    const { desk } = store;
    for (const key of ['old', 'a', 'b']) {
      const { questionId, answerId } = await team.answered(key);
      await desk.posted({ ...team.where, questionId }, { message: `post ${key}`, kind: 'answer', part: 0 });
      if (key !== 'a') continue;
      await team.rate(answerId, 'up', { person: 'ada', means: 'reaction' });
      await team.rate(answerId, 'up', { person: 'ada', means: 'button' });
      await team.rate(answerId, 'down', { person: 'bob', means: 'button' });
      await team.rate(answerId, 'up', { person: 'cyd' });
      await team.rate(answerId, 'clear', { person: 'cyd' });
    }
    await store.db.execute(sql`update posts set created_at = now() - interval '8 days' where message = 'post old'`);
    expect(await desk.recentAnswers(PLATFORM, 'recent', lately)).toEqual([
      { message: 'post b', answerId: expect.any(String), votes: [] },
      {
        message: 'post a',
        answerId: expect.any(String),
        votes: [
          { person: 'ada', vote: 'up', means: 'reaction' },
          { person: 'bob', vote: 'down', means: 'button' },
        ],
      },
    ]);
    expect(await desk.recentAnswers(PLATFORM, 'recent', { days: 7, limit: 1 })).toMatchObject([{ message: 'post b' }]);
    expect(await desk.recentAnswers(PLATFORM, 'unheard of', lately)).toEqual([]);
    const [{ answerId = '' } = {}] = await desk.recentAnswers(PLATFORM, 'recent', lately);
    const conversation = (await desk.answerOf(PLATFORM, 'recent', 'post b'))?.conversation ?? '';
    expect(await desk.recentAnswers(PLATFORM, 'recent', { ...lately, conversation })).toMatchObject([{ answerId }]);
    expect(await desk.recentAnswers(PLATFORM, 'recent', { ...lately, conversation: 'another' })).toEqual([]);
  });

  it('of one answer come in order, however old it is', async () => {
    const team = openTeam(store, 'parts');
    const { desk } = store;
    const { questionId, answerId } = await team.answered('old');
    for (const part of [1, 0])
      await desk.posted({ ...team.where, questionId }, { message: `part ${part}`, kind: 'answer', part });
    await team.rate(answerId, 'up', { person: 'ada', means: 'reaction' });
    await store.db.execute(sql`update posts set created_at = now() - interval '80 days'`);
    const votes = [{ person: 'ada', vote: 'up', means: 'reaction' }];
    expect(await desk.partsOf(PLATFORM, 'parts', answerId)).toEqual([
      { message: 'part 0', answerId, votes },
      { message: 'part 1', answerId, votes },
    ]);
    expect(await desk.partsOf(PLATFORM, 'another', answerId)).toEqual([]);
  });
});

describe('questions of a platform', () => {
  it('are known by their message, and make their conversation an engaged one', async () => {
    const team = openTeam(store, 'known');
    const { desk } = store;
    const questionId = await team.ask('m1', { conversation: 'c1' });
    expect(await desk.questionOf(PLATFORM, 'known', 'm1')).toEqual({ questionId, status: 'open', text: 'question m1' });
    await team.finish(questionId);
    expect(await desk.questionOf(PLATFORM, 'known', 'm1')).toEqual({
      questionId,
      status: 'answered',
      text: 'question m1',
    });
    expect(await desk.questionOf(PLATFORM, 'another', 'm1')).toBeUndefined();
    expect(await desk.isEngaged(PLATFORM, 'known', 'c1')).toBe(true);
    expect(await desk.isEngaged(PLATFORM, 'known', 'c2')).toBe(false);
    expect(await desk.isEngaged(PLATFORM, 'another', 'c1')).toBe(false);
  });

  it('name the conversations of the last days, the newest question first', async () => {
    const team = openTeam(store, 'talks');
    for (const [key, conversation] of [
      ['1', 'a'],
      ['2', 'b'],
      ['3', 'a'],
      ['4', 'old'],
    ] as const)
      await team.ask(key, { conversation });
    await store.db.execute(sql`
      update questions set asked_at = now() - interval '8 days' where key = '4'
        and workspace_id = (select id from workspaces where key = 'talks')`);
    expect(await store.desk.recentConversations(PLATFORM, 'talks', lately)).toEqual(['a', 'b']);
    expect(await store.desk.recentConversations(PLATFORM, 'talks', { days: 7, limit: 1 })).toEqual(['a']);
  });

  it('are shown while they are open, or cancelled with a progress message that still stands', async () => {
    const team = openTeam(store, 'shown');
    const { desk } = store;
    const show = async (key: string) => {
      const questionId = await team.ask(key, { isDirect: key === 'open' });
      await desk.posted({ ...team.where, questionId }, { message: `p ${key}`, kind: 'progress', part: 0 });
      return questionId;
    };
    await team.finish(await show('answered'));
    const open = await show('open');
    const cancelled = await show('cancelled');
    await store.loop.cancel(cancelled);
    await store.loop.cancel(await team.ask('cancelled unseen'));
    const shown = (questionId: string, key: string, isDirect: boolean) => ({
      ...{ questionId, conversation: `conversation of ${key}`, message: key, person: 'ada', isDirect },
      posts: [{ message: `p ${key}`, kind: 'progress', part: 0 }],
    });
    expect(await desk.openQuestions(PLATFORM, 'shown')).toEqual([
      shown(open, 'open', true),
      shown(cancelled, 'cancelled', false),
    ]);
    await desk.forgetPost(team.where, 'p cancelled');
    expect(await desk.openQuestions(PLATFORM, 'shown')).toEqual([shown(open, 'open', true)]);
  });

  it('are counted over the last minute, by person and in all, each once', async () => {
    const team = openTeam(store, 'limited');
    const bob = { person: { key: 'bob', name: 'Bob' } };
    await team.ask('1');
    await team.ask('1');
    await team.ask('2');
    await team.ask('3', bob);
    await team.ask('old');
    await store.db.execute(sql`update questions set asked_at = now() - interval '2 minutes' where key = 'old'`);
    expect(await store.desk.askedLately(team.where, 'ada')).toEqual({ byPerson: 2, inWorkspace: 3 });
    expect(await store.desk.askedLately(team.where, 'cyd')).toEqual({ byPerson: 0, inWorkspace: 3 });
    expect(await store.desk.askedLately({ ...team.where, workspace: 'another' }, 'ada')).toEqual({
      byPerson: 0,
      inWorkspace: 0,
    });
  });
});

describe('votes on a chat platform', () => {
  it('are retracted by the removal of an older one only when it still stands', async () => {
    const team = openTeam(store, 'votes');
    const { answerId } = await team.answered('m1');
    expect(await team.rate(answerId, 'up')).toMatchObject({ vote: 'up' });
    expect(await team.rate(answerId, 'down')).toMatchObject({ vote: 'down' });
    expect(await team.rate(answerId, 'clear', { only: 'up' })).toMatchObject({ vote: 'down', changed: false, down: 1 });
    expect(await team.rate(answerId, 'clear', { only: 'down' })).toMatchObject({ vote: null, changed: true, down: 0 });
    expect(await team.rate(answerId, 'clear', { only: 'down' })).toMatchObject({ vote: null, changed: false });
  });

  it('that were read before spare what has come to stand since', async () => {
    const team = openTeam(store, 'read before');
    const { answerId } = await team.answered('m1');
    expect(await team.rate(answerId, 'up', { only: 'down' })).toMatchObject({ vote: null, changed: false });
    expect(await team.rate(answerId, 'up', { only: 'clear' })).toMatchObject({ vote: 'up', changed: true });
    expect(await team.rate(answerId, 'down', { only: 'clear' })).toMatchObject({ vote: 'up', changed: false });
    expect(await team.rate(answerId, 'down', { only: 'up' })).toMatchObject({ vote: 'down', changed: true });
    expect(await team.rate(answerId, 'clear', { only: 'down' })).toMatchObject({ vote: null, changed: true });
    expect(await team.rate(answerId, 'down', { only: 'clear' })).toMatchObject({ vote: 'down', changed: true });
  });

  it('keep their reason when they come once more without one', async () => {
    const team = openTeam(store, 'reasons');
    const { answerId } = await team.answered('m1');
    const reason = async () =>
      (await store.db.execute<{ reason: string }>(sql`select reason from votes where answer_id = ${answerId}`)).rows[0]
        ?.reason;
    await team.rate(answerId, 'down');
    await team.rate(answerId, 'down', { reason: 'outdated' });
    await team.rate(answerId, 'down');
    expect(await reason()).toBe('outdated');
    await team.rate(answerId, 'up');
    expect(await reason()).toBeNull();
  });

  it('of another workspace, of another platform or of no workspace are refused', async () => {
    const team = openTeam(store, 'ours');
    const { answerId } = await team.answered('m1');
    const unknown = { code: 'ANSWER_UNKNOWN' };
    await expect(openTeam(store, 'theirs').rate(answerId, 'up')).rejects.toMatchObject(unknown);
    const vote = { answerId, person: { key: 'eve', name: 'Eve' }, vote: 'up' } as const;
    await expect(store.loop.rate({ ...vote, platform: 'http' })).rejects.toMatchObject(unknown);
    await expect(store.loop.rate({ ...vote, platform: 'elsewhere', workspace: 'ours' })).rejects.toMatchObject(unknown);
    await expect(store.loop.rate({ ...vote, platform: PLATFORM })).rejects.toMatchObject({ code: 'VOTE_INVALID' });
    const { rows } = await store.db.execute(sql`select from votes where answer_id = ${answerId}`);
    expect(rows).toEqual([]);
  });
});

describe('reading positions', () => {
  it('move forward only, in the order of characters', async () => {
    const { desk } = store;
    const read = () => desk.readUpTo(PLATFORM, 'read', 'C1');
    expect(await read()).toBeUndefined();
    await desk.setReadUpTo(PLATFORM, 'read', 'C1', '1700000000.000200');
    await desk.setReadUpTo(PLATFORM, 'read', 'C1', '1700000000.000100');
    expect(await read()).toBe('1700000000.000200');
    await desk.setReadUpTo(PLATFORM, 'read', 'C2', 'B');
    // Languages put a before B, characters do not.
    await desk.setReadUpTo(PLATFORM, 'read', 'C2', 'a');
    await Promise.all(
      ['3', '9', '5', '7'].map((last) => desk.setReadUpTo(PLATFORM, 'read', 'C1', `1700000000.00030${last}`)),
    );
    expect(await desk.places(PLATFORM, 'read')).toEqual([
      { place: 'C1', position: '1700000000.000309' },
      { place: 'C2', position: 'a' },
    ]);
    expect(await desk.places('elsewhere', 'read')).toEqual([]);
    await desk.setReadUpTo(PLATFORM, 'read too', 'C1', '1');
    await desk.setReadUpTo('elsewhere', 'read three', 'C1', '1');
    expect(await desk.workspacesWith(PLATFORM, 'C1')).toEqual(['read', 'read too']);
    expect(await desk.workspacesWith(PLATFORM, 'C3')).toEqual([]);
  });
});

describe('installations', () => {
  const deskWith = (...keys: [string, ...string[]]) => createDesk(store.setting, async () => keys);
  const installation = { bot: { token: 'a-token-that-nobody-may-read' }, team: { id: 'T1' } };

  it('are kept sealed, listed and removed', async () => {
    const desk = deskWith('the first key');
    await desk.saveInstallation(PLATFORM, 'T1', installation);
    await desk.saveInstallation(PLATFORM, 'T2', { other: true });
    await desk.saveInstallation(PLATFORM, 'T2', { other: false });
    expect(await desk.installation(PLATFORM, 'T1')).toEqual(installation);
    expect(await desk.installation(PLATFORM, 'T2')).toEqual({ other: false });
    expect(await desk.installations(PLATFORM)).toEqual(['T1', 'T2']);
    const { rows } = await store.db.execute<{ sealed: Buffer }>(sql`select sealed from installations`);
    expect(rows.some(({ sealed }) => sealed.includes('token'))).toBe(false);
    await desk.removeInstallation(PLATFORM, 'T2');
    expect(await desk.installation(PLATFORM, 'T2')).toBeUndefined();
    expect(await desk.installations(PLATFORM)).toEqual(['T1']);
  });

  it('open with an older key, and are then sealed with the current one', async () => {
    await deskWith('the first key').saveInstallation(PLATFORM, 'rotated', installation);
    const looking = deskWith('the second key', 'the first key');
    expect(await looking.installation(PLATFORM, 'rotated', { isLook: true })).toEqual(installation);
    expect(await deskWith('the first key').installation(PLATFORM, 'rotated')).toEqual(installation);
    expect(await deskWith('the second key', 'the first key').installation(PLATFORM, 'rotated')).toEqual(installation);
    expect(await deskWith('the second key').installation(PLATFORM, 'rotated')).toEqual(installation);
  });

  it('say what to do when their key is not known', async () => {
    await deskWith('the first key').saveInstallation(PLATFORM, 'lost', installation);
    await expect(deskWith('another key').installation(PLATFORM, 'lost')).rejects.toMatchObject({
      code: 'SECRET_KEY_UNKNOWN',
      remedy: expect.stringContaining('FOURSIGHT_SECRET_KEY'),
    });
  });

  it('do not open in the place of another workspace, nor when they were changed', async () => {
    const desk = deskWith('the first key');
    await desk.saveInstallation(PLATFORM, 'mine', installation);
    await desk.saveInstallation(PLATFORM, 'stolen', installation);
    await store.db.execute(sql`
      update installations set sealed = (select sealed from installations where workspace = 'mine')
      where workspace = 'stolen'`);
    await expect(desk.installation(PLATFORM, 'stolen')).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
    await store.db.execute(sql`
      update installations set sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1) where workspace = 'mine'`);
    await expect(desk.installation(PLATFORM, 'mine')).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
    await store.db.execute(sql`update installations set sealed = '\\x00' where workspace = 'mine'`);
    await expect(desk.installation(PLATFORM, 'mine')).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
  });
});

describe('a workspace', () => {
  it('has one id, whoever asks first', async () => {
    const ids = await Promise.all(Array.from({ length: 6 }, () => store.desk.workspaceId(PLATFORM, 'named')));
    expect(new Set(ids).size).toBe(1);
    expect((await store.loop.runs(ids[0] ?? '', 1)).length).toBe(0);
    await openTeam(store, 'named').ask('m1');
    expect(await store.desk.workspaceId(PLATFORM, 'named')).toBe(ids[0]);
  });
});
