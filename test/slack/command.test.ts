import { sql } from 'drizzle-orm';
import { describe, expect, it, vi } from 'vitest';
import { COMMAND } from '../../adapters/slack/render.ts';
import { gateReport, makeCandidate } from '../policies/candidates.ts';
import type { Channel, Ephemeral, User } from './fake/types.ts';
import { type Office, withOffice } from './office.ts';

let team: Office;
let { store, ann, ben, general } = {} as Office;
withOffice((office) => {
  team = office;
  ({ store, ann, ben, general } = office);
});

/** What a command comes to, which must be seen by nobody but who typed it. */
async function said(user: User, typed: string, part: string, where: Channel = general): Promise<string> {
  const { slack } = team;
  const posted = slack.messagesOf(where).length;
  const others = [ann, ben].filter((one) => one !== user).map((one) => slack.ephemeralsOf(one).length);
  const before = slack.ephemeralsOf(user).length;
  expect((await slack.command(where, user, COMMAND, typed)).isAcked).toBe(true);
  const isNew = (one: Ephemeral, index: number) => index >= before && slack.textOf(one).includes(part);
  const told = await slack.waitFor(() => slack.ephemeralsOf(user).find(isNew), `${typed} to say ${part}`);
  expect(slack.messagesOf(where)).toHaveLength(posted);
  expect([ann, ben].filter((one) => one !== user).map((one) => slack.ephemeralsOf(one).length)).toEqual(others);
  return slack.textOf(told);
}

describe('the command', () => {
  it('helps, also with what it does not know', async () => {
    expect(await said(ann, '', 'Commands')).toContain('/foursight retrain');
    expect(await said(ann, 'dance', 'There is no `dance`')).toContain('/foursight help');
  });

  it('works where the bot is no member, and in direct messages', async () => {
    const elsewhere = team.slack.addChannel('elsewhere', { members: [ann], withBot: false });
    await said(ann, 'status', 'Live policy: version 0', elsewhere);
    await said(ann, 'status', 'Live policy: version 0', team.slack.directMessages(ann));
  });

  it('lets nobody but admins change what answers everybody', async () => {
    for (const typed of ['retrain', 'policy promote 1', 'policy promote 1 --force', 'policy rollback'])
      await said(ann, typed, 'Only admins');
    expect(await store.loop.runs(await team.workspaceId(), 5)).toEqual([]);
  });

  it('does nothing for an admin of whom Slack does not tell', async () => {
    const { slack } = team;
    const cyd = slack.addUser('cyd', { isAdmin: true });
    general.members.add(cyd.id);
    slack.setFaults({ methods: { 'users.info': { errorBefore: 1 } } });
    await said(cyd, 'policy rollback', 'Slack does not tell who you are');
    slack.setFaults({});
  });

  it('remembers for each person whether their direct messages may be learnt from', async () => {
    await said(ann, 'training', 'I do not learn');
    await said(ann, 'training on', 'I may learn');
    await said(ben, 'training', 'I do not learn');
    await said(ann, 'training off', 'I do not learn');
  });

  it('says what a training would be on, and that there was none yet', async () => {
    await said(ann, 'report', 'no training yet');
    expect(await said(ann, 'retrain dry-run', 'What I would be trained on')).toContain('Trained on: 0 ratings');
    expect(await store.loop.runs(await team.workspaceId(), 5)).toEqual([]);
  });
});

describe('policies', () => {
  it('are listed, shown, made live and taken back by an admin, who is told why not', async () => {
    const workspaceId = await team.workspaceId();
    await makeCandidate(store.db, workspaceId, { gate: gateReport(true) });
    await makeCandidate(store.db, workspaceId, { gate: gateReport(false) });
    const list = await said(ann, 'policy list', 'Policies');
    for (const line of ['**Version 1** · candidate', '**Version 2** · refused', '**Version 0** · live'])
      expect(list).toContain(line);
    expect(await said(ann, 'policy show 2', '**Version 2**')).toContain('| dates |');
    await said(ann, 'policy show 9', 'there is no policy version 9');
    expect(await said(ben, 'policy promote 2', 'the gate refused')).toContain(
      '`/foursight policy promote VERSION --force`',
    );
    expect(await said(ben, 'policy promote 1', '**Version 1 is live**')).toContain('version 0');
    await said(ben, 'policy promote 1', 'is live already');
    await said(ann, 'status', 'Live policy: version 1');
    await said(ben, 'policy promote 2 --force', '**Version 2 is live**');
    await said(ben, 'policy rollback', '**Version 1 is live**');
    const { promotions } = await store.loop.policy(workspaceId, 2);
    expect(promotions[0]?.reason).toBe('forced: by ben, in Slack');
  });
});

describe('a report', () => {
  it('is of the last night, whatever somebody trained since', async () => {
    const workspaceId = await team.workspaceId();
    for (const by of ['schedule', 'admin'] as const) {
      const { runId } = await store.loop.retrain(workspaceId, { by, seed: 1 });
      await store.db.execute(sql`update training_runs set status = 'no update', reason = ${`of the ${by}`},
        ended_at = now() where id = ${runId}`);
    }
    await said(ann, 'report', 'of the schedule');
  });
});

describe('what could not be posted', () => {
  it('is shown to admins by status', async () => {
    const { slack } = team;
    const { questionId } = await team.answered(slack.addChannel('lost', { members: [ann] }), ann, 'lost?');
    await store.db.execute(sql`update outbox set delivered_at = null, failed_at = now(), failure = 'Slack refused it'
      where question_id = ${questionId}`);
    expect(await said(ben, 'status', 'Could not be posted')).toContain('Slack refused it');
    expect(await said(ann, 'status', 'Live policy')).not.toContain('Slack refused it');
  });
});

describe('a question by command', () => {
  it('is answered in the direct messages, goes on there, and is shown where it was typed', async () => {
    const { slack } = team;
    await said(ann, 'ask What is 6 * 7?', 'I am on it');
    const direct = slack.directMessages(ann);
    const opening = slack.messagesOf(direct).find((one) => slack.textOf(one).includes('> What is 6 * 7?'));
    if (opening === undefined) throw new Error('nothing in the direct messages');
    const { questionId } = await team.finish(opening, 'It is 42.');
    const answer = await slack.waitFor(
      () => slack.replies(opening).find((one) => slack.textOf(one).includes('It is 42.')),
      'the answer in the direct messages',
    );
    expect((await team.told(ann, 'It is 42.')).channel).toBe(general);
    const { rows } = await store.db.execute(sql`select is_direct from questions where id = ${questionId}`);
    expect(rows).toEqual([{ is_direct: true }]);
    slack.react(answer, ann, '+1');
    const { answerId = '' } = (await store.loop.answer(questionId)) ?? {};
    await vi.waitFor(async () => expect(await team.votes(answerId)).toHaveLength(1), { timeout: 10_000 });
    await team.finish(slack.say(direct, ann, 'and 6 * 8?', { thread: opening.ts }), 'It is 48.');
    await slack.waitFor(() => slack.replies(opening).some((one) => slack.textOf(one).includes('48')), 'a follow-up');
  });

  it('that is too long is refused with what to do', async () => {
    await said(ann, `ask ${'x'.repeat(4_001)}`, 'Ask with 4000 at most');
    await said(ann, 'ask', '`ask` needs a question');
  });
});

it('no call was one that Slack refuses', () => {
  expect(team.slack.journal.refusals()).toEqual([]);
});
