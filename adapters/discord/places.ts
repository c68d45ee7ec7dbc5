import type { AskedQuestion } from '../../src/domain/chat.ts';
import { messageOf } from '../../src/errors.ts';
import { shortened } from '../delivery/markdown-text.ts';
import { finalRefusalOf, refusalOf, refusals, unlessRefused } from './calls.ts';
import type { DiscordContext } from './context.ts';
import { type ConversationPlace, conversationPlace, messagePlace } from './keys.ts';
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
  /** Where a question is answered: the same, but that a reply is one to the question itself. */
  answering(workspace: string, question: AskedQuestion): Promise<Target | undefined>;
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

  const reply = ({ channel, root }: ConversationPlace): Target => ({ channel, replyTo: root });
  const thread = ({ root }: ConversationPlace): Target => ({ channel: root, replyTo: null });

  async function begin(workspace: string, place: ConversationPlace, text: string): Promise<Target> {
    const { channel, root } = place;
    if (!(await directory.channel(channel)).takesThreads) return reply(place);
    try {
      await api.startThread(channel, root, threadName(text));
    } catch (error) {
      const refusal = finalRefusalOf(error);
      if (refusal === undefined) throw error;
      if (refusal !== refusals.threadThere) {
        log.info({ channel, cause: messageOf(error) }, 'a thread could not be begun; replies are posted instead');
        discord.reportRefusal(workspace, channel, error);
        return reply(place);
      }
    }
    return thread(place);
  }

  async function look(workspace: string, conversation: string, place: ConversationPlace): Promise<Target> {
    const { channel, root } = place;
    if (channel === root) return { channel, replyTo: null };
    if (directory.known(root) !== undefined) return thread(place);
    // It has just been asked: there is no thread under it yet.
    const text = texts.get(conversation);
    if (text !== undefined) return begin(workspace, place, text);
    const asked = await unlessRefused(() => api.message(channel, root));
    if (asked?.thread) return thread(place);
    if (asked !== undefined)
      return begin(workspace, place, plainWords(asked.content ?? '', await discord.own(), asked.mentions ?? []));
    const there = await unlessRefused(() => directory.channel(root));
    return there === undefined ? reply(place) : thread(place);
  }

  return {
    note(conversation, text) {
      texts.set(conversation, text);
      const [oldest] = texts.keys();
      if (texts.size > REMEMBERED && oldest !== undefined) texts.delete(oldest);
    },
    of,
    async answering(workspace, { conversation, message }) {
      const target = await of(workspace, conversation);
      const asked = messagePlace(message);
      if (target === undefined || target.replyTo === null || asked?.channel !== target.channel) return target;
      return { ...target, replyTo: asked.id };
    },
  };

  async function of(workspace: string, conversation: string): Promise<Target | undefined> {
    const place = conversationPlace(conversation);
    if (place === undefined) return undefined;
    const known = found.get(conversation) ?? look(workspace, conversation, place);
    found.set(conversation, known);
    known.catch(() => found.delete(conversation));
    const [oldest] = found.keys();
    if (found.size > REMEMBERED && oldest !== undefined) found.delete(oldest);
    return known;
  }
}

/** Whether a place is gone, or takes nothing from the bot, while the person who asked may still be reached. */
export const isClosed = (error: unknown): boolean => closed.includes(refusalOf(error) ?? 0);
const closed: readonly number[] = [
  refusals.unknownChannel,
  refusals.missingAccess,
  refusals.missingPermissions,
  refusals.cannotReply,
  refusals.archived,
  refusals.threadLocked,
  refusals.wrongChannelKind,
];
