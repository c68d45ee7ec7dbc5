import { messageOf } from '../../src/errors.ts';
import { shortened } from '../delivery/markdown-text.ts';
import { finalRefusalOf, refusalOf, refusals } from './calls.ts';
import type { DiscordContext } from './context.ts';
import { type ConversationPlace, conversationPlace } from './keys.ts';
import { limits } from './limits.ts';
import { plainWords } from './words.ts';

/** Where something of a conversation is posted. */
export interface Target {
  /** A channel, or a thread. */
  readonly channel: string;
  /** The message that is answered where there is no thread; null: none is. */
  readonly replyTo: string | null;
}

/** Conversations whose places are remembered. */
const REMEMBERED = 5_000;
const UNNAMED = 'Question';

/** Where conversations go on. */
export interface Places {
  /** What the thread of a conversation is to be called after, if one is begun. */
  note(conversation: string, text: string): void;
  /**
   * The thread of a conversation, begun if need be; where there can be none, the channel, in which replies are posted.
   * @returns undefined for what is no conversation of Discord's
   * @throws what cannot be known just now, and that the place cannot be seen any more
   */
  of(workspace: string, conversation: string): Promise<Target | undefined>;
}

/** A name of one line. */
export function threadName(text: string): string {
  const name = text
    .replace(/\s+/g, ' ')
    .replace(/[`*_~|>#]/g, '')
    .trim();
  return name === '' ? UNNAMED : shortened(name, limits.threadName);
}

export function createPlaces(discord: Omit<DiscordContext, 'places'>): Places {
  const { api, directory, log } = discord;
  const texts = new Map<string, string>();
  const found = new Map<string, Promise<Target>>();

  async function nameOf(conversation: string, { channel, root }: ConversationPlace): Promise<string> {
    const text = texts.get(conversation);
    if (text !== undefined) return threadName(text);
    const { content, mentions } = await api.message(channel, root);
    return threadName(plainWords(content ?? '', await discord.own(), mentions ?? []));
  }

  async function isThread(root: string): Promise<boolean> {
    if (directory.known(root) !== undefined) return true;
    try {
      await directory.channel(root);
      return true;
    } catch (error) {
      if (finalRefusalOf(error) === undefined) throw error;
      return false;
    }
  }

  async function begin(workspace: string, conversation: string, place: ConversationPlace): Promise<Target> {
    const { channel, root } = place;
    const reply = { channel, replyTo: root };
    if (!(await directory.channel(channel)).takesThreads) return reply;
    try {
      await api.startThread(channel, root, await nameOf(conversation, place));
    } catch (error) {
      const refusal = finalRefusalOf(error);
      if (refusal === undefined) throw error;
      if (refusal !== refusals.threadThere) {
        log.info({ conversation, cause: messageOf(error) }, 'a thread could not be begun; replies are posted instead');
        discord.reportRefusal(workspace, channel, error);
        return reply;
      }
    }
    return { channel: root, replyTo: null };
  }

  async function look(workspace: string, conversation: string, place: ConversationPlace): Promise<Target> {
    const { channel, root } = place;
    if (channel === root) return { channel, replyTo: null };
    if (await isThread(root)) return { channel: root, replyTo: null };
    return begin(workspace, conversation, place);
  }

  return {
    note(conversation, text) {
      texts.set(conversation, text);
      const [oldest] = texts.keys();
      if (texts.size > REMEMBERED && oldest !== undefined) texts.delete(oldest);
    },
    async of(workspace, conversation) {
      const place = conversationPlace(conversation);
      if (place === undefined) return undefined;
      const known = found.get(conversation) ?? look(workspace, conversation, place);
      found.set(conversation, known);
      known.catch(() => found.delete(conversation));
      const [oldest] = found.keys();
      if (found.size > REMEMBERED && oldest !== undefined) found.delete(oldest);
      return known;
    },
  };
}

/** Whether a place is gone, or takes nothing from the bot, while the person who asked may still be reached. */
export const isClosed = (error: unknown): boolean => closed.includes(refusalOf(error) ?? 0);
const closed: readonly number[] = [
  refusals.unknownChannel,
  refusals.missingAccess,
  refusals.missingPermissions,
  refusals.archived,
  refusals.threadLocked,
  refusals.wrongChannelKind,
];
