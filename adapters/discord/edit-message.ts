import { waitFor } from '../delivery/timers.ts';
import { finalRefusalOf, refusalOf, refusals } from './calls.ts';
import type { DiscordContext } from './context.ts';
import { type MessagePlace, placeOf } from './keys.ts';
import { limits } from './limits.ts';
import type { DiscordMessage } from './render.ts';

/** Makes a call in a thread, which is opened again where nothing was written in it for long. @throws what the call throws */
export async function inOpenThread<T>(
  { api }: Pick<DiscordContext, 'api'>,
  channel: string,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (refusalOf(error) !== refusals.archived) throw error;
    await api.reopen(channel).catch(() => {
      throw error;
    });
    return call();
  }
}

/** Messages that were edited lately. */
const REMEMBERED = 1_000;

/**
 * Changes a message of the bot's, by its key, once it may be changed again.
 * @param isStale true once it is not to be changed so any more; what waits for its turn is given up then
 * @throws what editing it throws
 */
export type EditMessage = (key: string, message: DiscordMessage, isStale?: () => boolean) => Promise<void>;

/** Edits of one message keep their distance, whoever makes them. */
export function createEdits(context: Pick<DiscordContext, 'api' | 'timers' | 'signal'>): EditMessage {
  const { api, timers, signal } = context;
  const free = new Map<string, number>();
  return async (key, message, isStale) => {
    const { channel, id } = placeOf(key);
    const now = timers.now();
    const at = Math.max(now, free.get(key) ?? now);
    free.delete(key);
    free.set(key, at + limits.editGapMs);
    const [oldest] = free.keys();
    if (free.size > REMEMBERED && oldest !== undefined) free.delete(oldest);
    if (at > now) await waitFor(timers, at - now, signal);
    await inOpenThread(context, channel, () => api.edit(channel, id, message, isStale));
  };
}

/** Deletes a message of the bot's; one that is gone already is no matter. @throws what deleting it throws otherwise */
export async function removeMessage(discord: DiscordContext, { channel, id }: MessagePlace): Promise<void> {
  try {
    await inOpenThread(discord, channel, () => discord.api.remove(channel, id));
  } catch (error) {
    if (finalRefusalOf(error) === undefined) throw error;
  }
}
