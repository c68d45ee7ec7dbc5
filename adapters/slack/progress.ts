import type { AskedQuestion, PostedMessage } from '../../src/domain/chat.ts';
import { messageOf } from '../../src/errors.ts';
import { RecentSet } from '../delivery/recent-set.ts';
import { waitFor } from '../delivery/timers.ts';
import { isPassing } from './calls.ts';
import { PLATFORM, type SlackContext, type SlackWorkspace } from './context.ts';
import type { EarlierPostsSource } from './earlier-posts.ts';
import { deleteMessage, editMessage, endStream } from './edit-message.ts';
import { type MessagePlace, messageKey, messagePlace, threadPlace } from './keys.ts';
import { createLiveMessage, type LiveMessage, type ShownProgress } from './live-message.ts';
import { renderStopped } from './render.ts';

/** Slack clears a status after two minutes. */
const HEARTBEAT_MS = 90_000;
/** An answer that somebody else posts: its progress is not waited for longer. */
const LEFT_MS = 10 * 60_000;
const END_TRIES = 5;
const REMEMBERED = 5_000;
const STATUS = 'is thinking …';

/** What shows how questions are getting on. */
export interface ProgressBoard {
  /** @param posts what an earlier process posted for it; null: it has just been asked */
  show(workspaceKey: string, question: AskedQuestion, posts: readonly PostedMessage[] | null): void;
  /** Shows no more; resolves with what was shown, undefined when nothing was by this process. */
  take(questionId: string): Promise<ShownProgress | undefined>;
  /** It is over: nothing needs to be known of it any more. */
  drop(questionId: string): void;
  /** Says who stops it; null: its message was deleted, and what was shown goes too; undefined: it was not stopped after all. */
  endedBy(questionId: string, by: string | null | undefined): void;
  /** Whether a message shows progress right now. */
  isLive(message: string): boolean;
  close(): Promise<void>;
}

interface Shown {
  readonly stop: AbortController;
  readonly done: Promise<void>;
  live: LiveMessage | undefined;
  status: Promise<void>;
  stopWaiting: () => void;
  /** What is known to have been posted for it by an earlier process. */
  readonly earlier: readonly string[];
  taken: Promise<ShownProgress | undefined> | undefined;
}

