import { ChannelType, MessageType } from 'discord.js';
import type { Desk } from './desk.ts';
import { announceChannel, announceGuild, announceMember, announceThreads, announceTyping } from './events.ts';
import { mentionsOf } from './mentions.ts';
import { change, clearReactions, emojiOf, post, type ReactionKind, react, remove, unreact } from './messages.ts';
import { bitsOf, may, type Permission, sees } from './permissions.ts';
import { fullGuildShape } from './shapes.ts';
import { join, startAlone, startFromMessage, startPost } from './threads.ts';
import type { Channel, Guild, Message, Role, User } from './types.ts';
import { addMember } from './world.ts';

export interface Saying {
  /** The message that is answered. */
  readonly replyTo?: Message | undefined;
  /** Whether the one who is answered is notified; true unless named, as in Discord's clients. */
  readonly pings?: boolean;
}

/** Whom a channel's permissions are set for. */
export type Whom = User | Role | 'everyone' | 'bot';

/** What people do. Everything is done at once; what the app is told of it is on its way when a call returns. */
export function createPeople(desk: Desk) {
  const { world } = desk;

  function insist(channel: Channel, user: User, permission: Permission): void {
    if (!sees(channel, user) || !may(channel, user, permission))
      throw new Error(`${user.name} has no permission ${permission} in ${channel.name || 'direct messages'}`);
  }

  function say(channel: Channel, user: User, content: string, { replyTo, pings = true }: Saying = {}): Message {
    insist(channel, user, channel.thread === undefined ? 'SendMessages' : 'SendMessagesInThreads');
    if (channel.type === ChannelType.GuildForum) throw new Error('a forum takes posts only: createPost');
    if (channel.thread?.isLocked && !may(channel, user, 'ManageThreads')) throw new Error(`${channel.name} is locked`);
    if (channel.thread !== undefined) join(desk, channel, user);
    const replied = pings ? replyTo?.author : undefined;
    return post(desk, {
      channel,
      author: user,
      content,
      type: replyTo === undefined ? MessageType.Default : MessageType.Reply,
      reference: replyTo,
      ...mentionsOf(world, { channel, author: user, content, replied }),
    });
  }

  function edit(message: Message, content: string): void {
    const { channel, author } = message;
    change(desk, message, { content, ...mentionsOf(world, { channel, author, content }) });
  }

  function setPermissions(
    channel: Channel,
    whom: Whom,
    { allow = [], deny = [] }: { allow?: readonly Permission[]; deny?: readonly Permission[] },
  ): void {
    const id = whom === 'everyone' ? (channel.guild?.id ?? '') : whom === 'bot' ? world.app.bot.id : whom.id;
    const of = channel.guild?.roles.has(id) ? 'role' : 'member';
    const couldLook = sees(channel, world.app.bot);
    channel.overwrites.set(id, { id, of, allow: bitsOf(allow), deny: bitsOf(deny) });
    announceChannel(desk, 'CHANNEL_UPDATE', channel);
    if (!couldLook && sees(channel, world.app.bot)) announceThreads(desk, channel);
  }

  function setThread(thread: Channel, state: { isArchived?: boolean; isLocked?: boolean }): void {
    if (thread.thread === undefined) throw new Error(`${thread.name} is no thread`);
    Object.assign(thread.thread, state, { archivedAt: new Date().toISOString() });
    announceChannel(desk, 'THREAD_UPDATE', thread);
  }

  function changeRole(guild: Guild, user: User, role: Role, isGiven: boolean): void {
    const member = guild.members.get(user.id);
    if (member === undefined) throw new Error(`${user.name} is not in ${guild.name}`);
    if (isGiven) member.roles.add(role.id);
    else member.roles.delete(role.id);
    announceMember(desk, 'GUILD_MEMBER_UPDATE', guild, member);
  }

  return {
    /** Writes in a channel, a thread or direct messages. */
    say,
    edit,
    /** Deletes a message, as its author or a moderator. */
    remove(message: Message): void {
      remove(desk, message);
    },
    /** Lets Discord add a link's preview, which is an update but no edit. */
    unfurl(message: Message, url: string): void {
      change(desk, message, { embeds: [{ type: 'link', url, title: url }], isEdit: false });
    },
    react(message: Message, user: User, emoji: string, kind?: ReactionKind): void {
      insist(message.channel, user, 'AddReactions');
      react(desk, message, user, emojiOf(emoji), kind);
    },
    unreact(message: Message, user: User, emoji: string, kind?: ReactionKind): void {
      if (!unreact(desk, message, user, emojiOf(emoji), kind))
        throw new Error(`${user.name} has no ${emoji} on ${message.id}`);
    },
    /** As a moderator: takes away all reactions, or all with one emoji. */
    clearReactions(message: Message, emoji?: string): void {
      clearReactions(desk, message, emoji === undefined ? undefined : emojiOf(emoji));
    },
    startThread(from: Message | Channel, user: User, name: string, { isPrivate = false } = {}): Channel {
      const isMessage = 'author' in from;
      insist(isMessage ? from.channel : from, user, isPrivate ? 'CreatePrivateThreads' : 'CreatePublicThreads');
      const settings = { name, owner: user };
      return isMessage ? startFromMessage(desk, from, settings) : startAlone(desk, from, { ...settings, isPrivate });
    },
    /** Opens a post in a forum; gives the message that begins it. */
    createPost(
      forum: Channel,
      user: User,
      title: string,
      content: string,
      appliedTags: readonly string[] = [],
    ): Message {
      insist(forum, user, 'SendMessages');
      const mentions = mentionsOf(world, { channel: forum, author: user, content });
      return startPost(desk, forum, { name: title, owner: user, appliedTags }, { content, ...mentions }).message;
    },
    archive: (thread: Channel) => setThread(thread, { isArchived: true }),
    lock: (thread: Channel) => setThread(thread, { isArchived: true, isLocked: true }),
    /** Adds somebody, or the bot, to a thread. */
    invite(thread: Channel, user: User): void {
      join(desk, thread, user);
      if (user === world.app.bot) announceChannel(desk, 'THREAD_CREATE', thread);
    },
    type: (channel: Channel, user: User) => announceTyping(desk, channel, user),
    deleteChannel(channel: Channel): void {
      world.channels.delete(channel.id);
      announceChannel(desk, channel.thread === undefined ? 'CHANNEL_DELETE' : 'THREAD_DELETE', channel);
    },
    join(guild: Guild, user: User, roles: readonly Role[] = []): void {
      addMember(guild, user, roles);
      const member = guild.members.get(user.id);
      if (member === undefined) return;
      if (user === world.app.bot) announceGuild(desk, 'GUILD_CREATE', guild, fullGuildShape(world, guild));
      else announceMember(desk, 'GUILD_MEMBER_ADD', guild, member);
    },
    /** Leaves, or is put out; so is the bot. */
    leave(guild: Guild, user: User): void {
      const member = guild.members.get(user.id);
      if (member === undefined) return;
      if (user === world.app.bot) announceGuild(desk, 'GUILD_DELETE', guild, { id: guild.id });
      else announceMember(desk, 'GUILD_MEMBER_REMOVE', guild, member);
      guild.members.delete(user.id);
    },
    setPermissions,
    giveRole: (guild: Guild, user: User, role: Role) => changeRole(guild, user, role, true),
    takeRole: (guild: Guild, user: User, role: Role) => changeRole(guild, user, role, false),
  };
}
