import { GatewayIntentBits as Intent } from 'discord.js';
import type { Desk, Dispatch } from './desk.ts';
import { messageShape } from './message-shapes.ts';
import { sees } from './permissions.ts';
import { channelShape, fullMemberShape, memberShape, roleShape, threadMemberShape, userShape } from './shapes.ts';
import type { Channel, Guild, Json, Member, Message, Reaction, Role, User } from './types.ts';
import { threadsOf } from './world.ts';

// What the gateway says when something happens.

const MESSAGES = [Intent.GuildMessages, Intent.DirectMessages] as const;
const REACTIONS = [Intent.GuildMessageReactions, Intent.DirectMessageReactions] as const;
const TYPING = [Intent.GuildMessageTyping, Intent.DirectMessageTyping] as const;
const GUILDS = [Intent.Guilds, Intent.Guilds] as const;

const inGuild = ({ guild }: Channel): Json => (guild === undefined ? {} : { guild_id: guild.id });
const memberOf = ({ guild }: Channel, user: User): Member | undefined => guild?.members.get(user.id);

function emit(desk: Desk, dispatch: Dispatch): void {
  desk.emit(dispatch);
  desk.changed();
}

/** A message with what only the gateway adds: where it is and who its author is there. */
function eventShape(desk: Desk, message: Message, mayRead: boolean): Json {
  const { channel, author, mentions } = message;
  const member = memberOf(channel, author);
  return {
    ...messageShape(desk.world, message, { mayRead }),
    ...inGuild(channel),
    channel_type: channel.type,
    ...(member === undefined ? {} : { member: memberShape(member) }),
    mentions: mentions.map((user) => {
      const mentioned = memberOf(channel, user);
      return { ...userShape(user), ...(mentioned === undefined ? {} : { member: memberShape(mentioned) }) };
    }),
  };
}

export function announceMessage(desk: Desk, t: 'MESSAGE_CREATE' | 'MESSAGE_UPDATE', message: Message): void {
  const nonce = t === 'MESSAGE_CREATE' && message.nonce !== undefined ? { nonce: message.nonce } : {};
  emit(desk, {
    t,
    d: (mayRead) => ({ ...eventShape(desk, message, mayRead), ...nonce }),
    intents: MESSAGES,
    channel: message.channel,
    message,
  });
}

export function announceDeletion(desk: Desk, { id, channel }: Message): void {
  const d = { id, channel_id: channel.id, ...inGuild(channel) };
  emit(desk, { t: 'MESSAGE_DELETE', d, intents: MESSAGES, channel });
}

export function announceReaction(
  desk: Desk,
  t: 'MESSAGE_REACTION_ADD' | 'MESSAGE_REACTION_REMOVE',
  message: Message,
  user: User,
  { emoji, kind }: { readonly emoji: Reaction['emoji']; readonly kind: 'users' | 'supers' },
): void {
  const { id, channel, author } = message;
  const member = memberOf(channel, user);
  const added =
    t === 'MESSAGE_REACTION_REMOVE'
      ? {}
      : { message_author_id: author.id, ...(member === undefined ? {} : { member: fullMemberShape(member) }) };
  const d = {
    user_id: user.id,
    message_id: id,
    channel_id: channel.id,
    ...inGuild(channel),
    emoji,
    burst: kind === 'supers',
    type: kind === 'supers' ? 1 : 0,
  };
  emit(desk, { t, d: { ...d, ...added }, intents: REACTIONS, channel });
}

/** All reactions of a message are gone, or all with one emoji. */
export function announceClearing(desk: Desk, { id, channel }: Message, emoji?: Reaction['emoji']): void {
  const d = { channel_id: channel.id, message_id: id, ...inGuild(channel), ...(emoji === undefined ? {} : { emoji }) };
  const t = emoji === undefined ? 'MESSAGE_REACTION_REMOVE_ALL' : 'MESSAGE_REACTION_REMOVE_EMOJI';
  emit(desk, { t, d, intents: REACTIONS, channel });
}

