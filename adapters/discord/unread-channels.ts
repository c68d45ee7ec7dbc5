import { severalAtOnce } from '../delivery/several-at-once.ts';
import { archivedSince, canHoldThreads, type ThreadsPlace } from './archived-threads.ts';
import { unlessRefused } from './calls.ts';
import { type DiscordContext, PLATFORM } from './context.ts';
import { conversationPlace, msOfId } from './keys.ts';
import type { Channel } from './parse/payloads.ts';
import { canRead } from './permissions.ts';
import { isServed } from './questions.ts';

const recent = { days: 7, limit: 300 } as const;

/** No thread is archived by itself sooner after something was written in it. */
const ARCHIVED_MS = 3_600_000;
/** Channels whose archived threads are listed at a time: answers are not to wait for Discord's rate. */
const AT_ONCE = 2;

/** Whether something newer than a message was written in a channel. What a forum names as its newest is a thread. */
const isNewerThan =
  (since: string) =>
  ({ lastMessage, takesMessages }: Channel): boolean =>
    takesMessages && lastMessage !== null && BigInt(lastMessage) > BigInt(since);

/** Where in a server something may have been written since a message. */
export interface UnreadChannels {
  /** Channels with something newer in them, threads and direct messages included; those with recent questions first. */
  readonly unread: readonly Channel[];
  /** Those in which nothing was written. */
  readonly quiet: readonly Channel[];
  /**
   * Threads with something newer in them that were archived since, or opened again meanwhile. After less than an hour nearly none are,
   * and they are looked for only in channels with recent questions.
   * @throws what may be over in a while
   */
  archived(): Promise<readonly Channel[]>;
}

/** The channels of a server that are no threads and can be read: to look into others costs a call each time and is refused. */
async function readable({ api, permissions, own }: DiscordContext, guild: string): Promise<ThreadsPlace[]> {
  const all = await api.channels(guild);
  const mayIn = await unlessRefused(async () => permissions.inChannels(guild, await own()));
  return all
    .map((one) => ({ ...one, may: mayIn?.(one.overwrites) }))
    .filter((one) => one.may === undefined || canRead(one.may, one));
}

/** Looks for where something was written. @throws what may be over in a while */
export async function unreadChannels(discord: DiscordContext, guild: string, since: string): Promise<UnreadChannels> {
  const { api, desk, directory, log, signal } = discord;
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
  const isServedHere = ({ id, isDirect }: Channel) => isServed(guild, { channel: id, isDirect }, discord);
  const served: Channel[] = [];
  for (const one of all.values()) if (await isServedHere(one)) served.push(one);
  const isNewer = isNewerThan(since);

  async function archived(): Promise<readonly Channel[]> {
    const isLong = msOfId(since) < Date.now() - ARCHIVED_MS;
    const isWanted = ({ channel }: ThreadsPlace) =>
      served.some(({ id }) => id === channel.id) && (isLong || first.has(channel.id));
    const found = new Map<string, Channel>();
    const list = async (place: ThreadsPlace) => {
      const onCut = () =>
        log.warn({ guild, channel: place.channel.id }, 'not all threads that were archived meanwhile are looked into');
      for (const thread of await archivedSince(api, place, since, onCut)) found.set(thread.id, thread);
    };
    const wanted = places.filter((place) => canHoldThreads(place) && isWanted(place));
    await severalAtOnce(wanted, list, { atOnce: AT_ONCE, signal });
    // Whoever writes in one opens it again, perhaps before it was listed.
    if (wanted.length > 0) for (const thread of await api.activeThreads(guild)) found.set(thread.id, thread);
    const fresh: Channel[] = [];
    for (const thread of found.values()) {
      if (all.has(thread.id) || !isNewer(thread)) continue;
      const channel = { ...thread, guild };
      directory.note(channel);
      if (await isServedHere(channel)) fresh.push(channel);
    }
    return fresh;
  }

  return {
    unread: served.filter(isNewer).toSorted((a, b) => Number(first.has(b.id)) - Number(first.has(a.id))),
    quiet: served.filter((one) => !isNewer(one)),
    archived,
  };
}
