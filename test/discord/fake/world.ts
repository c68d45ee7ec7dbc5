import { ChannelType } from 'discord.js';
import { bitsOf, EVERYONE, type Permission } from './permissions.ts';
import { Refusal } from './refusal.ts';
import type { Channel, Command, Guild, Interaction, Message, Modal, Role, ThreadState, User } from './types.ts';

/** The application under test: what its owner would have set in the developer portal. */
export interface App {
  readonly id: string;
  readonly name: string;
  token: string;
  readonly bot: User;
  readonly owner: User;
  /** Which privileged intents are switched on. */
  readonly privileged: { messageContent: boolean; guildMembers: boolean; presence: boolean };
  /** What the invitation asked for. */
  readonly permissions: readonly Permission[];
}

/** Everything that exists: guilds, people, channels with their messages, commands, interactions. */
export interface World {
  readonly app: App;
  readonly guilds: Map<string, Guild>;
  readonly users: Map<string, User>;
  readonly channels: Map<string, Channel>;
  /** By guild's id, or by '' for those of all guilds. */
  readonly commands: Map<string, readonly Command[]>;
  readonly interactions: Map<string, Interaction>;
  /** Messages that one person alone sees. */
  readonly ephemerals: Message[];
  readonly modals: Modal[];
  readonly deleted: Message[];
  /** When the bot began to type where, by channel's id. */
  readonly typing: Map<string, number>;
  /** A snowflake later than every one before. */
  id(): string;
}

const DISCORD_EPOCH = 1_420_070_400_000;

/** Ids whose upper bits are the time now, as Discord's. */
export function createIds(): () => string {
  let last = 0n;
  return () => {
    const now = BigInt(Date.now() - DISCORD_EPOCH) << 22n;
    last = now > last ? now : last + 1n;
    return String(last);
  };
}

/** When the thing with an id came to be. */
export const timeOf = (id: string): string => new Date(Number(BigInt(id) >> 22n) + DISCORD_EPOCH).toISOString();

export interface NewApp {
  readonly name?: string;
  readonly privileged?: Partial<App['privileged']>;
  readonly permissions?: readonly Permission[];
}

export function createWorld({ name = 'foursight', privileged, permissions = EVERYONE }: NewApp = {}): World {
  const id = createIds();
  const appId = id();
  const bot: User = { id: appId, name, isBot: true, takesDirectMessages: false };
  const owner: User = { id: id(), name: 'owner', isBot: false, takesDirectMessages: true };
  return {
    app: {
      id: appId,
      name,
      token: `${Buffer.from(appId).toString('base64url')}.fake00.fake-bot-token-for-tests`,
      bot,
      owner,
      privileged: { messageContent: true, guildMembers: false, presence: false, ...privileged },
      permissions,
    },
    guilds: new Map(),
    users: new Map([bot, owner].map((user) => [user.id, user])),
    channels: new Map(),
    commands: new Map(),
    interactions: new Map(),
    ephemerals: [],
    modals: [],
    deleted: [],
    typing: new Map(),
    id,
  };
}

export function addUser(world: World, name: string, isBot = false): User {
  const user: User = { id: world.id(), name, isBot, takesDirectMessages: true };
  world.users.set(user.id, user);
  return user;
}

export function addRole(world: World, guild: Guild, name: string, permissions: readonly Permission[]): Role {
  const role = { id: world.id(), name, permissions: bitsOf(permissions) };
  guild.roles.set(role.id, role);
  return role;
}

export function addMember(guild: Guild, user: User, roles: readonly Role[] = []): void {
  const ids = new Set(roles.map(({ id }) => id));
  guild.members.set(user.id, { user, roles: ids, joinedAt: new Date().toISOString() });
}

/** A guild with the bot in it, under a role with what its invitation asked for. */
export function addGuild(world: World, name: string): Guild {
  const id = world.id();
  const { app } = world;
  const everyone = { id, name: '@everyone', permissions: bitsOf(EVERYONE) };
  const joinedAt = new Date().toISOString();
  const roles = new Map([[id, everyone]]);
  const guild: Guild = { id, name, owner: app.owner, roles, members: new Map(), joinedAt };
  world.guilds.set(id, guild);
  addMember(guild, app.owner);
  const role: Role = { id: world.id(), name: app.name, permissions: bitsOf(app.permissions), botId: app.bot.id };
  guild.roles.set(role.id, role);
  addMember(guild, app.bot, [role]);
  return guild;
}

export interface NewChannel {
  readonly name: string;
  readonly type?: ChannelType;
  /** Names of a forum's tags. */
  readonly tags?: readonly string[];
}

export function addChannel(world: World, guild: Guild, fresh: NewChannel): Channel {
  const { name, type = ChannelType.GuildText, tags = [] } = fresh;
  return keep(world, { guild, name, type, tags: tags.map((tag) => ({ id: world.id(), name: tag })) });
}

type Named = Pick<Channel, 'guild' | 'name' | 'type'> & Partial<Channel>;

function keep(world: World, fresh: Named): Channel {
  const channel: Channel = {
    id: world.id(),
    parent: undefined,
    recipient: undefined,
    messages: new Map(),
    overwrites: new Map(),
    thread: undefined,
    tags: [],
    topic: null,
    ...fresh,
  };
  world.channels.set(channel.id, channel);
  return channel;
}

export interface NewThread {
  /** Of the message that begins it, if there is one. */
  readonly id?: string | undefined;
  readonly parent: Channel;
  readonly owner: User;
  readonly name: string;
  readonly isPrivate?: boolean;
  readonly appliedTags?: readonly string[];
  readonly autoArchiveMinutes?: number | null | undefined;
}

export function addThread(world: World, fresh: NewThread): Channel {
  const {
    id = world.id(),
    parent,
    owner,
    name,
    isPrivate = false,
    appliedTags = [],
    autoArchiveMinutes = 4_320,
  } = fresh;
  const thread: ThreadState = {
    owner,
    members: new Set([owner.id]),
    isArchived: false,
    isLocked: false,
    archivedAt: new Date().toISOString(),
    autoArchiveMinutes: autoArchiveMinutes ?? 4_320,
    appliedTags,
  };
  const type = isPrivate ? ChannelType.PrivateThread : ChannelType.PublicThread;
  return keep(world, { id, guild: parent.guild, parent, name, type, thread });
}

/** The direct messages of a person and the bot. */
export function directMessages(world: World, user: User): Channel {
  for (const channel of world.channels.values()) if (channel.recipient === user) return channel;
  return keep(world, { guild: undefined, name: '', type: ChannelType.DM, recipient: user });
}

export const threadsOf = (world: World, channel: Channel): Channel[] =>
  [...world.channels.values()].filter(({ parent }) => parent === channel);

export function channelOf(world: World, id: string): Channel {
  const channel = world.channels.get(id);
  if (channel === undefined) throw new Refusal(10003);
  return channel;
}

export function guildOf(world: World, id: string): Guild {
  const guild = world.guilds.get(id);
  if (guild === undefined) throw new Refusal(10004);
  if (!guild.members.has(world.app.bot.id)) throw new Refusal(50001);
  return guild;
}

export function messageOf(channel: Channel, id: string): Message {
  const message = channel.messages.get(id);
  if (message === undefined) throw new Refusal(10008);
  return message;
}
