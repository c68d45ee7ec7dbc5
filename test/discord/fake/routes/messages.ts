import { ChannelType, MessageType } from 'discord.js';
import { z } from 'zod';
import { contentsOf, EDITABLE, SENDABLE } from '../contents.ts';
import type { Desk } from '../desk.ts';
import { LIMITS } from '../limits.ts';
import { mentionsOf } from '../mentions.ts';
import { messageShape } from '../message-shapes.ts';
import { change, post, remove } from '../messages.ts';
import { demand, may } from '../permissions.ts';
import { badField, Refusal } from '../refusal.ts';
import { type Routes, route } from '../route.ts';
import { newMessage, someMessage } from '../schemas/messages.ts';
import { number, snowflake } from '../schemas/values.ts';
import { join } from '../threads.ts';
import type { Channel, Json, Message } from '../types.ts';
import { messageOf, timeOf, type World } from '../world.ts';
import { holdsMessages, visibleChannel, writableChannel } from './channels.ts';

type NewMessage = z.infer<typeof newMessage>;

const SYSTEM: readonly MessageType[] = [MessageType.ThreadCreated, MessageType.ThreadStarterMessage];
const isSystem = ({ type }: Message) => SYSTEM.includes(type);

/** A message that the bot may read. */
export function readableMessage(world: World, channelId: string, id: string): Message {
  const channel = visibleChannel(world, channelId);
  demand(channel, world.app.bot, 'ReadMessageHistory');
  return messageOf(channel, id);
}

/** The message that a new one answers; undefined when it is gone and the sender does not mind. */
function referenceOf(world: World, channel: Channel, reference: NewMessage['message_reference']): Message | undefined {
  if (reference == null) return undefined;
  if (!may(channel, world.app.bot, 'ReadMessageHistory')) throw new Refusal(160002);
  const { message_id: id, channel_id: where = channel.id, fail_if_not_exists: isStrict = true } = reference;
  const message = where === channel.id ? channel.messages.get(id) : undefined;
  if (message === undefined && isStrict)
    throw badField('message_reference', 'REPLIES_UNKNOWN_MESSAGE', 'Unknown message');
  if (message !== undefined && isSystem(message))
    throw badField('message_reference', 'REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE', 'Cannot reply to a system message');
  return message;
}

/** What the bot posted lately under a nonce. */
function repeated(world: World, channel: Channel, nonce: NewMessage['nonce']): Message | undefined {
  if (nonce === undefined) return undefined;
  const since = Date.now() - LIMITS.nonceMs;
  return [...channel.messages.values()].find(
    (message) =>
      message.author === world.app.bot &&
      String(message.nonce) === String(nonce) &&
      Date.parse(timeOf(message.id)) > since,
  );
}

const withNonce = (world: World, message: Message): Json => ({
  ...messageShape(world, message),
  ...(message.nonce === undefined ? {} : { nonce: message.nonce }),
});

function create(desk: Desk, channel: Channel, body: NewMessage): Message {
  const { world } = desk;
  const { bot } = world.app;
  const { content = '', embeds = [], components = [], flags } = contentsOf(body, SENDABLE);
  if (embeds.length > 0) demand(channel, bot, 'EmbedLinks');
  const reference = referenceOf(world, channel, body.message_reference);
  const again = body.enforce_nonce ? repeated(world, channel, body.nonce) : undefined;
  if (again !== undefined) return again;
  const mentions = mentionsOf(world, {
    channel,
    author: bot,
    content,
    replied: reference?.author,
    allowed: body.allowed_mentions,
  });
  if (mentions.mentionsEveryone) desk.warn(`the bot notified everyone in ${channel.name}`);
  if (channel.thread !== undefined) join(desk, channel, bot);
  return post(desk, {
    channel,
    author: bot,
    type: reference === undefined ? MessageType.Default : MessageType.Reply,
    content,
    embeds,
    components,
    flags,
    reference,
    nonce: body.nonce,
    ...mentions,
  });
}

