import type { AskedQuestion } from '../../src/domain/chat.ts';
import type { Progress } from '../../src/domain/progress.ts';
import { messageOf } from '../../src/errors.ts';
import { isUncertain, refusalOf, retryAfterOf } from './calls.ts';
import { PLATFORM, type SlackContext, type SlackWorkspace } from './context.ts';
import { endStream, withBlocks } from './edit-message.ts';
import { type MessagePlace, messageKey, threadPlace } from './keys.ts';
import { paced } from './pace.ts';
import { renderProgress, streamChunks, streamStart } from './render.ts';

/** Edits that are kept for answers when many are in progress. */
const EDITS_LEFT = 5;

/** What became of the message that showed a question's progress. */
export interface ShownProgress {
  /** null: none was posted. */
  readonly place: MessagePlace | null;
  /** False: one may have been posted all the same. */
  readonly isCertain: boolean;
}

/** The message that shows a question's progress: streamed where Slack lets it, edited otherwise, none where the budget is short. */
export interface LiveMessage {
  show(step: Progress): void;
  /** Nothing more is shown: what comes next is the answer. */
  freeze(): void;
  /** The last that is shown; whoever wants may edit the message from then on. Never rejects. */
  end(): Promise<ShownProgress>;
  /** The key of the message; null while there is none. */
  readonly message: string | null;
}

