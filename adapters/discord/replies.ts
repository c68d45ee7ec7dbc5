import { MessageFlags, InteractionResponseType as Response } from 'discord.js';
import { messageOf as reasonOf } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import { type Timers, waitFor } from '../delivery/timers.ts';
import type { Created, DiscordApi } from './api.ts';
import { finalRefusalOf, isPassing, refusalOf, refusals } from './calls.ts';
import { limits } from './limits.ts';
import type { Occasion } from './parse.ts';
import { type DiscordMessage, renderNotice } from './render.ts';

/** The answer to one press, form or command: Discord wants the first within three seconds, and takes more for a quarter of an hour. */
export interface Reply {
  /** Whatever takes long, says in time that there will be something. To be called as soon as Discord tells of the act. @param whom who is to see what comes first */
  inTime(whom: Audience): void;
  /** Says that there will be something, for one person alone to see. @throws what the call throws */
  later(): Promise<void>;
  /** Says that it was taken, and nothing else. @throws what the call throws */
  taken(): Promise<void>;
  /** What one person alone sees, in Markdown; undefined: nothing. @throws what the call throws */
  saying(markdown: string | undefined): Promise<void>;
  /** The same as messages. @throws what the call throws */
  say(messages: readonly DiscordMessage[]): Promise<void>;
  /** What everybody sees, as a message of the channel. Only as what comes first. @throws what the call throws */
  sayToAll(message: DiscordMessage): Promise<Created>;
  /** Opens a form. @param otherwise is said where it is too late for one @throws what the call throws */
  showForm(form: object, otherwise: DiscordMessage): Promise<void>;
}

/** Who sees an answer: whoever sees the channel, or the one person. */
export type Audience = 'all' | 'one';

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
  /** Who sees that something was announced which is not there yet. */
  let owedTo: Audience | undefined;
  /** It is being announced. */
  let deferring: Promise<void> | undefined;
  let stopWaiting: () => void = () => undefined;
  /** It is too late, or another process has answered: nobody hears what is said here. */
  let isLost = false;

  /** Once more where nothing was heard of it. */
  async function first(type: Response, data?: unknown): Promise<Created | undefined> {
    isBegun = true;
    stopWaiting();
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

  async function defer(whom: Audience): Promise<void> {
    const data = whom === 'one' ? { flags: MessageFlags.Ephemeral } : undefined;
    await first(Response.DeferredChannelMessageWithSource, data);
    owedTo = whom;
  }

  /** Puts what was announced in its place. */
  async function redeem(message: DiscordMessage): Promise<Created> {
    const there = await api.editResponse(await app(), occasion.token, message);
    owedTo = undefined;
    return there;
  }

  /** There is nothing of what was announced. */
  async function withdraw(): Promise<void> {
    await api.removeResponse(await app(), occasion.token);
    owedTo = undefined;
  }

  async function next(message: DiscordMessage): Promise<void> {
    await deferring;
    if (isLost) return;
    if (!isBegun) return void (await first(Response.ChannelMessageWithSource, message));
    const isPrivate = ((message.flags ?? 0) & MessageFlags.Ephemeral) !== 0;
    if (owedTo === 'all' && isPrivate) await withdraw();
    if (owedTo !== undefined) return void (await redeem(message));
    await api.followUp(await app(), occasion.token, message);
  }

  return {
    inTime(whom) {
      stopWaiting = timers.after(limits.deferMs, () => {
        deferring = defer(whom).catch((error: unknown) =>
          log.warn({ cause: reasonOf(error) }, 'it could not be said that an answer will come'),
        );
      });
    },
    async later() {
      await deferring;
      if (!isBegun) await defer('one');
    },
    async taken() {
      await deferring;
      if (owedTo !== undefined) await withdraw();
      else if (!isBegun) await first(Response.DeferredMessageUpdate);
    },
    async saying(markdown) {
      if (markdown === undefined) return this.taken();
      await this.say(renderNotice(markdown, { isPrivate: true }));
    },
    async say(messages) {
      for (const message of messages) await next(message);
    },
    async sayToAll(message) {
      await deferring;
      if (owedTo !== undefined) return redeem(message);
      const there = await first(Response.ChannelMessageWithSource, message);
      if (there === undefined) throw new TypeError('Discord did not tell which message the answer to a command is');
      return there;
    },
    async showForm(form, otherwise) {
      await deferring;
      if (isBegun) return next(otherwise);
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
