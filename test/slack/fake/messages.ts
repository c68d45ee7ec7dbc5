import type { Desk } from './desk.ts';
import { LIMITS } from './limits.ts';
import { Refusal } from './refusal.ts';
import { channelType, messageShape } from './shapes.ts';
import type { Channel, Json, Message, Metadata, Stream } from './types.ts';
import { repliesOf } from './world.ts';

export interface NewMessage {
  readonly channel: Channel;
  readonly user: string;
  readonly text: string;
  readonly threadTs?: string | undefined;
  readonly blocks?: readonly Json[] | undefined;
  readonly metadata?: Metadata | undefined;
  readonly stream?: Stream;
  readonly subtype?: string;
}

/** Events of a channel reach the app only while its bot is in it. */
function announce(desk: Desk, channel: Channel, event: Json): void {
  if (channel.members.has(channel.team.bot.userId)) desk.emit(channel.team, event, channel.isShared);
  desk.changed();
}

function announceMessage(desk: Desk, channel: Channel, event: Json): void {
  announce(desk, channel, {
    ...event,
    type: 'message',
    channel: channel.id,
    channel_type: channelType(channel),
    event_ts: event.event_ts ?? event.ts,
  });
}

/** Stores a message and sends what Slack sends for it: `message`, and `app_mention` when it names the bot. */
export function post(desk: Desk, fresh: NewMessage): Message {
  const { channel, user, text, threadTs, blocks = [], metadata, stream, subtype } = fresh;
  const message: Message = {
    ts: desk.world.ts(),
    channel,
    user,
    threadTs,
    subtype,
    text,
    blocks: withIds(desk, blocks),
    metadata,
    editedTs: undefined,
    reactions: new Map(),
    stream,
  };
  channel.messages.set(message.ts, message);
  announceMessage(desk, channel, messageShape(desk.world, message));
  if (mentionsBot(channel, text)) announceMention(desk, message);
  return message;
}

const mentionsBot = ({ kind, team }: Channel, text: string) => kind !== 'im' && text.includes(`<@${team.bot.userId}>`);

function announceMention(desk: Desk, message: Message): void {
  announce(desk, message.channel, {
    ...messageShape(desk.world, message),
    type: 'app_mention',
    channel: message.channel.id,
    event_ts: message.ts,
  });
}

export interface Change {
  readonly text?: string | undefined;
  readonly blocks?: readonly Json[] | undefined;
  readonly metadata?: Metadata | undefined;
  readonly isEdit?: boolean;
}

export function change(desk: Desk, message: Message, { text, blocks, metadata, isEdit = true }: Change): void {
  const previous = messageShape(desk.world, message);
  const hadMention = mentionsBot(message.channel, message.text);
  const ts = desk.world.ts();
  if (text !== undefined) message.text = text;
  if (blocks !== undefined) message.blocks = withIds(desk, blocks);
  if (metadata !== undefined) message.metadata = metadata;
  if (isEdit) message.editedTs = ts;
  announceMessage(desk, message.channel, {
    subtype: 'message_changed',
    hidden: true,
    message: messageShape(desk.world, message),
    previous_message: previous,
    ts,
  });
  if (!hadMention && mentionsBot(message.channel, message.text)) announceMention(desk, message);
}

/**
 * Deletes a message. One that has answers leaves a tombstone, so that its thread stays, and the event says that it was
 * changed, not deleted.
 */
export function remove(desk: Desk, message: Message): void {
  const { channel, ts } = message;
  const previous = messageShape(desk.world, message);
  desk.world.deleted.push({ ...message });
  const isRoot = repliesOf(channel, ts).length > 0;
  if (isRoot) {
    const gone = { subtype: 'tombstone', user: 'USLACKBOT', text: 'This message was deleted.' };
    Object.assign(message, { ...gone, blocks: [], metadata: undefined });
    message.reactions.clear();
  } else channel.messages.delete(ts);
  announceMessage(desk, channel, {
    ...(isRoot
      ? { subtype: 'message_changed', message: messageShape(desk.world, message) }
      : { subtype: 'message_deleted', deleted_ts: ts }),
    hidden: true,
    previous_message: previous,
    ts: desk.world.ts(),
  });
}

/** Slack's own names of emoji that have several. */
const CANONICAL: Readonly<Record<string, string>> = { thumbsup: '+1', thumbsdown: '-1' };
const REACTION = /^([a-z0-9_+'-]+)(::skin-tone-[2-6])?$/;

function reactionName(name: string): string {
  const [, base, tone = ''] = REACTION.exec(name) ?? [];
  if (base === undefined) throw new Refusal('invalid_name');
  return `${CANONICAL[base] ?? base}${tone}`;
}

export function react(desk: Desk, message: Message, user: string, emoji: string): void {
  const name = reactionName(emoji);
  const users = message.reactions.get(name) ?? [];
  if (users.includes(user)) throw new Refusal('already_reacted');
  if (users.length === 0 && message.reactions.size >= LIMITS.message.distinctReactions)
    throw new Refusal('too_many_emoji');
  if ([...message.reactions.values()].filter((who) => who.includes(user)).length >= LIMITS.message.reactionsPerPerson)
    throw new Refusal('too_many_reactions');
  message.reactions.set(name, [...users, user]);
  announceReaction(desk, 'reaction_added', message, user, name);
}

export function unreact(desk: Desk, message: Message, user: string, emoji: string): void {
  const name = reactionName(emoji);
  const users = message.reactions.get(name) ?? [];
  if (!users.includes(user)) throw new Refusal('no_reaction');
  if (users.length === 1) message.reactions.delete(name);
  else
    message.reactions.set(
      name,
      users.filter((other) => other !== user),
    );
  announceReaction(desk, 'reaction_removed', message, user, name);
}

function announceReaction(desk: Desk, type: string, message: Message, user: string, reaction: string): void {
  const { channel, ts } = message;
  announce(desk, channel, {
    type,
    user,
    reaction,
    item: { type: 'message', channel: channel.id, ts },
    item_user: message.user,
    event_ts: desk.world.ts(),
  });
}

const INTERACTIVE_PLACES = ['elements', 'accessory', 'element'] as const;
const NOT_INTERACTIVE = new Set(['image', 'plain_text', 'mrkdwn']);

/** Blocks as Slack keeps them: every block and every interactive element has an id. */
export function withIds(desk: Pick<Desk, 'world'>, blocks: readonly Json[]): readonly Json[] {
  const named = (element: unknown): unknown =>
    isJson(element) && typeof element.type === 'string' && !NOT_INTERACTIVE.has(element.type)
      ? { action_id: desk.world.id('a'), ...element }
      : element;
  return blocks.map((block) => {
    const copy: Record<string, unknown> = { block_id: desk.world.id('b'), ...block };
    if (block.type === 'rich_text') return copy;
    for (const place of INTERACTIVE_PLACES) {
      const held = copy[place];
      if (held !== undefined) copy[place] = Array.isArray(held) ? held.map(named) : named(held);
    }
    return copy;
  });
}

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
