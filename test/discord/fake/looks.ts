import { ComponentType } from 'discord.js';
import { everyComponent } from './contents.ts';
import { emojiOf, reactionOf } from './messages.ts';
import { sees } from './permissions.ts';
import type { Channel, Json, Message, Modal, User } from './types.ts';
import { threadsOf, type World } from './world.ts';

export interface SeenButton {
  readonly customId: string | undefined;
  readonly label: string;
  readonly emoji: string | undefined;
  readonly isDisabled: boolean;
  readonly url: string | undefined;
}

const TYPING_MS = 10_000;

const words = (...parts: readonly unknown[]) => parts.filter((part) => typeof part === 'string' && part !== '');

function embedText({ title, description, fields, footer }: Json): unknown[] {
  const listed = Array.isArray(fields) ? fields.flatMap(({ name, value }: Json) => words(name, value)) : [];
  return words(title, description, ...listed, (footer as Json | undefined)?.text);
}

/** All that a message says, as a reader sees it: its content, embeds and texts among its components. */
export function textOf({ content, embeds, components }: Message): string {
  const shown = everyComponent(components).map(({ component }) => component);
  const texts = shown.filter(({ type }) => type === ComponentType.TextDisplay).map((one) => one.content);
  return words(content, ...embeds.flatMap(embedText), ...texts).join('\n');
}

/** The buttons of a message in order. */
export const buttonsOf = ({ components }: Message): SeenButton[] =>
  everyComponent(components)
    .map(({ component }) => component)
    .filter(({ type }) => type === ComponentType.Button)
    .map(({ custom_id, label, emoji, disabled, url }) => ({
      customId: custom_id as string | undefined,
      label: String(label ?? ''),
      emoji: (emoji as { name?: string } | undefined)?.name,
      isDisabled: disabled === true,
      url: url as string | undefined,
    }));

/** What a test looks at. */
export function createLooks(world: World) {
  const { bot } = world.app;
  const ephemeralsOf = (user: User): Message[] =>
    world.ephemerals.filter((message) => message.seenBy === user && !message.isDeleted);
  const messagesIn = (channel: Channel): Message[] => [...channel.messages.values()];
  return {
    textOf,
    buttonsOf,
    /** How the text of a question names the bot. */
    mention: () => `<@${bot.id}>`,
    /** What everybody sees in a channel, a thread or direct messages, oldest first. */
    messagesIn,
    /** What one person sees there: also what is for them alone, and nothing where they may not look. */
    seenBy(user: User, channel: Channel): Message[] {
      if (!sees(channel, user)) return [];
      const own = ephemeralsOf(user).filter((message) => message.channel === channel);
      return [...messagesIn(channel), ...own].sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
    },
    /** What the bot said in a place, oldest first. */
    saidIn: (channel: Channel): Message[] => messagesIn(channel).filter(({ author }) => author === bot),
    /** What the bot said to a message: in the thread that it began, or as a reply to it. */
    answersTo: (message: Message): Message[] => [
      ...messagesIn(message.channel).filter(({ author, reference }) => author === bot && reference === message),
      ...(message.thread === undefined ? [] : messagesIn(message.thread).filter(({ author }) => author === bot)),
    ],
    threadsOf: (channel: Channel): Channel[] => threadsOf(world, channel),
    /** What a person alone sees, oldest first. */
    ephemeralsOf,
    /** The modal on a person's screen. */
    openModalOf: (user: User): Modal | undefined =>
      world.modals.findLast((modal) => modal.user === user && modal.isOpen),
    /** Who has put an emoji on a message, the bot included. */
    reactorsOf: (message: Message, emoji: string): readonly User[] => reactionOf(message, emojiOf(emoji))?.users ?? [],
    /** Whether the bot seems to be typing: it began some seconds ago and has said nothing since. */
    isTyping: (channel: Channel): boolean => Date.now() - (world.typing.get(channel.id) ?? 0) < TYPING_MS,
    /** What was deleted in a place. */
    deletedIn: (channel: Channel): Message[] => world.deleted.filter((message) => message.channel === channel),
  };
}
