import { PermissionFlagsBits as Bits, ChannelType } from 'discord.js';
import type { ArchivedKind, DiscordApi, ServerChannel } from './api.ts';
import { unlessRefused } from './calls.ts';
import { msOfId } from './keys.ts';
import type { Channel } from './parse/payloads.ts';

/** Of one channel, 100 threads each. Those that the bot is in are not told in the order of archiving: more are not looked through. */
const PAGES: Readonly<Record<ArchivedKind, number>> = { public: 10, private: 10, joined: 1 };

const WITH_THREADS: readonly ChannelType[] = [
  ChannelType.GuildText,
  ChannelType.GuildAnnouncement,
  ChannelType.GuildForum,
  ChannelType.GuildMedia,
];

/** A channel in which there may be archived threads, and what the bot may do there; undefined where that is not known. */
export type ThreadsPlace = ServerChannel & { readonly may: bigint | undefined };

export const canHoldThreads = ({ type }: ServerChannel): boolean => WITH_THREADS.includes(type);

/** Private threads are in text channels alone. */
function kindsIn({ type, may }: ThreadsPlace): readonly ArchivedKind[] {
  if (type !== ChannelType.GuildText) return ['public'];
  return ['public', ((may ?? 0n) & Bits.ManageThreads) === 0n ? 'joined' : 'private'];
}

/**
 * The threads of a channel that were archived after a message.
 * @param onCut there may be more
 * @throws what may be over in a while
 */
export async function archivedSince(
  api: Pick<DiscordApi, 'archivedThreads'>,
  place: ThreadsPlace,
  since: string,
  onCut: () => void,
): Promise<Channel[]> {
  const found = new Map<string, Channel>();

  async function read(kind: ArchivedKind): Promise<void> {
    let before: string | undefined;
    for (let page = 0; page < PAGES[kind]; page += 1) {
      const list = await api.archivedThreads(place.channel.id, kind, before);
      const later = list.found.filter(({ at }) => Date.parse(at) > msOfId(since));
      for (const { thread } of later) found.set(thread.id, thread);
      const last = list.found.at(-1);
      if (!list.hasMore || last === undefined) return;
      if (kind !== 'joined' && later.length < list.found.length) return;
      before = kind === 'joined' ? last.thread.id : last.at;
    }
    onCut();
  }

  for (const kind of kindsIn(place)) await unlessRefused(() => read(kind));
  return [...found.values()];
}
