import { type MessageFlags, MessageType } from 'discord.js';
import type { Desk } from './desk.ts';
import { announceChannel, announceClearing, announceDeletion, announceMessage, announceReaction } from './events.ts';
import { LIMITS } from './limits.ts';
import type { Mentions } from './mentions.ts';
import { Refusal } from './refusal.ts';
import type { Channel, Interaction, Json, Message, Reaction, User } from './types.ts';

export interface NewMessage extends Partial<Mentions> {
  /** Of a thread's first message in a forum. */
  readonly id?: string | undefined;
  readonly channel: Channel;
  readonly author: User;
  readonly content?: string;
  readonly type?: MessageType;
  readonly embeds?: readonly Json[];
  readonly components?: readonly Json[];
  readonly flags?: number;
  readonly reference?: Message | undefined;
  readonly nonce?: string | number | undefined;
  readonly interaction?: Interaction | undefined;
  readonly seenBy?: User | undefined;
}

/** Stores a message and tells of it; one that a single person sees is told of to nobody. */
export function post(desk: Desk, fresh: NewMessage): Message {
  const { channel, content = '', components = [], reference, seenBy } = fresh;
  const message: Message = {
    type: MessageType.Default,
    embeds: [],
    flags: 0,
    mentions: [],
    mentionedRoles: [],
    mentionsEveryone: false,
    nonce: undefined,
    interaction: undefined,
    ...definedOf(fresh),
    id: fresh.id ?? desk.world.id(),
    author: fresh.author,
    channel,
    content: content.trim(),
    components: withIds(components),
    reference,
    referenceIds: reference === undefined ? undefined : { message: reference.id, channel: reference.channel.id },
    editedAt: undefined,
    reactions: new Map(),
    thread: undefined,
    seenBy,
    isDeleted: false,
  };
  if (seenBy !== undefined) {
    desk.world.ephemerals.push(message);
    desk.changed();
    return message;
  }
  wake(desk, channel);
  channel.messages.set(message.id, message);
  if (message.author === desk.world.app.bot) desk.world.typing.delete(channel.id);
  announceMessage(desk, 'MESSAGE_CREATE', message);
  return message;
}

/** The fields that have a value, so that they do not hide a default. */
const definedOf = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;

/** Whoever writes in an archived thread opens it again. */
function wake(desk: Desk, channel: Channel): void {
  if (!channel.thread?.isArchived) return;
  channel.thread.isArchived = false;
  channel.thread.archivedAt = new Date().toISOString();
  announceChannel(desk, 'THREAD_UPDATE', channel);
}

/** Components as Discord gives them back: each with a number. */
function withIds(components: readonly Json[]): readonly Json[] {
  let count = 0;
  const numbered = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(numbered);
    if (!isJson(value) || typeof value.type !== 'number') return value;
    count += 1;
    const id = count;
    const parts = Object.entries(value).map(([key, part]) => [
      key,
      key === 'components' || key === 'accessory' || key === 'component' ? numbered(part) : part,
    ]);
    return { id, ...Object.fromEntries(parts) };
  };
  return components.map((component) => numbered(component) as Json);
}

export interface Change extends Partial<Mentions> {
  readonly content?: string | undefined;
  readonly embeds?: readonly Json[] | undefined;
  readonly components?: readonly Json[] | undefined;
  readonly flags?: number | undefined;
  /** False for what Discord itself adds, such as a link's preview. */
  readonly isEdit?: boolean;
}

export function change(desk: Desk, message: Message, { isEdit = true, ...fields }: Change): void {
  const { content, components, ...rest } = definedOf(fields);
  Object.assign(message, rest);
  if (content !== undefined) message.content = content.trim();
  if (components !== undefined) message.components = withIds(components);
  if (isEdit) message.editedAt = new Date().toISOString();
  if (message.seenBy === undefined) announceMessage(desk, 'MESSAGE_UPDATE', message);
  else desk.changed();
}

export function remove(desk: Desk, message: Message): void {
  message.isDeleted = true;
  desk.world.deleted.push(message);
  message.channel.messages.delete(message.id);
  if (message.seenBy === undefined) announceDeletion(desk, message);
  else desk.changed();
}

const PICTURE = String.raw`(?:\p{RI}{2}|[#*0-9]\ufe0f?\u20e3|\p{ExtPict}\ufe0f?\p{EMod}?[\u{e0020}-\u{e007f}]*)`;
const EMOJI = new RegExp(`^${PICTURE}(?:\\u200d${PICTURE})*$`, 'u');

/** An emoji as routes and people name it: itself, or `name:id`; throws a Refusal for anything else. */
export function emojiOf(text: string): Reaction['emoji'] {
  const [, name, id] = /^(\w{2,32}):(\d+)$/.exec(text) ?? [];
  if (name !== undefined && id !== undefined) return { id, name };
  if (!EMOJI.test(text)) throw new Refusal(10014);
  return { id: null, name: text };
}

// With or without the selector of the coloured form, an emoji is the same.
const keyOf = ({ id, name }: Reaction['emoji']) => (id === null ? name.replaceAll('\ufe0f', '') : `${name}:${id}`);

export const reactionOf = (message: Message, emoji: Reaction['emoji']): Reaction | undefined =>
  message.reactions.get(keyOf(emoji));

/** As whom somebody reacts: `supers` with a super reaction. */
export type ReactionKind = 'users' | 'supers';

/** Adds a reaction; one that is there already stays as it is, and nobody is told. */
export function react(
  desk: Desk,
  message: Message,
  user: User,
  emoji: Reaction['emoji'],
  kind: ReactionKind = 'users',
): void {
  const known = reactionOf(message, emoji);
  const reaction = known ?? { emoji, users: [], supers: [] };
  if (reaction[kind].includes(user)) return;
  if (known === undefined && message.reactions.size >= LIMITS.message.distinctReactions) throw new Refusal(30010);
  reaction[kind] = [...reaction[kind], user];
  message.reactions.set(keyOf(emoji), reaction);
  announceReaction(desk, 'MESSAGE_REACTION_ADD', message, user, { ...reaction, kind });
}

/** Takes a reaction away; false when it was not there. */
export function unreact(
  desk: Desk,
  message: Message,
  user: User,
  emoji: Reaction['emoji'],
  kind: ReactionKind = 'users',
): boolean {
  const reaction = reactionOf(message, emoji);
  if (reaction === undefined || !reaction[kind].includes(user)) return false;
  reaction[kind] = reaction[kind].filter((other) => other !== user);
  if (reaction.users.length + reaction.supers.length === 0) message.reactions.delete(keyOf(emoji));
  announceReaction(desk, 'MESSAGE_REACTION_REMOVE', message, user, { ...reaction, kind });
  return true;
}

/** Takes away all reactions, or all with one emoji, as a moderator may. */
export function clearReactions(desk: Desk, message: Message, emoji?: Reaction['emoji']): void {
  if (emoji === undefined) message.reactions.clear();
  else message.reactions.delete(keyOf(emoji));
  announceClearing(desk, message, emoji);
}

export const hasFlag = ({ flags }: Message, flag: MessageFlags) => (flags & flag) !== 0;

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
