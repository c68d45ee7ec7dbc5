import type { CatchUpSource } from '../delivery/catch-up.ts';
import type { SeenReactions } from '../delivery/missed-votes.ts';
import { PAGE } from './api.ts';
import { unlessRefused } from './calls.ts';
import type { DiscordContext, Handlers } from './context.ts';
import { type MessagePlace, messageKey, messagePlace } from './keys.ts';
import type { MissedDirects } from './missed-directs.ts';
import { createMissedMessages } from './missed-messages.ts';
import type { Message } from './parse/payloads.ts';

/** Hundreds of people of one emoji under one message who are read. */
const PAGES = 20;

/** What reading reactions needs. */
type Reading = Pick<DiscordContext, 'api' | 'own' | 'voteOf'>;
type Seen = NonNullable<Message['reactions']>[number];

const emojiOf = ({ emoji: { id, name } }: Seen): string => (id ? `${name ?? '_'}:${id}` : (name ?? ''));

/** Ordinary and super reactions, which Discord lists by themselves: those that there are. */
const typesOf = ({ count_details: counts }: Seen): readonly (0 | 1)[] =>
  ([0, 1] as const).filter((type) => (type === 0 ? counts?.normal : counts?.burst) !== 0);

interface People {
  readonly people: ReadonlySet<string>;
  readonly isWhole: boolean;
}

/** The people who reacted with an emoji, and not the bots. @throws what the calls throw */
async function peopleOf({ api }: Reading, place: MessagePlace, seen: Seen): Promise<People> {
  const people = new Set<string>();
  let isWhole = true;
  for (const type of typesOf(seen)) {
    let after = '0';
    for (let page = 0; ; page += 1) {
      if (page === PAGES) {
        isWhole = false;
        break;
      }
      const more = await api.reactedWith(place, emojiOf(seen), { type, after, limit: PAGE });
      for (const { id, bot } of more) if (bot !== true) people.add(id);
      after = more.at(-1)?.id ?? after;
      if (more.length < PAGE) break;
    }
  }
  return { people, isWhole };
}

/** Whether a person reacted with an emoji, among however many. @throws what the calls throw */
async function hasReacted({ api }: Reading, place: MessagePlace, seen: Seen, person: string): Promise<boolean> {
  const after = String(BigInt(person) - 1n);
  for (const type of typesOf(seen))
    if ((await api.reactedWith(place, emojiOf(seen), { type, after, limit: 1 })).some(({ id }) => id === person))
      return true;
  return false;
}

/** The reactions to a message that are votes, and what they mean. */
function votesUnder({ voteOf }: Reading, { reactions }: Message) {
  return (reactions ?? []).flatMap((seen) => {
    const vote = voteOf(seen.emoji.name ?? '');
    // Under most answers there are the bot's own two alone.
    return vote === undefined || (seen.count === 1 && seen.me === true) ? [] : [{ seen, vote }];
  });
}

/** What the reactions to a message say as votes. @throws what the calls throw */
export async function seenReactions(discord: Reading, place: MessagePlace): Promise<SeenReactions> {
  const own = await discord.own();
  const votes = new Map<string, ('up' | 'down')[]>();
  let isWhole = true;
  for (const { seen, vote } of votesUnder(discord, await discord.api.message(place.channel, place.id))) {
    const found = await peopleOf(discord, place, seen);
    isWhole &&= found.isWhole;
    for (const person of found.people) if (person !== own) votes.set(person, [...(votes.get(person) ?? []), vote]);
  }
  return { message: messageKey(place), votes, isWhole };
}

/** What a person's reactions to a message say as votes. @throws what the calls throw */
export async function votesOf(discord: Reading, place: MessagePlace, person: string) {
  const votes: ('up' | 'down')[] = [];
  for (const { seen, vote } of votesUnder(discord, await discord.api.message(place.channel, place.id)))
    if (await hasReacted(discord, place, seen, person)) votes.push(vote);
  return votes;
}

/** How Discord is read for what it did not tell. */
export function createCatchUpSource(
  discord: DiscordContext,
  handlers: Handlers,
  directs: Pick<MissedDirects, 'expect'>,
): CatchUpSource {
  async function reactionsTo(key: string): Promise<SeenReactions | undefined> {
    const place = messagePlace(key);
    if (place === undefined) return undefined;
    return unlessRefused(() => seenReactions(discord, place));
  }

  return {
    async missedIn(workspace, options) {
      directs.expect(workspace, options.since);
      return createMissedMessages(discord, workspace, options);
    },
    readsEach: true,
    async reactionsIn(_, answers) {
      const seen: SeenReactions[] = [];
      for (const { message } of answers) {
        const found = await reactionsTo(message);
        if (found !== undefined) seen.push(found);
      }
      return seen;
    },
    async count({ workspace }, { person, ...vote }) {
      const channel = messagePlace(vote.message)?.channel ?? '';
      await handlers.vote({ type: 'vote', workspace, channel, ...vote, person: { key: person, name: '' } }, discord);
    },
  };
}
