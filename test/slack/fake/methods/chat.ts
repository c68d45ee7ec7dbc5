import { contentOf } from '../contents.ts';
import { LIMITS } from '../limits.ts';
import { change, post, remove, withIds } from '../messages.ts';
import { type MethodCall, type Methods, method, needs } from '../method.ts';
import { Refusal } from '../refusal.ts';
import * as schemas from '../schemas/chat.ts';
import { messageShape } from '../shapes.ts';
import type { Channel, Json, Message } from '../types.ts';
import { channelOf, directMessages, messageOf, repliesOf, userOf } from '../world.ts';

/** A channel in which the bot may post. A user's id stands for the direct messages with them. */
export function writableChannel({ desk, team, grant }: MethodCall, id: string): Channel {
  const channel = /^[UW]/.test(id)
    ? directMessages(desk.world, userOf(desk.world, id))
    : channelOf(desk.world, team, id.replace(/^#/, ''));
  if (channel.isArchived) throw new Refusal('is_archived');
  const mayPostAnywhere = channel.kind === 'public' && grant?.scopes.includes('chat:write.public');
  if (!channel.members.has(team.bot.userId) && !mayPostAnywhere) throw new Refusal('not_in_channel');
  return channel;
}

/** Answers go to the message that began a thread; one that was deleted still holds a thread that had answers. */
export function checkThread(channel: Channel, threadTs: string | undefined): void {
  if (threadTs === undefined) return;
  const root = messageOf(channel, threadTs, 'thread_not_found');
  if (root.threadTs !== undefined && root.threadTs !== threadTs) throw new Refusal('cannot_reply_to_message');
  if (root.subtype === 'tombstone' && repliesOf(channel, threadTs).length === 0) throw new Refusal('thread_not_found');
}

/** An answer of the app clears its status. */
export function clearStatus({ desk }: MethodCall, channel: Channel, threadTs: string | undefined): void {
  const { statuses } = desk.world;
  const last = statuses.findLast((status) => status.channel === channel.id && status.threadTs === threadTs);
  if (last !== undefined && last.status !== '')
    statuses.push({ ...last, status: '', loadingMessages: [], at: Date.now() });
}

export function ownMessage({ desk, team }: MethodCall, channelId: string, ts: string, error: string): Message {
  const message = messageOf(channelOf(desk.world, team, channelId), ts);
  if (message.user !== team.bot.userId || message.subtype === 'tombstone') throw new Refusal(error);
  return message;
}

function cut(text: string, call: MethodCall): string {
  if (text.length <= LIMITS.message.text) return text;
  call.warn('message_truncated');
  return text.slice(0, LIMITS.message.text);
}

const posted = (call: MethodCall, message: Message): Json => ({
  channel: message.channel.id,
  ts: message.ts,
  message: messageShape(call.desk.world, message, true),
});

export const chatMethods: Methods = {
  'chat.postMessage': method({
    schema: schemas.postMessage,
    tier: 'posting',
    scopes: needs('chat:write'),
    run(args, call) {
      const channel = writableChannel(call, args.channel);
      checkThread(channel, args.thread_ts);
      const isDisguised = args.username ?? args.icon_emoji ?? args.icon_url;
      if (isDisguised !== undefined && !call.grant?.scopes.includes('chat:write.customize'))
        throw new Refusal('missing_scope', {
          needed: 'chat:write.customize',
          provided: call.grant?.scopes.join(',') ?? '',
        });
      const { text = '', blocks } = contentOf(args);
      const metadata = metadataOf(args.metadata);
      const message = post(call.desk, {
        channel,
        user: call.team.bot.userId,
        text: cut(text, call),
        blocks,
        threadTs: args.thread_ts,
        metadata,
      });
      clearStatus(call, channel, args.thread_ts);
      return posted(call, message);
    },
  }),
  'chat.postEphemeral': method({
    schema: schemas.postEphemeral,
    tier: 'tier4',
    scopes: needs('chat:write'),
    run(args, call) {
      const { world } = call.desk;
      const channel = writableChannel(call, args.channel);
      checkThread(channel, args.thread_ts);
      userOf(world, args.user);
      if (!channel.members.has(args.user)) throw new Refusal('user_not_in_channel');
      const { text = '', blocks = [] } = contentOf(args);
      if (text.length > LIMITS.message.text) throw new Refusal('msg_too_long');
      const ts = world.ts();
      world.ephemerals.push({
        ts,
        channel,
        user: args.user,
        threadTs: args.thread_ts,
        text,
        blocks: withIds(call.desk, blocks),
        isDeleted: false,
      });
      call.desk.changed();
      return { message_ts: ts };
    },
  }),
  'chat.update': method({
    schema: schemas.update,
    tier: 'tier3',
    scopes: needs('chat:write'),
    run(args, call) {
      const message = ownMessage(call, args.channel, args.ts, 'cant_update_message');
      if (message.channel.isArchived) throw new Refusal('is_inactive');
      if (message.stream?.state === 'in_progress') throw new Refusal('streaming_state_conflict');
      const { text, blocks } = contentOf(args);
      if ((args.text ?? '').length > LIMITS.message.updateText) throw new Refusal('msg_too_long');
      const metadata = metadataOf(args.metadata);
      if (metadata === null) message.metadata = undefined;
      change(call.desk, message, {
        text,
        // Text alone takes the place of blocks.
        blocks: blocks ?? (text === undefined ? undefined : []),
        metadata: metadata ?? undefined,
        isEdit: blocks === undefined,
      });
      return { ...posted(call, message), text: message.text };
    },
  }),
  'chat.delete': method({
    schema: schemas.remove,
    tier: 'tier3',
    scopes: needs('chat:write'),
    run(args, call) {
      const message = ownMessage(call, args.channel, args.ts, 'cant_delete_message');
      remove(call.desk, message);
      return { channel: message.channel.id, ts: message.ts };
    },
  }),
};

export function metadataOf<Value>(metadata: Value): Value {
  if (metadata !== undefined && JSON.stringify(metadata).length > LIMITS.message.metadata)
    throw new Refusal('metadata_too_large');
  return metadata;
}
