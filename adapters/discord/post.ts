import type { Delivery } from '../../src/domain/chat.ts';
import { DeliveryError, messageOf as reasonOf } from '../../src/errors.ts';
import { Lanes } from '../delivery/lanes.ts';
import { createPost, type Post, type PostPlace, type PostSource } from '../delivery/post.ts';
import type { ProgressBoard } from '../delivery/progress-board.ts';
import { waitFor } from '../delivery/timers.ts';
import { deliveryError, refusalOf, refusals } from './calls.ts';
import { type DiscordContext, PLATFORM } from './context.ts';
import { earlierPosts, isSame, ownAfter } from './earlier-posts.ts';
import { removeMessage } from './edit-message.ts';
import { idAt, laterId, messageKey, messagePlace, placeOf } from './keys.ts';
import { nonceOf } from './nonce.ts';
import type { Message } from './parse/payloads.ts';
import { isClosed, type Target } from './places.ts';
import { type DiscordMessage, renderAnswer, renderFailure, renderNotice, renderReport } from './render.ts';

/** Refusals of a message that is to be changed; another is posted then. */
const unchangeable: readonly (number | undefined)[] = [refusals.unknownMessage, refusals.notOwnMessage];

/** The reactions to press. */
const SEEDS = ['👍', '👎'] as const;
const SEED_GAP_MS = 350;
/** Reports are looked for in the posts of the last two hours, longer than any delivery is tried. */
const REPORT_MS = 2 * 3_600_000;

interface Where extends Target {
  /** Nothing of it was posted before this message. */
  readonly since: string;
}

/** Posts deliveries in Discord. */
export function createDiscordPost(discord: DiscordContext, board: ProgressBoard): Post {
  const { api, settings, desk, directory, log, timers, signal, compareSoon, inBackground } = discord;
  const seeds = new Lanes();

  function placeAt(
    delivery: Delivery,
    { channel, replyTo, since }: Where,
    messages: readonly DiscordMessage[],
  ): PostPlace<DiscordMessage> {
    return {
      messages,
      async fresh() {
        const there = await ownAfter(discord, channel, since);
        return earlierPosts(there, {
          delivery: delivery.id,
          messages,
          others: await othersIn(there, delivery, messages),
        });
      },
      async post(message, assertHeld) {
        assertHeld();
        const nonce = nonceOf(`${delivery.id} ${messages.indexOf(message)} ${channel}`);
        const { id } = await api
          .post(channel, { message, nonce, ...(replyTo !== null && { replyTo }) })
          .catch((error: unknown) => {
            discord.reportRefusal(delivery.workspace, channel, error);
            throw error;
          });
        return messageKey({ channel, id });
      },
      edit: discord.editMessage,
      remove: (key) => removeMessage(discord, placeOf(key)),
      isUnchangeable: (error) => unchangeable.includes(refusalOf(error)),
      orderOf: (key) => messagePlace(key)?.id ?? '',
    };
  }

  /** Messages that say the same in other answers; and failures, of which nothing else is known, before everything else that was posted. */
  async function othersIn(
    there: readonly Message[],
    { workspace, answer, after }: Delivery,
    messages: readonly DiscordMessage[],
  ): Promise<ReadonlySet<string>> {
    const others = new Set<string>();
    const last = after === null ? '0' : placeOf(after).id;
    for (const one of there.filter((found) => messages.some((message) => isSame(found, message)))) {
      const key = messageKey({ channel: one.channel_id, id: one.id });
      const posted = answer === null ? undefined : await desk.answerOf(PLATFORM, workspace, key);
      const isEarlier = answer === null && laterId(one.id, last) === last;
      if (isEarlier || (posted !== undefined && posted.answerId !== answer?.answerId)) others.add(one.id);
    }
    return others;
  }

  /** In a channel, one reaction after the other: Discord takes about four a second. */
  function seed(workspace: string, last: string): void {
    const { channel, id } = placeOf(last);
    const put = async (emoji: string) => {
      await api.react(channel, id, emoji).catch((error: unknown) => {
        log.info({ channel, cause: reasonOf(error) }, 'a reaction could not be put under an answer');
        discord.reportRefusal(workspace, channel, error);
      });
      await waitFor(timers, SEED_GAP_MS, signal);
    };
    for (const emoji of SEEDS) inBackground('seeding reactions', () => seeds.run(channel, () => put(emoji)));
  }

  const source: PostSource<DiscordMessage> = {
    async reportPlace(delivery) {
      const channel = settings.reportChannel;
      if (channel === null || (await directory.channel(channel)).guild !== delivery.workspace) return null;
      const where = { channel, replyTo: null, since: idAt(Date.now() - REPORT_MS) };
      return placeAt(delivery, where, renderReport(delivery.text));
    },
    async replyPlace(delivery, question) {
      const { message } = question;
      const target = await discord.places.answering(delivery.workspace, question);
      if (target === undefined) throw unknownPlace(message);
      const place = placeAt(delivery, { ...target, since: askedAt(message).id }, messagesOf(delivery));
      return {
        ...place,
        leftBehind: place.fresh,
        tidy: async () => undefined,
        seed: (last) => seed(delivery.workspace, last),
      };
    },
    async directPlace(delivery, { message, person }, error) {
      const asked = askedAt(message);
      discord.reportRefusal(delivery.workspace, asked.channel, error);
      const opened = await api.openDirect(person).catch((cause: unknown) => {
        log.warn({ cause: reasonOf(cause) }, 'nobody can be told directly what could not be posted');
        throw error;
      });
      directory.note(opened);
      const why = `-# You asked me in <#${asked.channel}>, where I cannot answer: ${reasonOf(error)}`;
      const messages = [...renderNotice(why), ...messagesOf(delivery)];
      return placeAt(delivery, { channel: opened.id, replyTo: null, since: asked.id }, messages);
    },
    isClosed,
    errorOf: (error, { kind }) => deliveryError(error, kind),
  };
  return createPost({ source, board, desk, log, compareSoon });
}

function unknownPlace(message: string): DeliveryError {
  const said = `${message} is no message of Discord's`;
  return new DeliveryError('DISCORD_PLACE_UNKNOWN', said, 'Ask again.', { isFinal: true });
}

function askedAt(message: string) {
  const asked = messagePlace(message);
  if (asked === undefined) throw unknownPlace(message);
  return asked;
}

function messagesOf({ kind, answer, text }: Delivery): DiscordMessage[] {
  if (kind === 'answer' && answer !== null) return renderAnswer(answer);
  return kind === 'failure' ? renderFailure(text) : renderReport(text);
}
