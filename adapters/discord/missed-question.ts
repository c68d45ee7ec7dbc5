import { MessageType } from 'discord.js';
import { perMinute } from '../delivery/chat-context.ts';
import type { DiscordContext } from './context.ts';
import { askOpened } from './handlers/ask.ts';
import { messageKey, msOfId } from './keys.ts';
import type { Channel, Message } from './parse/payloads.ts';
import { askedIn } from './parse.ts';
import { takeAsked } from './questions.ts';
import { askedInOpening, renderNotice } from './render.ts';
import { nameOf } from './words.ts';

/** Answers to commands. */
const OPENINGS: readonly number[] = [MessageType.ChatInputCommand, MessageType.ContextMenuCommand];

/** Asks what is asked in a message that nobody was told of, if anything is. Idempotent on the message. */
export type TakeMissed = (message: Message, channel: Channel) => Promise<void>;

/** How much may be asked goes by the clock of the messages. */
export function missedTaker(discord: DiscordContext, guild: string): TakeMissed {
  let now = 0;
  const limit = perMinute(discord.settings.limits, () => now);

  /** A process may have been lost after it showed a question by command and before it asked it. */
  async function takeOpening(
    { id, type, content, interaction_metadata: by }: Message,
    channel: Channel,
  ): Promise<void> {
    const text = OPENINGS.includes(type ?? 0) ? askedInOpening(content ?? '') : undefined;
    if (text === undefined || !by) return;
    const person = { key: by.user.id, name: nameOf(by.user) };
    const tell = (markdown: string) => discord.tell({ workspace: guild, person: person.key }, renderNotice(markdown));
    await askOpened({ workspace: guild, channel, id, person, text, tell }, discord, { limit, isLate: true });
  }

  /** Before its author had another server for a home, it may have been asked there. */
  async function isAskedElsewhere({ id }: Message, channel: Channel): Promise<boolean> {
    if (!channel.isDirect) return false;
    const { platform, desk, directory } = discord;
    const key = messageKey({ channel: channel.id, id });
    const others = (await directory.homesOfDirect(channel.id)).filter((home) => home !== guild);
    const asked = await Promise.all(others.map((home) => desk.questionOf(platform, home, key)));
    return asked.some((one) => one !== undefined);
  }

  return async (message, channel) => {
    if (await isAskedElsewhere(message, channel)) return;
    const own = await discord.own();
    now = Math.max(now, msOfId(message.id));
    if (message.author.id === own) return takeOpening(message, channel);
    const asked = askedIn(message, { workspace: guild, channel, own });
    if (typeof asked !== 'string') await takeAsked(asked, discord, { limit, isLate: true });
  };
}
