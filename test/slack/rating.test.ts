import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { actionIds, reasonForm } from '../../adapters/slack/action-ids.ts';
import { type Office, withOffice } from './office.ts';

let team: Office;
let { ann, ben, general } = {} as Office;
withOffice((office) => {
  team = office;
  ({ ann, ben, general } = office);
});

const up = (person: string) => ({ person, value: 1, reason: null });
const down = (person: string, reason: string | null = null) => ({ person, value: -1, reason });

async function expectVotes(answerId: string, votes: readonly unknown[]): Promise<void> {
  await vi.waitFor(async () => expect(await team.votes(answerId)).toEqual(votes), { timeout: 10_000 });
}

describe('a reaction', () => {
  it('is a vote by the person, who alone is thanked, and taken away it is none', async () => {
    const { slack } = team;
    const { message, answerId } = await team.answered(general, ann, 'first?');
    slack.react(message, ann, '+1');
    await expectVotes(answerId, [up('ann')]);
    await team.told(ann, 'your 👍 is noted', message);
    slack.unreact(message, ann, '+1');
    await expectVotes(answerId, []);
    await team.told(ann, 'taken back', message);
    expect(slack.ephemeralsOf(ben)).toEqual([]);
  });

  it('counts in any skin tone, and as long as one is left', async () => {
    const { slack } = team;
    const { message, answerId } = await team.answered(general, ann, 'which tone?');
    slack.react(message, ben, '+1');
    slack.react(message, ben, '+1::skin-tone-4');
    await expectVotes(answerId, [up('ben')]);
    slack.unreact(message, ben, '+1');
    await slack.settled();
    expect(await team.votes(answerId)).toEqual([up('ben')]);
    slack.unreact(message, ben, '+1::skin-tone-4');
    await expectVotes(answerId, []);
  });

  it('that is the last one of a person wins, and an older one taken away spares it', async () => {
    const { slack } = team;
    const { message, answerId } = await team.answered(general, ann, 'changed my mind?');
    slack.react(message, ann, '+1');
    await expectVotes(answerId, [up('ann')]);
    slack.react(message, ann, '-1');
    slack.react(message, ben, 'thumbsup');
    await expectVotes(answerId, [down('ann'), up('ben')]);
    slack.unreact(message, ann, '+1');
    await slack.settled();
    expect(await team.votes(answerId)).toEqual([down('ann'), up('ben')]);
  });

  it('taken away leaves the other one, if it is there', async () => {
    const { slack } = team;
    const { message, answerId } = await team.answered(general, ann, 'which is left?');
    slack.react(message, ann, '+1');
    await expectVotes(answerId, [up('ann')]);
    slack.react(message, ann, '-1');
    await expectVotes(answerId, [down('ann')]);
    slack.unreact(message, ann, '-1');
    await expectVotes(answerId, [up('ann')]);
  });

  it('that was taken away does not come back with an old event that comes late', async () => {
    const { slack } = team;
    const { message, answerId } = await team.answered(general, ann, 'an old event?');
    slack.react(message, ann, '+1');
    await expectVotes(answerId, [up('ann')]);
    slack.unreact(message, ann, '+1');
    await expectVotes(answerId, []);
    slack.emit(general, {
      ...{ type: 'reaction_added', user: ann.id, reaction: '+1', item_user: message.user ?? '' },
      item: { type: 'message', channel: general.id, ts: message.ts },
      event_ts: (Date.now() / 1_000 - 60).toFixed(6),
    });
    slack.react(message, ben, '+1');
    await expectVotes(answerId, [up('ben')]);
    await slack.settled();
    expect(await team.votes(answerId)).toEqual([up('ben')]);
  });

  it('counts on every part of an answer', async () => {
    const { slack } = team;
    const long = Array.from({ length: 2_500 }, (_, line) => `line ${line}`).join('\n\n');
    const { parts, answerId } = await team.answered(general, ann, 'at length?', { text: long });
    expect(parts.length).toBeGreaterThan(1);
    const [first] = parts;
    if (first === undefined) throw new Error('no part');
    slack.react(first, ann, '+1');
    await expectVotes(answerId, [up('ann')]);
  });

  it('counts when it comes before it is noted what the message is', async () => {
    const { slack } = team;
    team.noteLate(400);
    const question = slack.say(general, ann, `${slack.mention()} quick?`);
    const done = team.finish(question, 'quick answer');
    const message = await slack.waitFor(
      () => slack.replies(question).find((reply) => slack.textOf(reply).includes('quick answer')),
      'the answer',
    );
    slack.react(message, ben, '+1');
    const { answerId } = await done;
    await expectVotes(answerId, [up('ben')]);
    team.noteLate(0);
  });

  it('of the bot itself, of other people’s messages and of another meaning is none', async () => {
    const { slack } = team;
    const { message, question, answerId } = await team.answered(general, ann, 'and these?');
    await slack.waitFor(() => (message.reactions.has('-1') ? true : undefined), 'seeds');
    slack.react(message, ben, 'eyes');
    slack.react(question, ben, '+1');
    await slack.settled();
    expect(await team.votes(answerId)).toEqual([]);
  });

  it('of a stranger in a shared channel is none', async () => {
    const { slack } = team;
    const other = slack.addTeam('Other');
    const zoe = slack.addUser('zoe', { of: other });
    const shared = slack.addChannel('shared', { members: [ann, zoe], isShared: true });
    const { message, answerId } = await team.answered(shared, ann, 'shared?');
    slack.react(message, zoe, '+1');
    slack.react(message, ann, '+1');
    await expectVotes(answerId, [up('ann')]);
    await slack.settled();
    expect(await team.votes(answerId)).toEqual([up('ann')]);
  });
});

