import { sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { reasonForm } from '../../adapters/discord/action-ids.ts';
import type { ChatDesk } from '../../src/domain/chat.ts';
import type { Message } from './fake/types.ts';
import { useOffice } from './office.ts';

const office = useOffice();

/** Which reactions there are under a message, as the adapter asks. */
const LOOK = 'GET /channels/:channel/messages/:message';

/** The next look fails, as often as a call is tried. */
function failLook(): void {
  for (let tries = 0; tries < 3; tries += 1) office.discord.failNext(LOOK, { status: 503 });
}

const expectVotes = (answer: Message, up: number, down: number) =>
  expect.poll(() => office.votes(answer), { timeout: 10_000 }).toEqual({ up, down });

describe('rating in Discord', { timeout: 60_000 }, () => {
  let answer: Message;

  beforeEach(async () => {
    await office.openAdapter();
    answer = await office.said(office.ask('rate me'), 'answer to rate me');
    await office.idle();
  });

  it('counts the last reaction of a person in any skin tone, and the other one where it is left', async () => {
    const { discord, ann } = office;
    const ben = discord.addUser('ben');
    discord.react(answer, ann, '👍🏽');
    await expectVotes(answer, 1, 0);
    discord.react(answer, ann, '👎');
    discord.react(answer, ben, '👍');
    await expectVotes(answer, 1, 1);
    discord.unreact(answer, ann, '👍🏽');
    await discord.heard();
    await expectVotes(answer, 1, 1);
    discord.react(answer, ann, '👍');
    await expectVotes(answer, 2, 0);
    discord.unreact(answer, ann, '👍');
    await expectVotes(answer, 1, 1);
    discord.react(answer, ben, '🎉');
    discord.react(answer, discord.addUser('robot', { isBot: true }), '👎');
    await discord.heard();
    await expectVotes(answer, 1, 1);
  });

  it('that was taken back does not come back with an event that is told twice', async () => {
    const { discord, ann } = office;
    discord.react(answer, ann, '👍');
    await expectVotes(answer, 1, 0);
    discord.unreact(answer, ann, '👍');
    await expectVotes(answer, 0, 0);
    const d = { user_id: ann.id, channel_id: answer.channel.id, message_id: answer.id, guild_id: discord.guild.id };
    discord.sendFrame({ op: 0, t: 'MESSAGE_REACTION_ADD', s: 10_000, d: { ...d, emoji: { id: null, name: '👍' } } });
    const ben = discord.addUser('ben');
    discord.react(answer, ben, '👎');
    await expectVotes(answer, 0, 1);
    await discord.heard();
    expect(await office.votes(answer)).toEqual({ up: 0, down: 1 });
  });

  it('takes back what a moderator clears', async () => {
    const { discord, ann } = office;
    const ben = discord.addUser('ben');
    discord.react(answer, ann, '👍');
    discord.react(answer, ben, '👎');
    await expectVotes(answer, 1, 1);
    discord.clearReactions(answer, '👎');
    await expectVotes(answer, 1, 0);
    discord.clearReactions(answer);
    await expectVotes(answer, 0, 0);
  });

  it('takes back what a moderator clears under an old answer, also when Discord does not tell at first what is left', async () => {
    const { discord, ann, store } = office;
    const ben = discord.addUser('ben');
    const standing = async () =>
      (await store.db.execute(sql`select value from votes where value <> 0 order by value`)).rows.map(
        (row) => row.value,
      );
    discord.react(answer, ann, '👍');
    discord.react(answer, ben, '👎');
    await office.press(answer, '👍', discord.addUser('cyd'));
    await expect.poll(standing, { timeout: 10_000 }).toEqual([-1, 1, 1]);
    await store.db.execute(sql`update posts set created_at = now() - interval '80 days'`);
    failLook();
    discord.clearReactions(answer, '👎');
    await expect.poll(standing, { timeout: 10_000 }).toEqual([1, 1]);
    discord.clearReactions(answer);
    await expect.poll(standing, { timeout: 10_000 }).toEqual([1]);
  });

  it('counts super reactions as ordinary ones, also those of which it was not told', async () => {
    const { discord, ann } = office;
    const ben = discord.addUser('ben');
    discord.react(answer, ann, '👍', 'supers');
    await expectVotes(answer, 1, 0);
    discord.react(answer, ann, '👍');
    discord.unreact(answer, ann, '👍', 'supers');
    await discord.heard();
    await expectVotes(answer, 1, 0);
    await office.closeAdapter();
    discord.unreact(answer, ann, '👍');
    discord.react(answer, ann, '👍', 'supers');
    discord.react(answer, ben, '👎', 'supers');
    discord.forgetSessions();
    await office.openAdapter();
    await expectVotes(answer, 1, 1);
    discord.unreact(answer, ben, '👎', 'supers');
    await expectVotes(answer, 1, 0);
  });

  it('counts a reaction to an answer that a lost process had posted, also when it is not found at once', async () => {
    const { discord, ann, store } = office;
    const lost = async () => {
      throw new Error('the database is gone');
    };
    await office.closeAdapter();
    await office.openAdapter({ desk: { ...store.desk, posted: lost } });
    const late = await office.said(office.ask('and me'), 'answer to and me');
    await office.closeAdapter();
    discord.react(late, ann, '👎');
    discord.forgetSessions();
    const posted: ChatDesk['posted'] = async (where, post) => {
      await store.desk.posted(where, post);
      failLook();
    };
    await office.openAdapter({ desk: { ...store.desk, posted } });
    await expectVotes(late, 0, 1);
  });

  it('counts a button, thanks privately, and asks for the reason of a 👎 in a form', async () => {
    const { discord, ann, store } = office;
    await office.press(answer, '👍');
    await expectVotes(answer, 1, 0);
    const thanks = () => discord.ephemeralsOf(ann).map(discord.textOf);
    await discord.waitFor(() => thanks().some((text) => text.includes('your 👍 is noted')), 'thanks');
    const { modal } = await office.press(answer, '👎');
    await expectVotes(answer, 0, 1);
    if (modal === undefined) throw new Error('no form');
    await discord.submit(modal, { [reasonForm.chosen]: ['outdated'], [reasonForm.written]: 'It is 2026.' });
    await discord.waitFor(() => thanks().some((text) => text.includes('your reason is noted')), 'thanks');
    const { rows } = await store.db.execute(sql`select value, reason from votes`);
    expect(rows).toEqual([{ value: -1, reason: 'outdated: It is 2026.' }]);
    expect(discord.complaints()).toEqual([]);
  });

  it('counts a reaction in direct messages, also after a restart', async () => {
    const { discord, ann } = office;
    const question = discord.say(discord.directMessages(ann), ann, 'directly?');
    const direct = await office.said(question, 'answer to directly?');
    await office.idle();
    await office.closeAdapter();
    await office.openAdapter();
    discord.react(direct, ann, '👎');
    await expectVotes(direct, 0, 1);
    discord.unreact(direct, ann, '👎');
    await expectVotes(direct, 0, 0);
    discord.react(answer, ann, '👍');
    await expectVotes(answer, 1, 0);
  });

  it('finds a reaction in direct messages of which it cannot be told for a while whose they are', async () => {
    const { discord, ann, store } = office;
    const direct = await office.said(discord.say(discord.directMessages(ann), ann, 'whose?'), 'answer to whose?');
    await office.idle();
    await office.closeAdapter();
    let failures = 0;
    const workspacesWith: ChatDesk['workspacesWith'] = async (platform, place) => {
      // As often as it is tried.
      if (place.startsWith('home of') && failures < 5) {
        failures += 1;
        throw new Error('the database is gone');
      }
      return store.desk.workspacesWith(platform, place);
    };
    await office.openAdapter({ desk: { ...store.desk, workspacesWith } });
    // Reactions are compared at the start.
    const isLookedAt = ({ params }: { readonly params: Readonly<Record<string, string>> }) =>
      params.message === direct.id;
    await discord.waitFor(() => discord.journal.callsOf(LOOK).some(isLookedAt), 'a look at the answer');
    discord.react(direct, ann, '👎');
    await expect.poll(() => office.votes(direct), { timeout: 20_000 }).toEqual({ up: 0, down: 1 });
    expect(failures).toBe(5);
  });

  it('shows how it got there to whoever asks, alone', async () => {
    const { discord } = office;
    const ben = discord.addUser('ben');
    await office.press(answer, 'How I got there', ben);
    const shown = await discord.waitFor(
      () => discord.ephemeralsOf(ben).find((message) => discord.textOf(message).includes('How I got there')),
      'the trace',
    );
    expect(discord.textOf(shown)).toContain('calculator');
    expect(discord.complaints()).toEqual([]);
  });
});
