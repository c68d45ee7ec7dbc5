import type { AskedQuestion } from '../../src/domain/chat.ts';
import { messageOf as reasonOf } from '../../src/errors.ts';
import type { EditBudget } from '../delivery/edit-budget.ts';
import type { LiveCalls, Steps } from '../delivery/live-message.ts';
import { createProgressBoard, type ProgressBoard, type ProgressPlace } from '../delivery/progress-board.ts';
import { isPassing, isUncertain } from './calls.ts';
import { type DiscordContext, PLATFORM } from './context.ts';
import { earlierPosts, ownAfter } from './earlier-posts.ts';
import { removeMessage } from './edit-message.ts';
import { messageKey, placeOf } from './keys.ts';
import { limits } from './limits.ts';
import { nonceOf } from './nonce.ts';
import type { Target } from './places.ts';
import { renderProgress, renderStopped } from './render.ts';

/** Edits that are kept for answers when many are in progress. */
const EDITS_LEFT = 5;

/** Shows how questions are getting on: by the sign that somebody types, then in a message. */
export function createDiscordBoard(discord: DiscordContext, edits: EditBudget): ProgressBoard {
  async function placeFor(workspace: string, question: AskedQuestion): Promise<ProgressPlace> {
    const target = await discord.places.answering(workspace, question);
    if (target === undefined) throw new TypeError(`${question.conversation} is no conversation of Discord's`);
    return {
      calls: liveCalls(discord, question, target, edits),
      slot: edits.message(),
      leftBehind: async () => earlierPosts(await ownAfter(discord, target.channel, placeOf(question.message).id)),
      finish: async () => undefined,
      setBusy: (isBusy) => setTyping(discord, target, isBusy),
      sayStopped: (message, by) => discord.editMessage(message, renderStopped(by)),
      remove: (message) => removeMessage(discord, placeOf(message)),
    };
  }
  const { loop, desk, log, timers, signal } = discord;
  const common = { platform: PLATFORM, loop, desk, log, timers, signal };
  return createProgressBoard({ ...common, heartbeatMs: limits.typingMs, placeOf: placeFor, isPassing });
}

/** It goes by itself after some seconds, and with the next message. */
async function setTyping({ api, log }: DiscordContext, { channel }: Target, isBusy: boolean): Promise<void> {
  if (!isBusy) return;
  await api
    .typing(channel)
    .catch((error: unknown) => log.debug({ channel, cause: reasonOf(error) }, 'typing is not shown'));
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
    // Its turn may come when another process has posted the answer in its place.
    update: (key, steps, isOver) => discord.editMessage(key, renderProgress(questionId, steps), isOver),
    end: async () => undefined,
    isUncertain,
    // Calls that Discord's rates do not let through wait for their turn by themselves.
    retryAfterOf: () => undefined,
  };
}
