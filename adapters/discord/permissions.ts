import { PermissionFlagsBits as Bits, ChannelType } from 'discord.js';
import type { DiscordApi, Overwrite, Role, ServerChannel } from './api.ts';

/** What the bot needs, as Discord names it to people. */
export const needed = [
  { bit: Bits.ViewChannel, name: 'View Channels', purpose: 'see where it is asked' },
  { bit: Bits.SendMessages, name: 'Send Messages', purpose: 'answer' },
  { bit: Bits.SendMessagesInThreads, name: 'Send Messages in Threads', purpose: 'answer in threads' },
  { bit: Bits.CreatePublicThreads, name: 'Create Public Threads', purpose: 'begin a thread for each question' },
  { bit: Bits.ReadMessageHistory, name: 'Read Message History', purpose: 'find what it missed, and reply' },
  { bit: Bits.AddReactions, name: 'Add Reactions', purpose: 'put 👍 and 👎 under its answers' },
] as const;

/** The integer of an invitation. */
export const neededPermissions: bigint = needed.reduce((sum, { bit }) => sum | bit, 0n);

export type NeededPermission = (typeof needed)[number];

export const missingOf = (has: bigint): readonly NeededPermission[] =>
  (has & Bits.Administrator) !== 0n ? [] : needed.filter(({ bit }) => (has & bit) === 0n);

export interface Permissions {
  /** What somebody may do in a server, by their roles. @throws what the calls throw */
  inGuild(guild: string, person: string): Promise<bigint>;
  /** What somebody may do in a channel; of a thread, its channel is to be given. @throws what the calls throw */
  inChannel(guild: string, channel: string, person: string): Promise<bigint>;
  /** The same for every channel of a server at once, by what is set in it. @throws what the calls throw */
  inChannels(guild: string, person: string): Promise<(overwrites: readonly Overwrite[]) => bigint>;
  /** The ids of a person's roles. @throws what the calls throw */
  rolesOf(guild: string, person: string): Promise<readonly string[]>;
}

const ALL = (1n << 60n) - 1n;

function ofRoles(guild: string, own: readonly string[], roles: readonly Role[]): bigint {
  const sum = roles
    .filter(({ id }) => id === guild || own.includes(id))
    .reduce((bits, { permissions }) => bits | BigInt(permissions), 0n);
  return (sum & Bits.Administrator) !== 0n ? ALL : sum;
}

/** As Discord adds them up: everybody's first, then those of all roles together, then the person's own. */
function withOverwrites(
  base: bigint,
  { guild, person, own }: { readonly guild: string; readonly person: string; readonly own: readonly string[] },
  overwrites: readonly Overwrite[],
): bigint {
  const apply = (bits: bigint, some: readonly Overwrite[]) => {
    const deny = some.reduce((sum, one) => sum | BigInt(one.deny), 0n);
    const allow = some.reduce((sum, one) => sum | BigInt(one.allow), 0n);
    return (bits & ~deny) | allow;
  };
  const of = (test: (id: string) => boolean) => overwrites.filter(({ id }) => test(id));
  const everybody = apply(
    base,
    of((id) => id === guild),
  );
  const byRoles = apply(
    everybody,
    of((id) => id !== guild && own.includes(id)),
  );
  return apply(
    byRoles,
    of((id) => id === person),
  );
}

/** Looks permissions up when they are wanted, which is seldom. */
export function createPermissions(api: DiscordApi): Permissions {
  const rolesOf = async (guild: string, person: string) => (await api.member(guild, person)).roles;

  async function inGuild(guild: string, person: string): Promise<bigint> {
    const { owner_id: owner } = await api.guild(guild);
    return owner === person ? ALL : ofRoles(guild, await rolesOf(guild, person), await api.roles(guild));
  }

  async function inChannels(guild: string, person: string): Promise<(overwrites: readonly Overwrite[]) => bigint> {
    const base = await inGuild(guild, person);
    if ((base & Bits.Administrator) !== 0n) return () => ALL;
    const own = await rolesOf(guild, person);
    return (overwrites) => withOverwrites(base, { guild, person, own }, overwrites);
  }

  return {
    rolesOf,
    inGuild,
    inChannels,
    async inChannel(guild, channel, person) {
      const may = await inChannels(guild, person);
      return may(await api.overwrites(channel));
    },
  };
}

const VOICE: readonly ChannelType[] = [ChannelType.GuildVoice, ChannelType.GuildStageVoice];

/** Whether what was written in a channel can be read with some permissions. */
export function canRead(may: bigint, { type }: Pick<ServerChannel, 'type'>): boolean {
  const bits = Bits.ViewChannel | Bits.ReadMessageHistory | (VOICE.includes(type) ? Bits.Connect : 0n);
  return (may & bits) === bits;
}