export function announceTyping(desk: Desk, channel: Channel, user: User): void {
  const member = memberOf(channel, user);
  const d = {
    channel_id: channel.id,
    ...inGuild(channel),
    user_id: user.id,
    timestamp: Math.floor(Date.now() / 1_000),
    ...(member === undefined ? {} : { member: fullMemberShape(member) }),
  };
  emit(desk, { t: 'TYPING_START', d, intents: TYPING, channel });
}

type ChannelEvent =
  | 'CHANNEL_CREATE'
  | 'CHANNEL_UPDATE'
  | 'CHANNEL_DELETE'
  | 'THREAD_CREATE'
  | 'THREAD_UPDATE'
  | 'THREAD_DELETE';

export function announceChannel(desk: Desk, t: ChannelEvent, channel: Channel): void {
  if (channel.guild === undefined) return;
  const { id, type, parent, guild } = channel;
  const { bot } = desk.world.app;
  const isOwn = channel.thread?.members.has(bot.id) === true;
  const d =
    t === 'THREAD_DELETE'
      ? { id, type, guild_id: guild.id, parent_id: parent?.id }
      : {
          ...channelShape(channel),
          ...(t === 'THREAD_CREATE' ? { newly_created: true } : {}),
          ...(isOwn ? { member: threadMemberShape(channel, bot.id) } : {}),
        };
  // Of a thread the app is told only when it sees it; of channels always.
  emit(desk, { t, d, intents: GUILDS, guild, channel: channel.thread === undefined ? undefined : channel });
}

export function announceGuild(desk: Desk, t: 'GUILD_CREATE' | 'GUILD_DELETE', guild: Guild, d: Json): void {
  emit(desk, { t, d, intents: GUILDS, guild });
}

export function announceMember(
  desk: Desk,
  t: 'GUILD_MEMBER_ADD' | 'GUILD_MEMBER_REMOVE' | 'GUILD_MEMBER_UPDATE',
  guild: Guild,
  member: Member,
): void {
  const isOwn = member.user === desk.world.app.bot && t === 'GUILD_MEMBER_UPDATE';
  const d = t === 'GUILD_MEMBER_REMOVE' ? { user: userShape(member.user) } : fullMemberShape(member);
  const intents = isOwn ? GUILDS : ([Intent.GuildMembers, Intent.GuildMembers] as const);
  emit(desk, { t, d: { ...d, guild_id: guild.id }, intents, guild });
}

/** The threads of a channel into which the bot may look from here on. */
export function announceThreads(desk: Desk, channel: Channel): void {
  const { bot } = desk.world.app;
  const threads = threadsOf(desk.world, channel).filter((thread) => !thread.thread?.isArchived && sees(thread, bot));
  const own = threads.filter(({ thread }) => thread?.members.has(bot.id));
  const d = {
    guild_id: channel.guild?.id,
    channel_ids: [channel.id],
    threads: threads.map(channelShape),
    members: own.map((thread) => threadMemberShape(thread, bot.id)),
  };
  emit(desk, { t: 'THREAD_LIST_SYNC', d, intents: GUILDS, guild: channel.guild });
}

export function announceRole(desk: Desk, guild: Guild, role: Role): void {
  const d = { guild_id: guild.id, role: roleShape(guild, role) };
  emit(desk, { t: 'GUILD_ROLE_CREATE', d, intents: GUILDS, guild });
}

/** Somebody came into a thread or left it: without the intent for members, the app is told of itself only. */
export function announceMembers(desk: Desk, thread: Channel, user: User, isAdded: boolean): void {
  const d = {
    id: thread.id,
    guild_id: thread.guild?.id,
    member_count: thread.thread?.members.size ?? 0,
    ...(isAdded ? { added_members: [threadMemberShape(thread, user.id)] } : { removed_member_ids: [user.id] }),
  };
  const intents =
    user === desk.world.app.bot ? GUILDS : ([Intent.Guilds | Intent.GuildMembers, Intent.GuildMembers] as const);
  emit(desk, { t: 'THREAD_MEMBERS_UPDATE', d, intents, guild: thread.guild });
}