export function createProgressBoard(slack: SlackContext, earlierPosts: EarlierPostsSource): ProgressBoard {
  const { loop, desk, log, timers } = slack;
  const shown = new Map<string, Shown>();
  const ends = new Map<string, string | null>();
  /** Whose end is shown: an answer may be quicker than what says that there is a question. */
  const over = new RecentSet(REMEMBERED);
  const streaming = new Map<string, { isOn: boolean }>();

  const streamingOf = (workspace: string): { isOn: boolean } => {
    const found = streaming.get(workspace) ?? { isOn: true };
    streaming.set(workspace, found);
    return found;
  };

  async function setStatus({ client }: SlackWorkspace, conversation: string, status: string): Promise<void> {
    const place = threadPlace(conversation);
    if (place === undefined) return;
    const { channel, threadTs } = place;
    await client.assistant.threads
      .setStatus({ channel_id: channel, thread_ts: threadTs, status })
      .catch((error: unknown) => log.debug({ conversation, cause: messageOf(error) }, 'no status'));
  }

  /** Keeps the status up while no message shows progress. */
  async function keepStatus(workspace: SlackWorkspace, question: AskedQuestion, entry: Shown): Promise<void> {
    const { signal } = entry.stop;
    for (;;) {
      await waitFor(timers, HEARTBEAT_MS, signal);
      if (signal.aborted || typeof entry.live?.message === 'string') return;
      await setStatus(workspace, question.conversation, STATUS);
    }
  }

  /** What an earlier process left of a question: one message to go on with; all others go. */
  async function earlierOf(
    workspace: SlackWorkspace,
    question: AskedQuestion,
    posts: readonly PostedMessage[],
  ): Promise<MessagePlace | null> {
    const left = await earlierPosts.leftBehind(workspace, question.conversation);
    const channel = threadPlace(question.conversation)?.channel ?? '';
    const known = posts.flatMap(({ kind, message }) => (kind === 'progress' ? (messagePlace(message)?.ts ?? []) : []));
    const [ts, ...others] = [...new Set([...known, ...left.progressOf(question.questionId)])];
    const orphans = left.unfinished.filter((one) => one !== ts && !isLive(messageKey({ channel, ts: one })));
    for (const orphan of orphans) await endStream(workspace, { channel, ts: orphan }, question);
    for (const other of [...others, ...orphans]) await deleteMessage(workspace, { channel, ts: other });
    if (ts === undefined) return null;
    if (left.unfinished.includes(ts)) await endStream(workspace, { channel, ts }, question);
    return { channel, ts };
  }

  async function follow(
    workspaceKey: string,
    question: AskedQuestion,
    posts: readonly PostedMessage[] | null,
    entry: Shown,
  ): Promise<void> {
    const { questionId } = question;
    const { signal } = entry.stop;
    const workspace = await slack.workspaceOf(workspaceKey);
    const earlier = posts === null ? null : await earlierOf(workspace, question, posts);
    entry.live = createLiveMessage({
      slack,
      workspace,
      question,
      earlier,
      streaming: streamingOf(workspaceKey),
      onStopped: () => slack.inBackground('stopping a question', () => slack.stopQuestion(questionId, question.person)),
    });
    if (earlier === null) {
      // The status goes with the next message: one that came after it would stay.
      await setStatus(workspace, question.conversation, STATUS);
      entry.status = keepStatus(workspace, question, entry);
    }
    for await (const step of loop.watch(questionId, { signal })) {
      if (step.type === 'started' || step.type === 'turn') entry.live.show(step);
      if (step.type === 'cancelled') return await cancelled(workspace, question, entry);
    }
    entry.live.freeze();
    if (!signal.aborted) entry.stopWaiting = timers.after(LEFT_MS, () => drop(questionId));
  }

  async function cancelled(workspace: SlackWorkspace, question: AskedQuestion, entry: Shown): Promise<void> {
    const { questionId } = question;
    entry.stop.abort();
    await entry.status;
    const { place } = (await entry.live?.end()) ?? { place: null };
    const by = ends.get(questionId);
    if (place === null) await setStatus(workspace, question.conversation, '');
    else {
      const message = messageKey(place);
      const work = () =>
        by === null
          ? deleteMessage(workspace, place)
          : editMessage(workspace, place, renderStopped(questionId, by ?? null), questionId);
      await untilCertain(work, slack);
      await desk.forgetPost({ platform: PLATFORM, workspace: workspace.key }, message);
    }
    drop(questionId);
  }

  async function endOf(entry: Shown): Promise<ShownProgress | undefined> {
    await entry.done;
    await entry.status;
    return entry.live?.end();
  }

  const isLive = (message: string): boolean =>
    [...shown.values()].some(({ earlier, live }) => earlier.includes(message) || live?.message === message);

  function drop(questionId: string): void {
    const entry = shown.get(questionId);
    entry?.stop.abort();
    entry?.stopWaiting();
    shown.delete(questionId);
    ends.delete(questionId);
    over.add(questionId);
  }

  return {
    show(workspaceKey, question, posts) {
      const { questionId } = question;
      if (shown.has(questionId) || over.has(questionId) || slack.signal.aborted) return;
      const entry: Shown = {
        stop: new AbortController(),
        done: Promise.resolve().then(() =>
          follow(workspaceKey, question, posts, entry).catch((error: unknown) => {
            log.warn({ questionId, cause: messageOf(error) }, 'progress is not shown');
          }),
        ),
        live: undefined,
        status: Promise.resolve(),
        stopWaiting: () => undefined,
        earlier: (posts ?? []).map(({ message }) => message),
        taken: undefined,
      };
      shown.set(questionId, entry);
    },
    async take(questionId) {
      const entry = shown.get(questionId);
      if (entry === undefined) {
        over.add(questionId);
        return undefined;
      }
      entry.stop.abort();
      entry.taken ??= endOf(entry);
      return entry.taken;
    },
    drop,
    endedBy(questionId, by) {
      if (by === undefined) ends.delete(questionId);
      else if (shown.has(questionId)) ends.set(questionId, by);
    },
    isLive,
    async close() {
      const open = [...shown.values()];
      for (const { stop, stopWaiting } of open) {
        stop.abort();
        stopWaiting();
      }
      await Promise.all(open.map(({ done }) => done));
    },
  };
}

/** Tries again what may have failed for once only. What Slack refuses is as good as done. */
async function untilCertain(work: () => Promise<void>, { log, timers, signal }: SlackContext): Promise<void> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error)) return;
      if (tried === END_TRIES) throw error;
      log.info({ cause: messageOf(error) }, 'a message could not be changed; it is tried again');
      await waitFor(timers, 500 * 2 ** tried, signal);
    }
  }
}
