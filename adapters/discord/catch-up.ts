import type { CatchUpSource } from '../delivery/catch-up.ts';
import type { SeenReactions } from '../delivery/missed-votes.ts';
import { PAGE } from './api.ts';
import { unlessRefused } from './calls.ts';
import type { DiscordContext, Handlers } from './context.ts';
import { messageKey, messagePlace } from './keys.ts';
import type { MissedDirects } from './missed-directs.ts';
import { createMissedMessages } from './missed-messages.ts';
import type { Message, User } from './parse/payloads.ts';

/** People of one emoji under one message who are read. */
const PAGES = 20;

const emojiOf = ({
  id,
  name,
}: {
  readonly id?: string | null | undefined;
  readonly name?: string | null | undefined;
}) => (id ? `${name ?? '_'}:${id}` : (name ?? ''));

/** The people who reacted with an emoji, and not the bots. @throws what the calls throw */
async function peopleOf({ api }: DiscordContext, { channel_id, id }: Message, emoji: string): Promise<string[]> {
  const found: User[] = [];
  for (let page = 0; page < PAGES; page += 1) {
    const more = await api.reactedWith(channel_id, id, emoji, found.at(-1)?.id);
    found.push(...more);
    if (more.length < PAGE) break;
  }
  return found.filter(({ bot }) => bot !== true).map((one) => one.id);
}

/** What the reactions to a message say as votes. @throws what the calls throw */
export async function seenReactions(discord: DiscordContext, message: Message): Promise<SeenReactions> {
  const own = await discord.own();
  const votes = new Map<string, ('up' | 'down')[]>();
  for (const { emoji, count, me } of message.reactions ?? []) {
    const vote = discord.voteOf(emoji.name ?? '');
    // Under most answers there are the bot's own two alone.
    if (vote === undefined || (count === 1 && me === true)) continue;
    for (const person of await peopleOf(discord, message, emojiOf(emoji)))
      if (person !== own) votes.set(person, [...(votes.get(person) ?? []), vote]);
  }
  return { message: messageKey({ channel: message.channel_id, id: message.id }), votes, isWhole: true };
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
    return unlessRefused(async () => seenReactions(discord, await discord.api.message(place.channel, place.id)));
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