function edit(desk: Desk, message: Message, body: z.infer<typeof someMessage>): void {
  const { world } = desk;
  const { channel } = message;
  if (isSystem(message)) throw new Refusal(50021);
  if (message.author !== world.app.bot) throw new Refusal(50005);
  const contents = contentsOf(body, EDITABLE, message);
  const { content = message.content } = contents;
  change(desk, message, {
    ...contents,
    ...mentionsOf(world, { channel, author: message.author, content, allowed: body.allowed_mentions }),
  });
}

const page = z
  .strictObject({
    before: snowflake.optional(),
    after: snowflake.optional(),
    around: snowflake.optional(),
    limit: number(1, LIMITS.page.most).default(LIMITS.page.messages),
    // discord.js sends its own option along.
    cache: z.string().optional(),
  })
  .refine(({ before, after, around }) => [before, after, around].filter((one) => one !== undefined).length < 2, {
    params: { code: 'MESSAGES_PAGE_EXCLUSIVE' },
    message: 'before, after and around are mutually exclusive',
  });

/** A page of messages, newest first; `after` gives the oldest of those after it. */
function pageOf(channel: Channel, { before, after, around, limit }: z.infer<typeof page>): Message[] {
  const all = [...channel.messages.values()].sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
  const older = (id: string) => all.filter((message) => BigInt(message.id) < BigInt(id));
  const newer = (id: string) => all.filter((message) => BigInt(message.id) > BigInt(id));
  if (after !== undefined) return newer(after).slice(0, limit).reverse();
  if (before !== undefined) return older(before).slice(-limit).reverse();
  if (around === undefined) return all.slice(-limit).reverse();
  const half = Math.floor(limit / 2);
  const itself = all.filter(({ id }) => id === around);
  return [...older(around).slice(-half), ...itself, ...newer(around).slice(0, half)].slice(0, limit).reverse();
}

export const messageRoutes: Routes = {
  'POST /channels/:channel/messages': route({
    bucket: 'postMessage',
    body: newMessage,
    run: ({ desk, world, param, body }) =>
      withNonce(world, create(desk, writableChannel(world, param('channel')), body)),
  }),
  'GET /channels/:channel/messages': route({
    bucket: 'listMessages',
    query: page,
    run({ world, param, query }) {
      const channel = visibleChannel(world, param('channel'));
      if (!holdsMessages(channel)) throw new Refusal(50008);
      const isVoice = channel.type === ChannelType.GuildVoice || channel.type === ChannelType.GuildStageVoice;
      if (isVoice && !may(channel, world.app.bot, 'Connect')) throw new Refusal(50001);
      // Who may not read the history is told that there is none.
      if (!may(channel, world.app.bot, 'ReadMessageHistory')) return [];
      return pageOf(channel, query).map((message) => messageShape(world, message));
    },
  }),
  'GET /channels/:channel/messages/:message': route({
    bucket: 'getMessage',
    run: ({ world, param }) => messageShape(world, readableMessage(world, param('channel'), param('message'))),
  }),
  'PATCH /channels/:channel/messages/:message': route({
    bucket: 'editMessage',
    body: someMessage,
    run({ desk, world, param, body }) {
      const channel = visibleChannel(world, param('channel'));
      const message = messageOf(channel, param('message'));
      if (channel.thread?.isArchived) throw new Refusal(50083);
      if (channel.thread?.isLocked && !may(channel, world.app.bot, 'ManageThreads')) throw new Refusal(160005);
      edit(desk, message, body);
      return messageShape(world, message);
    },
  }),
  'DELETE /channels/:channel/messages/:message': route({
    bucket: 'deleteMessage',
    run({ desk, world, param }) {
      const channel = visibleChannel(world, param('channel'));
      const message = messageOf(channel, param('message'));
      if (message.author !== world.app.bot) demand(channel, world.app.bot, 'ManageMessages');
      remove(desk, message);
      return undefined;
    },
  }),
};
