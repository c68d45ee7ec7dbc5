import { beforeEach, describe, expect, it } from 'vitest';
import { useOffice } from './office.ts';
import { settings } from './open-adapter.ts';

const office = useOffice();

describe('asking in Slack', { timeout: 60_000 }, () => {
  beforeEach(async () => {
    await office.openAdapter({ settings: { ...settings, limits: { person: 4, workspace: 100 } } });
  });

  it('answers a mention in its thread, after a status and with progress in the same message', async () => {
    const { slack, worker } = office;
    worker.hold();
    const question = office.ask('what is 2+2?');
    await slack.waitFor(() => slack.journal.callsOf('assistant.threads.setStatus').length > 0, 'a status');
    const progress = await office.said(question, 'calculator');
    expect(progress.stream?.state).toBe('in_progress');
    worker.letGo();
    const answer = await office.said(question, 'answer to what is 2+2?');
    expect(answer.ts).toBe(progress.ts);
    expect(slack.replies(question)).toHaveLength(1);
    await slack.waitFor(() => ['+1', '-1'].every((name) => answer.reactions.has(name)), 'reactions');
    expect(slack.statusOf(question)).toBe('');
    expect(slack.journal.refusals()).toEqual([]);
  });

  it('answers what goes on in a thread without a mention, and a direct message, but not what is not for it', async () => {
    const { slack, store, general, ann } = office;
    const question = office.ask('one');
    await office.said(question, 'answer to one');
    slack.say(general, ann, 'not for you');
    slack.say(general, ann, 'and two', { thread: question.ts });
    await office.said(question, 'answer to and two');
    const direct = slack.say(slack.directMessages(ann), ann, 'three');
    await office.said(direct, 'answer to three');
    expect((await store.loop.status()).questions).toMatchObject({ answered: 3, open: 0 });
    expect(slack.journal.refusals()).toEqual([]);
  });

  it('answers a message once, however often it comes', async () => {
    const { slack, store } = office;
    slack.setFaults({ duplicateEvery: 1 });
    const question = office.ask('once?');
    await office.said(question, 'answer to once?');
    await office.idle();
    expect(slack.replies(question)).toHaveLength(1);
    expect((await store.loop.status()).questions.answered).toBe(1);
  });

  it('takes an edit before the answer for the question, and a deletion for a withdrawal', async () => {
    const { slack, store, worker } = office;
    worker.rest();
    const question = office.ask('first wording');
    await slack.settled();
    slack.edit(question, `${slack.mention()} second wording`);
    const other = office.ask('to be deleted');
    await slack.waitFor(() => slack.statusOf(other) !== '', 'a status');
    slack.remove(other);
    await slack.settled();
    worker.letGo();
    await office.said(question, 'answer to second wording');
    await office.idle();
    expect((await store.loop.status()).questions).toMatchObject({ answered: 1, failed: 0 });
  });

  it('tells whoever changes a question too late, once and alone, that its first wording counts', async () => {
    const { slack, worker, ann } = office;
    worker.hold();
    const question = office.ask('first wording');
    await office.said(question, 'calculator');
    slack.edit(question, `${slack.mention()} second wording`);
    await office.told(ann, 'I am at work on what you wrote first');
    slack.edit(question, `${slack.mention()} third wording`);
    worker.letGo();
    const other = office.ask('other');
    await office.said(question, 'answer to first wording');
    await office.said(other, 'answer to other');
    await office.idle();
    slack.edit(other, `${slack.mention()} other wording`);
    await office.told(ann, 'this question is over');
    slack.edit(other, `${slack.mention()} yet another`);
    await slack.settled();
    expect(slack.ephemeralsOf(ann)).toHaveLength(2);
  });

  it('takes the progress of a deleted question away, and says who stopped one', async () => {
    const { slack, worker, ann } = office;
    worker.hold();
    const deleted = office.ask('to be deleted');
    const gone = await office.said(deleted, 'calculator');
    slack.remove(deleted);
    await slack.waitFor(() => !slack.messagesOf(office.general).includes(gone), 'no progress');
    const stopped = office.ask('to be stopped');
    const progress = await office.said(stopped, 'calculator');
    slack.stopStream(progress, ann);
    worker.takeTurns(3);
    await office.said(stopped, `Stopped by <@${ann.id}>`);
    await office.idle();
    expect(slack.replies(stopped)).toHaveLength(1);
  });

  it('helps who only mentions it, and tells privately what is too much or too long', async () => {
    const { slack, ann, general } = office;
    const ephemeral = (text: string) =>
      slack.waitFor(() => slack.ephemeralsOf(ann).filter((one) => slack.textOf(one).includes(text)).length === 1, text);
    slack.say(general, ann, slack.mention());
    await ephemeral('How to use me');
    // In a thread that nobody has begun it would not be seen.
    expect(slack.ephemeralsOf(ann)[0]?.threadTs).toBeUndefined();
    office.ask('x'.repeat(4_001));
    await ephemeral('Ask in one to 4,000 characters');
    for (const number of [1, 2, 3, 4]) office.ask(`question ${number}`);
    await ephemeral('You have asked 4 questions');
    await slack.settled();
    expect(slack.ephemeralsOf(ann)).toHaveLength(3);
    expect(slack.journal.refusals()).toEqual([]);
  });

  it('answers neither strangers nor bots', async () => {
    const { slack, store } = office;
    const stranger = slack.addUser('eve', { of: slack.addTeam('Elsewhere') });
    const shared = slack.addChannel('shared', { members: [stranger], isShared: true });
    slack.say(shared, stranger, `${slack.mention()} who are you?`);
    const known = office.ask('who am I?', { channel: shared });
    await office.said(known, 'answer to who am I?');
    expect((await store.loop.status()).questions).toMatchObject({ answered: 1, open: 0 });
  });
});
