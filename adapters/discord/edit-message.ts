import { finalRefusalOf, refusalOf, refusals } from './calls.ts';
import type { DiscordContext } from './context.ts';
import type { MessagePlace } from './keys.ts';

/** Makes a call in a thread, which is opened again where nothing was written in it for long. @throws what the call throws */
export async function inOpenThread<T>({ api }: DiscordContext, channel: string, call: () => Promise<T>): Promise<T> {
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

/** Deletes a message of the bot's; one that is gone already is no matter. @throws what deleting it throws otherwise */
export async function removeMessage(discord: DiscordContext, { channel, id }: MessagePlace): Promise<void> {
  try {
    await inOpenThread(discord, channel, () => discord.api.remove(channel, id));
  } catch (error) {
    if (finalRefusalOf(error) === undefined) throw error;
  }
}
