import { MessageFlags, InteractionResponseType as Response } from 'discord.js';
import { messageOf as reasonOf } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import type { Created, DiscordApi } from './api.ts';
import { finalRefusalOf } from './calls.ts';
import type { Occasion } from './parse.ts';
import type { DiscordMessage } from './render.ts';

/** The answer to one press, form or command: Discord wants the first within three seconds, and takes more for a quarter of an hour. */
export interface Reply {
  /** Says that there will be something, for one person alone to see. @throws what the call throws */
  later(): Promise<void>;
  /** Says that it was taken, and nothing else. @throws what the call throws */
  taken(): Promise<void>;
  /** What one person alone sees. @throws what the call throws */
  say(messages: readonly DiscordMessage[]): Promise<void>;
  /** What everybody sees, as a message of the channel. Only as the first answer. @throws what the call throws */
  sayToAll(message: DiscordMessage): Promise<Created>;
  /** Opens a form. Only as the first answer. @throws what the call throws */
  showForm(form: object): Promise<void>;
  /** Whether a first answer was given. */
  readonly isBegun: boolean;
}

export function createReply(api: DiscordApi, occasion: Occasion, app: () => Promise<string>, log: Log): Reply {
  let isBegun = false;
  /** What was announced is not there yet. */
  let isOwed = false;

  async function first(type: Response, data?: unknown): Promise<Created | undefined> {
    isBegun = true;
    return api.respond(occasion, { type, ...(data !== undefined && { data }) });
  }

  async function next(message: DiscordMessage): Promise<void> {
    if (!isBegun) await first(Response.ChannelMessageWithSource, message);
    else if (isOwed) await api.editResponse(await app(), occasion.token, message);
    else await api.followUp(await app(), occasion.token, message);
    isOwed = false;
  }

  return {
    get isBegun() {
      return isBegun;
    },
    async later() {
      if (isBegun) return;
      await first(Response.DeferredChannelMessageWithSource, { flags: MessageFlags.Ephemeral });
      isOwed = true;
    },
    async taken() {
      if (!isBegun) await first(Response.DeferredMessageUpdate);
    },
    async say(messages) {
      for (const message of messages) await next(message);
    },
    async sayToAll(message) {
      const there = await first(Response.ChannelMessageWithSource, message);
      if (there === undefined) throw new TypeError('Discord did not tell which message the answer to a command is');
      return there;
    },
    async showForm(form) {
      await first(Response.Modal, form).catch((error: unknown) => {
        if (finalRefusalOf(error) === undefined) throw error;
        log.info({ cause: reasonOf(error) }, 'a form could not be opened');
      });
    },
  };
}
