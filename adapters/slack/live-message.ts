import type { AskedQuestion } from '../../src/domain/chat.ts';
import { messageOf } from '../../src/errors.ts';
import type { LiveCalls, Steps } from '../delivery/live-message.ts';
import { isUncertain, refusalOf, retryAfterOf } from './calls.ts';
import type { SlackContext, SlackWorkspace } from './context.ts';
import { endStream, withBlocks } from './edit-message.ts';
import { type MessagePlace, messageKey, placeOf, threadPlace } from './keys.ts';
import { paced } from './pace.ts';
import { renderProgress, streamChunks, streamStart } from './render.ts';

/** Edits that are kept for answers when many are in progress. */
const EDITS_LEFT = 5;

export interface SlackLiveOptions {
  readonly slack: SlackContext;
  readonly workspace: SlackWorkspace;
  readonly question: AskedQuestion;
  /** Whether streams are to be tried; told when Slack knows none here. */
  readonly streaming: { isOn: boolean };
  /** Somebody pressed Slack's own stop. */
  readonly onStopped: () => void;
}

/** What Slack says where it has no streams. */
const streamless: readonly (string | undefined)[] = [
  'unknown_method',
  'not_allowed_token_type',
  'feature_not_enabled',
  'method_not_supported_for_channel_type',
];

/** How Slack shows progress: streamed where it lets it, edited otherwise. */
export function slackLiveCalls({ slack, workspace, question, streaming, onStopped }: SlackLiveOptions): LiveCalls {
  const { client, pace } = workspace;
  const { questionId } = question;
  const thread = threadPlace(question.conversation);
  let isStream = false;
  /** Steps that the stream shows. */
  let streamed = 0;

  const keyOf = (channel: string, { ts }: { readonly ts?: string | undefined }): string => {
    if (ts === undefined) throw new TypeError('Slack gave a message no ts');
    return messageKey({ channel, ts });
  };

  /** What a stream wants to know of who asked; undefined when Slack does not tell. */
  async function recipient(): Promise<{ recipient_user_id: string; recipient_team_id: string } | undefined> {
    const { person } = question;
    const team = workspace.key.startsWith('E') ? (await workspace.person(person))?.team : workspace.key;
    return team === null || team === undefined ? undefined : { recipient_user_id: person, recipient_team_id: team };
  }

  async function beginStream(steps: Steps, assertOpen: () => void): Promise<string | undefined> {
    if (thread === undefined || !streaming.isOn || pace.streams.room() < 1 || pace.stops.room() < 1) return undefined;
    const { channel, threadTs: thread_ts } = thread;
    const to = await recipient();
    if (to === undefined) return undefined;
    const chunks = [...streamStart(questionId), ...steps.flatMap(streamChunks)];
    const begin = async () => {
      assertOpen();
      return client.chat.startStream({ channel, thread_ts, ...to, chunks });
    };
    try {
      const message = keyOf(channel, await paced(pace.streams, () => pace.post(channel, begin)));
      isStream = true;
      streamed = steps.length;
      return message;
    } catch (error) {
      if (streamless.includes(refusalOf(error))) streaming.isOn = false;
      throw error;
    }
  }

  async function beginPlain(steps: Steps, assertOpen: () => void): Promise<string | undefined> {
    if (thread === undefined) return undefined;
    const { channel, threadTs: thread_ts } = thread;
    const post = (message: ReturnType<typeof renderProgress>) =>
      pace.post(channel, async () => {
        assertOpen();
        return client.chat.postMessage({ channel, thread_ts, ...message });
      });
    return keyOf(channel, await withBlocks(renderProgress(questionId, steps), post));
  }

  async function append({ channel, ts }: MessagePlace, steps: Steps): Promise<void> {
    const chunks = steps.slice(streamed).flatMap(streamChunks);
    if (chunks.length > 0) await client.chat.appendStream({ channel, ts, chunks });
    streamed = steps.length;
  }

  async function edit(at: MessagePlace, steps: Steps): Promise<void> {
    await withBlocks(renderProgress(questionId, steps), (message) => client.chat.update({ ...at, ...message }));
  }

  /** The stream takes no more: the message is edited from here on. */
  async function leaveStream(at: MessagePlace, steps: Steps, error: unknown, isOver: () => boolean): Promise<void> {
    isStream = false;
    if (refusalOf(error) === 'stopped_by_user') return onStopped();
    // Another process may have posted the answer in its place.
    if ((await slack.loop.standing(questionId))?.status !== 'open') return;
    slack.log.info({ questionId, cause: messageOf(error) }, 'a stream broke off; its message is edited instead');
    await endStream(workspace, at, { questionId });
    if (!isOver()) await edit(at, steps);
  }

  return {
    hasRoom: () => thread !== undefined && pace.edits.room() >= EDITS_LEFT && pace.postRoom(thread.channel) >= 1,
    begin: [beginStream, beginPlain],
    async update(message, steps, isOver) {
      const at = placeOf(message);
      if (!isStream) return edit(at, steps);
      try {
        await append(at, steps);
      } catch (error) {
        if (retryAfterOf(error) !== undefined) throw error;
        await leaveStream(at, steps, error, isOver);
      }
    },
    async end(message, steps) {
      if (!isStream) return;
      isStream = false;
      const chunks = steps.slice(streamed).flatMap(streamChunks);
      await endStream(workspace, placeOf(message), { questionId, chunks });
    },
    isUncertain,
    retryAfterOf,
  };
}
