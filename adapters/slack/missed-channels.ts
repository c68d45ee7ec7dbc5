import { z } from 'zod';
import { messageOf } from '../../src/errors.ts';
import { finalRefusalOf } from './calls.ts';
import { PLATFORM, type SlackContext, type SlackWorkspace } from './context.ts';
import { isDirectChannel, threadPlace } from './keys.ts';
import { slackId } from './parse/payloads.ts';

/** Channels that are looked into. */
const CHANNELS = 150;
/** Threads with questions in them that are looked into, by the channels. */
const THREADS = 300;
const recent = { days: 7, limit: 3_000 } as const;

const listing = z.object({
  channels: z.array(z.object({ id: slackId, is_ext_shared: z.boolean().nullish() })).nullish(),
  response_metadata: z.object({ next_cursor: z.string().nullish() }).nullish(),
});
/** A channel to catch up with. */
export interface ReadChannel {
  readonly id: string;
  readonly isShared: boolean;
  /** Roots of the threads with questions in them. */
  readonly engaged: readonly string[];
}

/** The ids of the channels that it is in, and whether other organisations are in them too. */
async function memberships(
  { log }: SlackContext,
  { key, client, pace }: SlackWorkspace,
): Promise<Map<string, boolean>> {
  const found = new Map<string, boolean>();
  let cursor: string | undefined;
  try {
    do {
      const answer = await pace.read(() =>
        client.users.conversations({
          types: 'public_channel,private_channel,im',
          exclude_archived: true,
          limit: 200,
          ...(cursor && { cursor }),
        }),
      );
      const { channels, response_metadata: rest } = listing.parse(answer);
      for (const { id, is_ext_shared } of channels ?? []) found.set(id, is_ext_shared === true);
      cursor = rest?.next_cursor ?? undefined;
    } while (cursor !== undefined && cursor !== '' && found.size < 2_000);
  } catch (error) {
    if (finalRefusalOf(error) === undefined) throw error;
    log.warn({ workspace: key, cause: messageOf(error) }, 'only channels with questions are caught up with');
  }
  return found;
}

/** The channels to catch up with, those with recent questions first. */
export async function channelsToRead(slack: SlackContext, workspace: SlackWorkspace): Promise<ReadChannel[]> {
  const { desk, log, settings } = slack;
  const { key } = workspace;
  const engaged = new Map<string, string[]>();
  const threads = await desk.recentConversations(PLATFORM, key, recent);
  if (threads.length > THREADS)
    log.warn({ workspace: key, threads: threads.length, read: THREADS }, 'not all threads are caught up with');
  for (const conversation of threads.slice(0, THREADS)) {
    const place = threadPlace(conversation);
    if (place !== undefined) engaged.set(place.channel, [...(engaged.get(place.channel) ?? []), place.threadTs]);
  }
  const members = await memberships(slack, workspace);
  const ids = [...new Set([...engaged.keys(), ...members.keys()])].filter(
    (id) => isDirectChannel(id) || (settings.channels?.includes(id) ?? true),
  );
  if (ids.length > CHANNELS)
    log.warn({ workspace: key, channels: ids.length, read: CHANNELS }, 'not all channels are caught up with');
  return ids
    .slice(0, CHANNELS)
    .map((id) => ({ id, isShared: members.get(id) ?? false, engaged: engaged.get(id) ?? [] }));
}
