import { ChannelType, PermissionFlagsBits, type PermissionsString } from 'discord.js';
import { Refusal } from './refusal.ts';
import type { Channel, Guild, User } from './types.ts';

export type Permission = PermissionsString;

export const bitsOf = (names: readonly Permission[]): bigint =>
  names.reduce((bits, name) => bits | PermissionFlagsBits[name], 0n);

const ALL = bitsOf(Object.keys(PermissionFlagsBits) as Permission[]);

/** What @everyone may do in a fresh guild, as far as it matters here. */
export const EVERYONE: readonly Permission[] = [
  'ViewChannel',
  'SendMessages',
  'SendMessagesInThreads',
  'CreatePublicThreads',
  'CreatePrivateThreads',
  'ReadMessageHistory',
  'AddReactions',
  'EmbedLinks',
  'AttachFiles',
  'UseExternalEmojis',
  'UseApplicationCommands',
  'Connect',
];

const IN_DIRECT_MESSAGES = bitsOf(EVERYONE);

/** What somebody may do in a whole guild. */
export function guildPermissions(guild: Guild, user: User): bigint {
  if (guild.owner === user) return ALL;
  const member = guild.members.get(user.id);
  if (member === undefined) return 0n;
  let bits = guild.roles.get(guild.id)?.permissions ?? 0n;
  for (const id of member.roles) bits |= guild.roles.get(id)?.permissions ?? 0n;
  return (bits & PermissionFlagsBits.Administrator) === 0n ? bits : ALL;
}

/** What somebody may do in a channel: its guild's permissions, then the channel's overwrites from wide to narrow. */
export function permissionsIn(channel: Channel, user: User): bigint {
  const { guild } = channel;
  if (guild === undefined) return channel.recipient === user || user.isBot ? IN_DIRECT_MESSAGES : 0n;
  let bits = guildPermissions(guild, user);
  if (bits === ALL || bits === 0n) return bits;
  const { overwrites } = channel.parent ?? channel;
  const apply = (found: readonly ({ allow: bigint; deny: bigint } | undefined)[]) => {
    for (const one of found) bits &= ~(one?.deny ?? 0n);
    for (const one of found) bits |= one?.allow ?? 0n;
  };
  apply([overwrites.get(guild.id)]);
  apply([...(guild.members.get(user.id)?.roles ?? [])].map((id) => overwrites.get(id)));
  apply([overwrites.get(user.id)]);
  return (bits & PermissionFlagsBits.ViewChannel) === 0n ? 0n : bits;
}

export const may = (channel: Channel, user: User, ...needed: readonly Permission[]): boolean => {
  const bits = bitsOf(needed);
  return (permissionsIn(channel, user) & bits) === bits;
};

/** Whether somebody can see a channel: a private thread is there for its members and for moderators only. */
export function sees(channel: Channel, user: User): boolean {
  if (!may(channel, user, 'ViewChannel')) return false;
  if (channel.type !== ChannelType.PrivateThread) return true;
  return channel.thread?.members.has(user.id) === true || may(channel, user, 'ManageThreads');
}

/** Throws 50001 for a channel that somebody cannot see, 50013 for what they may not do there. */
export function demand(channel: Channel, user: User, ...needed: readonly Permission[]): void {
  if (!sees(channel, user)) throw new Refusal(50001);
  if (!may(channel, user, ...needed)) throw new Refusal(50013);
}
