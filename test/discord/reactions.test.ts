import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reactionVotes } from '../../adapters/delivery/reaction-votes.ts';
import { createApi } from '../../adapters/discord/api.ts';
import { closeRest, openRest } from '../../adapters/discord/calls.ts';
import { seenReactions, votesOf } from '../../adapters/discord/catch-up.ts';
import { createFakeDiscord, type FakeDiscord } from './fake/fake-discord.ts';
import type { Message, User } from './fake/types.ts';

describe('the reactions to a message of Discord’s', { timeout: 60_000 }, () => {
  let discord: FakeDiscord;
  let rest: ReturnType<typeof openRest>;
  beforeAll(async () => {
    discord = await createFakeDiscord({ rateLimits: { speed: 1_000 } });
    rest = openRest(discord.token, discord.apiUrl);
  });
  afterAll(async () => {
    closeRest(rest);
    await discord.close();
  });

  /** A message to which so many people have reacted with 👍, and as many again with super reactions; with them. */
  function liked(ordinary: number, supers: number) {
    const message = discord.say(
      discord.addChannel(`liked by ${ordinary} and ${supers}`),
      discord.addUser('ann'),
      'so?',
    );
    const people = Array.from({ length: ordinary + supers }, (_, i) => discord.addUser(`user ${ordinary} ${i}`));
    for (const [i, person] of people.entries()) discord.react(message, person, '👍', i < ordinary ? 'users' : 'supers');
    return { message, people };
  }
  const reading = () => ({ api: createApi(rest), own: async () => discord.bot.id, voteOf: reactionVotes() });
  const placeOf = ({ id, channel }: Message) => ({ id, channel: channel.id });
  const read = (message: Message) => seenReactions(reading(), placeOf(message));
  const votes = (message: Message, person: User | undefined) => votesOf(reading(), placeOf(message), person?.id ?? '');

  it('are read page after page, and super ones beside the others', async () => {
    const { message, people } = liked(205, 101);
    const [both] = people;
    if (both === undefined) throw new Error('nobody');
    discord.react(message, both, '👍', 'supers');
    const { votes, isWhole } = await read(message);
    expect([...votes.keys()].sort()).toEqual(people.map(({ id }) => id).sort());
    expect([votes.get(both.id), isWhole]).toEqual([['up'], true]);
  });

  it('are read again where Discord could not tell just now, some times', async () => {
    const { message, people } = liked(1, 0);
    const fail = (times: number) => {
      for (let i = 0; i < times; i += 1) discord.failNext('GET /channels/:channel/messages/:message', { status: 503 });
    };
    fail(2);
    expect(await votes(message, people[0])).toEqual(['up']);
    fail(3);
    await expect(votes(message, people[0])).rejects.toMatchObject({ status: 503 });
    discord.failNext('GET /channels/:channel/messages/:message', { code: 50_001 });
    await expect(votes(message, people[0])).rejects.toMatchObject({ code: 50_001 });
  });

  it('are not whole where there are more of them than are read, and tell of one person all the same', async () => {
    const { message, people } = liked(2_001, 0);
    const last = people.at(-1);
    const { votes: seen, isWhole } = await read(message);
    expect([seen.size, isWhole]).toEqual([2_000, false]);
    expect(await votes(message, last)).toEqual(['up']);
    discord.unreact(message, last ?? discord.bot, '👍');
    expect(await votes(message, last)).toEqual([]);
  });
});
