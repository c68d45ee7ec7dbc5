import { MessageFlags, InteractionResponseType as Response } from 'discord.js';
import { messageOf as reasonOf } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import { type Timers, waitFor } from '../delivery/timers.ts';
import type { Created, DiscordApi } from './api.ts';
import { finalRefusalOf, isPassing, refusalOf, refusals } from './calls.ts';
import type { Occasion } from './parse.ts';
import { type DiscordMessage, renderNotice } from './render.ts';

/** The answer to one press, form or command: Discord wants the first within three seconds, and takes more for a quarter of an hour. */
export interface Reply {
  /** Says that there will be something, for one person alone to see. @throws what the call throws */
  later(): Promise<void>;
  /** Says that it was taken, and nothing else. @throws what the call throws */
  taken(): Promise<void>;
  /** What one person alone sees, in Markdown; undefined: nothing. @throws what the call throws */
  saying(markdown: string | undefined): Promise<void>;
  /** The same as messages. @throws what the call throws */
  say(messages: readonly DiscordMessage[]): Promise<void>;
  /** What everybody sees, as a message of the channel. Only as the first answer. @throws what the call throws */
  sayToAll(message: DiscordMessage): Promise<Created>;
  /** Opens a form. Only as the first answer. @throws what the call throws */
  showForm(form: object): Promise<void>;
  /** Whether a first answer was given. */
  readonly isBegun: boolean;
}

const lost: readonly number[] = [refusals.unknownInteraction, refusals.alreadyAcknowledged];
/** Between tries of the first answer, which Discord takes for three seconds. */
const AGAIN_MS = [250, 750] as const;

export interface ReplyOptions {
  readonly api: DiscordApi;
  readonly timers: Timers;
  readonly log: Log;
  /** The app's id. @throws what asking Discord throws */
  readonly app: () => Promise<string>;
}

function createReply(occasion: Occasion, { api, timers, log, app }: ReplyOptions): Reply {
  let isBegun = false;
  /** What was announced is not there yet. */
  let isOwed = false;
  /** It is too late, or another process has answered: nobody hears what is said here. */
  let isLost = false;

  /** Once more where nothing was heard of it. */
  async function first(type: Response, data?: unknown): Promise<Created | undefined> {
    isBegun = true;
    for (let tried = 0; ; tried += 1) {
      try {
        return await api.respond(occasion, { type, ...(data !== undefined && { data }) });
      } catch (error) {
        const waitMs = AGAIN_MS[tried];
        // Then the try before was heard after all.
        if (tried > 0 && refusalOf(error) === refusals.alreadyAcknowledged) return answered(type);
        isLost = waitMs === undefined || lost.includes(refusalOf(error) ?? 0);
        if (waitMs === undefined || !isPassing(error)) {
          isBegun = isLost;
          throw error;
        }
        await waitFor(timers, waitMs, new AbortController().signal);
      }
    }
  }

  const answered = async (type: Response): Promise<Created | undefined> =>
    type === Response.ChannelMessageWithSource ? api.response(await app(), occasion.token) : undefined;

  async function next(message: DiscordMessage): Promise<void> {
    if (isLost) return;
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
    async saying(markdown) {
      if (markdown === undefined) return this.taken();
      await this.say(renderNotice(markdown, { isPrivate: true }));
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

/** Finds the answer to an act by what it is answered by: whoever asks twice for the same gets the same. */
export function createReplies(options: ReplyOptions): (act: { readonly occasion: Occasion }) => Reply {
  const replies = new WeakMap<Occasion, Reply>();
  return ({ occasion }) => {
    const reply = replies.get(occasion) ?? createReply(occasion, options);
    replies.set(occasion, reply);
    return reply;
  };
}
