import type { ServerChannel } from './api.ts';
import { unlessRefused } from './calls.ts';
import { type DiscordContext, PLATFORM } from './context.ts';
import { conversationPlace } from './keys.ts';
import type { Channel } from './parse/payloads.ts';
import { canRead } from './permissions.ts';
import { isServed } from './questions.ts';

const recent = { days: 7, limit: 300 } as const;

/** Whether something newer than a message was written in a channel. */
const isNewerThan =
  (since: string) =>
  ({ lastMessage }: Channel): boolean =>
    lastMessage !== null && BigInt(lastMessage) > BigInt(since);

/** Where in a server something may have been written since a message. */
export interface UnreadChannels {
  /** Channels with something newer in them, threads and direct messages included; those with recent questions first. */
  readonly unread: readonly Channel[];
  /** Those in which nothing was written. */
  readonly quiet: readonly Channel[];
}

/** The channels of a server that are no threads and can be read: to look into others costs a call each time and is refused. */
async function readable({ api, permissions, own }: DiscordContext, guild: string): Promise<ServerChannel[]> {
  const all = await api.channels(guild);
  const may = await unlessRefused(async () => permissions.inChannels(guild, await own()));
  return may === undefined ? all : all.filter((one) => canRead(may(one.overwrites), one));
}

/** Looks for where something was written. @throws what may be over in a while */
export async function unreadChannels(discord: DiscordContext, guild: string, since: string): Promise<UnreadChannels> {
  const { api, desk, directory } = discord;
  const all = new Map<string, Channel>();

  /** Direct messages are in no list; those in which something was written before are known. */
  async function addDirect(id: string): Promise<void> {
    if (all.has(id) || directory.known(id)?.isDirect === false) return;
    const found = await unlessRefused(() => api.channel(id));
    if (found === undefined) return;
    directory.note(found);
    // Whoever has left the server is no longer answered from it.
    if (found.isDirect && (await directory.homeOfChannel(id)) === guild) all.set(id, found);
  }

  const places = await readable(discord, guild);
  for (const channel of [...places.map((one) => one.channel), ...(await api.activeThreads(guild))]) {
    const found = { ...channel, guild };
    directory.note(found);
    all.set(found.id, found);
  }
  const directs = new Set(await directory.directs(guild));
  const first = new Set<string>();
  for (const conversation of await desk.recentConversations(PLATFORM, guild, recent)) {
    const { channel, root } = conversationPlace(conversation) ?? {};
    if (channel === undefined || root === undefined) continue;
    first.add(root).add(channel);
    if (root === channel) directs.add(channel);
  }
  for (const id of directs) await addDirect(id);
  const served: Channel[] = [];
  for (const one of all.values())
    if (await isServed(guild, { channel: one.id, isDirect: one.isDirect }, discord)) served.push(one);
  const isNewer = isNewerThan(since);
  return {
    unread: served.filter(isNewer).toSorted((a, b) => Number(first.has(b.id)) - Number(first.has(a.id))),
    quiet: served.filter((one) => !isNewer(one)),
  };
}
