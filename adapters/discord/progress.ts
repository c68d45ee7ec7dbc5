import type { AskedQuestion, PostedMessage } from '../../src/domain/chat.ts';
import { messageOf as reasonOf } from '../../src/errors.ts';
import type { EditBudget } from '../delivery/edit-budget.ts';
import type { LiveCalls, Steps } from '../delivery/live-message.ts';
import { createProgressBoard, type ProgressBoard, type ProgressPlace } from '../delivery/progress-board.ts';
import { finalRefusalOf, isPassing, isUncertain, refusals } from './calls.ts';
import { type DiscordContext, PLATFORM } from './context.ts';
import { ownAfter, progressOf } from './earlier-posts.ts';
import { type MessagePlace, messageKey, messagePlace } from './keys.ts';
import { limits } from './limits.ts';
import { nonceOf } from './nonce.ts';
import type { Target } from './places.ts';
import { renderProgress, renderStopped } from './render.ts';

/** Edits that are kept for answers when many are in progress. */
const EDITS_LEFT = 5;

/** Shows how questions are getting on: by the sign that somebody types, then in a message. */
export function createDiscordBoard(discord: DiscordContext, edits: EditBudget): ProgressBoard {
  async function placeOf(workspace: string, question: AskedQuestion): Promise<ProgressPlace> {
    const target = await discord.places.of(workspace, question.conversation);
    if (target === undefined) throw new TypeError(`${question.conversation} is no conversation of Discord's`);
    return {
      calls: liveCalls(discord, question, target, edits),
      slot: edits.message(),
      leftBehind: (posts, isLive) => leftBehind(discord, question, target, { posts, isLive }),
      setBusy: (isBusy) => setTyping(discord, target, isBusy),
      async sayStopped(message, by) {
        const { channel, id } = placeOfMessage(message);
        await discord.api.edit(channel, id, renderStopped(by));
      },
      remove: (message) => removeMessage(discord, placeOfMessage(message)),
    };
  }
  const { loop, desk, log, timers, signal } = discord;
  const common = { platform: PLATFORM, loop, desk, log, timers, signal };
  return createProgressBoard({ ...common, heartbeatMs: limits.typingMs, placeOf, isPassing });
}

/** It goes by itself after some seconds, and with the next message. */
async function setTyping({ api, log }: DiscordContext, { channel }: Target, isBusy: boolean): Promise<void> {
  if (!isBusy) return;
  await api
    .typing(channel)
    .catch((error: unknown) => log.debug({ channel, cause: reasonOf(error) }, 'typing is not shown'));
}

function placeOfMessage(key: string): MessagePlace {
  const place = messagePlace(key);
  if (place === undefined) throw new TypeError(`${key} is no message of Discord's`);
  return place;
}

/** Deletes a message of the bot's; one that is gone already is no matter. @throws what deleting it throws otherwise */
export async function removeMessage({ api }: DiscordContext, { channel, id }: MessagePlace): Promise<void> {
  try {
    await api.remove(channel, id);
  } catch (error) {
    const refusal = finalRefusalOf(error);
    if (refusal === undefined || refusal === refusals.archived) throw error;
  }
}

function liveCalls(discord: DiscordContext, question: AskedQuestion, target: Target, edits: EditBudget): LiveCalls {
  const { api } = discord;
  const { questionId } = question;
  const { channel, replyTo } = target;
  return {
    hasRoom: () => edits.room() >= EDITS_LEFT,
    begin: [
      async (steps: Steps, assertOpen) => {
        assertOpen();
        const message = renderProgress(questionId, steps);
        const nonce = nonceOf(`progress ${questionId}`);
        const { id } = await api.post(channel, { message, nonce, ...(replyTo !== null && { replyTo }) });
        return messageKey({ channel, id });
      },
    ],
    async update(message, steps) {
      const place = placeOfMessage(message);
      await api.edit(place.channel, place.id, renderProgress(questionId, steps));
    },
    end: async () => undefined,
    isUncertain,
    // Calls that Discord's rates do not let through wait for their turn by themselves.
    retryAfterOf: () => undefined,
  };
}

interface Left {
  readonly posts: readonly PostedMessage[];
  readonly isLive: (message: string) => boolean;
}

/** Of what an earlier process posted for a question, one message is gone on with. */
async function leftBehind(
  discord: DiscordContext,
  question: AskedQuestion,
  target: Target,
  { posts, isLive }: Left,
): Promise<string | null> {
  const asked = messagePlace(question.message)?.id ?? '0';
  const found = progressOf(await ownAfter(discord, target, asked), question.questionId);
  const known = posts.flatMap(({ kind, message }) => (kind === 'progress' ? [message] : []));
  const there = found.map(({ id }) => messageKey({ channel: target.channel, id }));
  const [first = null, ...others] = [...new Set([...known, ...there])];
  for (const other of others) if (!isLive(other)) await removeMessage(discord, placeOfMessage(other));
  return first;
}
