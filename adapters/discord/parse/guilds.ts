import type { Directory } from '../directory.ts';
import { channel as channelForm, guild as guildForm } from './payloads.ts';

/**
 * Learns which servers the bot is in, and their channels, from `GUILD_CREATE` and `GUILD_DELETE`.
 * @returns the id of a server that is to be served from here on; undefined when there is no other than before
 */
export function learnGuild(
  { type, data }: { readonly type: string; readonly data: unknown },
  directory: Directory,
): string | undefined {
  const guild = guildForm.safeParse(data).data;
  // Discord cannot reach it just now, which says nothing of whether the bot is in it.
  if (guild === undefined || guild.unavailable === true) return undefined;
  const isServed = () => directory.guilds().includes(guild.id);
  if (type === 'GUILD_DELETE') {
    directory.leave(guild.id);
    return undefined;
  }
  const wasServed = isServed();
  directory.enter(guild.id);
  for (const given of [...(guild.channels ?? []), ...(guild.threads ?? [])]) {
    const channel = channelForm.safeParse(given).data;
    if (channel !== undefined) directory.note({ ...channel, guild: guild.id });
  }
  return !wasServed && isServed() ? guild.id : undefined;
}