export interface LiveMessageOptions {
  readonly slack: SlackContext;
  readonly workspace: SlackWorkspace;
  readonly question: AskedQuestion;
  /** A message of an earlier process, which is gone on with; never a stream. */
  readonly earlier: MessagePlace | null;
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

/** The answer is there, or about to be: nothing may be shown over it. */
class TooLate extends Error {}

const posted = (answer: { readonly ts?: string | undefined }): string => {
  if (answer.ts === undefined) throw new TypeError('Slack gave a message no ts');
  return answer.ts;
};

export function createLiveMessage(options: LiveMessageOptions): LiveMessage {
  const { slack, workspace, question, earlier, streaming } = options;
  const { client, pace } = workspace;
  const { log } = slack;
  const { questionId } = question;
  const thread = threadPlace(question.conversation);
  const slot = pace.edits.message();
  const steps: Progress[] = [];
  let place: MessagePlace | null = earlier;
  let isStream = false;
  let isCertain = true;
  let isOver = false;
  let streamed = 0;
  /** The newest try to begin: there is another with the next step where the budget was short. */
  let begun: Promise<void> | undefined;
  let isBeginning = false;
  let sending: Promise<unknown> = Promise.resolve();

  /** After each wait: another process may have posted the answer meanwhile. */
  const assertOpen = () => {
    if (isOver) throw new TooLate('the question is over');
  };

  const chunksFrom = (from: number) => steps.slice(from).flatMap(streamChunks);

  async function begin(): Promise<void> {
    if (place !== null || thread === undefined) return;
    const { channel, threadTs } = thread;
    if (pace.edits.room() < EDITS_LEFT || pace.postRoom(channel) < 1) return;
    const ts = (await beginStream(channel, threadTs)) ?? (await beginPlain(channel, threadTs));
    if (ts === undefined) return;
    place = { channel, ts };
    const where = { platform: PLATFORM, workspace: workspace.key, questionId };
    await slack.desk.posted(where, { message: messageKey(place), kind: 'progress', part: 0 });
  }

  /** A call that posts: undefined when it failed. */
  async function attempt(what: string, call: () => Promise<string>): Promise<string | undefined> {
    try {
      return await call();
    } catch (error) {
      if (error instanceof TooLate) return undefined;
      if (isUncertain(error)) isCertain = false;
      if (what === 'chat.startStream' && streamless.includes(refusalOf(error))) streaming.isOn = false;
      log.info({ questionId, what, cause: messageOf(error) }, 'progress could not be shown in this way');
      return undefined;
    }
  }

  async function beginStream(channel: string, threadTs: string): Promise<string | undefined> {
    if (!streaming.isOn || pace.streams.room() < 1 || pace.stops.room() < 1) return undefined;
    const team = workspace.key.startsWith('E') ? (await workspace.person(question.person))?.team : workspace.key;
    if (team === null || team === undefined) return undefined;
    const shown = steps.length;
    const ts = await attempt('chat.startStream', async () => {
      const begin = async () => {
        assertOpen();
        return client.chat.startStream({
          channel,
          thread_ts: threadTs,
          recipient_user_id: question.person,
          recipient_team_id: team,
          chunks: [...streamStart(questionId), ...steps.slice(0, shown).flatMap(streamChunks)],
        });
      };
      return posted(await paced(pace.streams, () => pace.post(channel, begin)));
    });
    if (ts === undefined) return undefined;
    isStream = true;
    streamed = shown;
    return ts;
  }

  const beginPlain = (channel: string, threadTs: string): Promise<string | undefined> =>
    attempt('chat.postMessage', async () =>
      posted(
        await withBlocks(renderProgress(questionId, steps), (message) =>
          pace.post(channel, async () => {
            assertOpen();
            return client.chat.postMessage({ channel, thread_ts: threadTs, ...message });
          }),
        ),
      ),
    );

  async function append({ channel, ts }: MessagePlace): Promise<void> {
    const shown = steps.length;
    const chunks = chunksFrom(streamed);
    if (chunks.length > 0) await client.chat.appendStream({ channel, ts, chunks });
    streamed = shown;
  }

  /** The stream takes no more: the message is edited from here on. */
  async function leaveStream(at: MessagePlace, error: unknown): Promise<void> {
    isStream = false;
    if (refusalOf(error) === 'stopped_by_user') return options.onStopped();
    // Another process may have posted the answer in its place.
    if ((await slack.loop.standing(questionId))?.status !== 'open') return;
    log.info({ questionId, cause: messageOf(error) }, 'a stream broke off; its message is edited instead');
    await endStream(workspace, at, { questionId });
    if (!isOver) await edit(at);
  }

  async function edit(at: MessagePlace): Promise<void> {
    await withBlocks(renderProgress(questionId, steps), (message) => client.chat.update({ ...at, ...message }));
  }

  async function send(): Promise<'sent' | { readonly retryAfterMs: number }> {
    const at = place;
    if (isOver || at === null) return 'sent';
    try {
      if (!isStream) await edit(at);
      else
        await append(at).catch((error: unknown) =>
          retryAfterOf(error) === undefined ? leaveStream(at, error) : Promise.reject(error),
        );
      return 'sent';
    } catch (error) {
      const retryAfterMs = retryAfterOf(error);
      if (retryAfterMs === undefined) throw error;
      return { retryAfterMs };
    }
  }

  function refresh(): void {
    if (isOver || place === null) return;
    slot.show(() => {
      const work = send();
      sending = work.catch(() => undefined);
      return work;
    });
  }

  return {
    get message() {
      return place === null ? null : messageKey(place);
    },
    show(step) {
      steps.push(step);
      if (place !== null) return refresh();
      // What nothing was heard of may have been posted: another would be a second one.
      if (isBeginning || !isCertain) return;
      isBeginning = true;
      const shown = steps.length;
      begun = begin()
        .catch((error: unknown) => {
          log.warn({ questionId, cause: messageOf(error) }, 'progress cannot be shown');
        })
        .then(() => {
          isBeginning = false;
          if (steps.length > shown) refresh();
        });
    },
    freeze() {
      isOver = true;
    },
    async end() {
      isOver = true;
      await begun;
      await sending;
      if (place !== null && isStream) {
        const chunks = chunksFrom(streamed);
        await endStream(workspace, place, { questionId, chunks }).catch((error: unknown) =>
          log.info({ questionId, cause: messageOf(error) }, 'a stream could not be ended yet'),
        );
        isStream = false;
      }
      return { place, isCertain };
    },
  };
}