describe('a button', () => {
  it('is a vote, of which the person alone is told; pressed again it changes nothing', async () => {
    const { slack } = team;
    const { message, answerId } = await team.answered(general, ann, 'a button?');
    expect((await slack.click(ben, message, actionIds.rate, 'positive')).isAcked).toBe(true);
    await expectVotes(answerId, [up('ben')]);
    await team.told(ben, 'your 👍 is noted', message);
    await slack.click(ben, message, actionIds.rate, 'positive');
    await team.told(ben, 'stands already', message);
    expect(await team.votes(answerId)).toEqual([up('ben')]);
  });

  it('is acknowledged once the vote is stored, however long that takes', async () => {
    const { slack } = team;
    const { message, answerId } = await team.answered(general, ann, 'a slow store?');
    let store = (): void => undefined;
    const isReached = new Promise<void>((reached) => {
      team.beforeVotes(() => {
        reached();
        return new Promise<void>((resolve) => {
          store = resolve;
        });
      });
    });
    const press = slack.click(ben, message, actionIds.rate, 'positive');
    await isReached;
    expect(await Promise.race([press, delay(2_300, 'waiting')])).toBe('waiting');
    store();
    expect((await press).isAcked).toBe(true);
    expect(await team.votes(answerId)).toEqual([up('ben')]);
    team.beforeVotes(async () => undefined);
  });

  it('of which the vote cannot be stored fails for the person, who is told why and may press again', async () => {
    const { slack } = team;
    const { message, answerId } = await team.answered(general, ann, 'no store?');
    team.beforeVotes(async () => {
      throw new Error('the database is gone');
    });
    expect((await slack.click(ben, message, actionIds.rate, 'positive')).isAcked).toBe(false);
    await team.told(ben, 'That did not work', message);
    team.beforeVotes(async () => undefined);
    expect((await slack.click(ben, message, actionIds.rate, 'positive')).isAcked).toBe(true);
    expect(await team.votes(answerId)).toEqual([up('ben')]);
  });

  it('with 👎 opens a form, whose reason is kept', async () => {
    const { slack } = team;
    const { message, answerId } = await team.answered(general, ann, 'not good?');
    await slack.click(ann, message, actionIds.rate, 'negative');
    const form = await slack.waitFor(() => slack.openViewOf(ann), 'the form');
    await expectVotes(answerId, [down('ann')]);
    const sent = await slack.submit(ann, form, {
      [reasonForm.reasonsAction]: ['wrong', 'too long'],
      [reasonForm.textAction]: 'It is 41.',
    });
    expect(sent.isAcked).toBe(true);
    await expectVotes(answerId, [down('ann', 'wrong, too long: It is 41.')]);
    await team.told(ann, 'your reason is noted', message);
    expect(slack.openViewOf(ann)).toBeUndefined();
  });

  it('that is closed, or sent empty, leaves the vote without a reason', async () => {
    const { slack } = team;
    const { message, answerId } = await team.answered(general, ann, 'no reason?');
    await slack.click(ben, message, actionIds.rate, 'negative');
    const form = await slack.waitFor(() => slack.openViewOf(ben), 'the form');
    await slack.submit(ben, form, {});
    await slack.settled();
    expect(await team.votes(answerId)).toEqual([down('ben')]);
  });

  it('under the thanks for a 👎 opens the form too, also where the form could not be opened at once', async () => {
    const { slack } = team;
    const { message, answerId } = await team.answered(general, ann, 'by reaction?');
    slack.react(message, ann, '-1');
    const thanks = await team.told(ann, 'your 👎 is noted', message);
    await slack.click(ann, thanks, actionIds.reason);
    const form = await slack.waitFor(() => slack.openViewOf(ann), 'the form');
    await slack.submit(ann, form, { [reasonForm.reasonsAction]: 'outdated' });
    await expectVotes(answerId, [down('ann', 'outdated')]);
    slack.failNext('views.open', { error: 'expired_trigger_id' });
    await slack.click(ben, message, actionIds.rate, 'negative');
    await team.told(ben, 'your 👎 is noted', message);
    await expectVotes(answerId, [down('ann', 'outdated'), down('ben')]);
  });
});

it('no call was one that Slack refuses', () => {
  expect(team.slack.journal.refusals()).toEqual([]);
});
