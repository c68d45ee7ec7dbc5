import type { AskedQuestion, ChatDesk, PostedMessage } from '../../src/domain/chat.ts';
import type { Loop } from '../../src/domain/ports.ts';
import { InputError, messageOf } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import type { EarlierPosts } from './earlier-posts.ts';
import type { EditedMessage } from './edit-budget.ts';
import { createLiveMessage, type LiveCalls, type LiveMessage, type ShownProgress } from './live-message.ts';
import { RecentSet } from './recent-set.ts';
import { type Timers, waitFor } from './timers.ts';

/** An answer that somebody else posts: its progress is not waited for longer. */
const LEFT_MS = 10 * 60_000;
const END_TRIES = 5;
/** At first, and at most, between two tries to watch a question. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
const REMEMBERED = 5_000;

/** What shows how questions are getting on. */
export interface ProgressBoard {
  /** @param posts what an earlier process posted for it; null: it has just been asked */
  show(workspace: string, question: AskedQuestion, posts: readonly PostedMessage[] | null): void;
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

/** Where the progress of one question is shown. */
export interface ProgressPlace {
  readonly calls: LiveCalls;
  /** Of the workspace's budget of edits. */
  readonly slot: EditedMessage;
  /** What an earlier process left in the conversation. */
  leftBehind(): Promise<EarlierPosts>;
  /** Ends a message that was left unfinished, so that it takes edits. */
  finish(message: string): Promise<void>;
  /** Shows without a message that it is being worked on, or no longer. What fails is of no matter. */
  setBusy(isBusy: boolean): Promise<void>;
  /** Says in the place of the progress that it was stopped. @param by null: nobody knows by whom */
  sayStopped(message: string, by: string | null): Promise<void>;
  /** Takes the message away. */
  remove(message: string): Promise<void>;
}

export interface ProgressBoardOptions {
  readonly platform: string;
  readonly loop: Pick<Loop, 'watch'>;
  readonly desk: Pick<ChatDesk, 'posted' | 'forgetPost'>;
  readonly log: Log;
  readonly timers: Timers;
  /** Aborts when the adapter closes. */
  readonly signal: AbortSignal;
  /** How often it is to be shown again that a question is being worked on, in ms. */
  readonly heartbeatMs: number;
  readonly placeOf: (workspace: string, question: AskedQuestion) => Promise<ProgressPlace>;
  /** Whether what failed may succeed in a while; what is refused for good is as good as done. */
  readonly isPassing: (error: unknown) => boolean;
}

interface Shown {
  readonly stop: AbortController;
  readonly done: Promise<void>;
  live: LiveMessage | undefined;
  heartbeat: Promise<void>;
  stopWaiting: () => void;
  /** What is known to have been posted for it by an earlier process. */
  readonly earlier: readonly string[];
  taken: Promise<ShownProgress | undefined> | undefined;
}

export function createProgressBoard(options: ProgressBoardOptions): ProgressBoard {
  const { platform, loop, desk, log, timers, heartbeatMs, placeOf } = options;
  const shown = new Map<string, Shown>();
  const ends = new Map<string, string | null>();
  /** Whose end is shown: an answer may be quicker than what says that there is a question. */
  const over = new RecentSet(REMEMBERED);

  /** Shows that it is being worked on, as long as no message does. */
  async function keepBusy(place: ProgressPlace, entry: Shown, signal: AbortSignal): Promise<void> {
    for (;;) {
      await waitFor(timers, heartbeatMs, signal);
      if (signal.aborted || typeof entry.live?.message === 'string') return;
      await place.setBusy(true);
    }
  }

  /** What an earlier process left of a question: one message to go on with; all others go. @returns its key */
  async function earlierOf(
    questionId: string,
    place: ProgressPlace,
    posts: readonly PostedMessage[],
  ): Promise<string | null> {
    const left = await place.leftBehind();
    const known = posts.flatMap(({ kind, message }) => (kind === 'progress' ? [message] : []));
    const [first = null, ...others] = new Set([...known, ...left.progressOf(questionId)]);
    const orphans = left.unfinished.filter((one) => one !== first && !isLive(one));
    for (const orphan of orphans) await place.finish(orphan);
    for (const other of new Set([...others, ...orphans])) await place.remove(other);
    if (first !== null && left.unfinished.includes(first)) await place.finish(first);
    return first;
  }

  async function follow(
    workspace: string,
    question: AskedQuestion,
    posts: readonly PostedMessage[] | null,
    entry: Shown,
  ): Promise<void> {
    const { questionId } = question;
    const { signal } = entry.stop;
    const place = await placeOf(workspace, question);
    const earlier = posts === null ? null : await earlierOf(questionId, place, posts);
    const note = (message: string) =>
      desk.posted({ platform, workspace, questionId }, { message, kind: 'progress', part: 0 });
    entry.live = createLiveMessage({ ...place, question, earlier, note, isPassing: options.isPassing, log });
    const followed = new AbortController();
    if (earlier === null) {
      // It goes with the next message: one that came after it would stay.
      await place.setBusy(true);
      entry.heartbeat = keepBusy(place, entry, AbortSignal.any([signal, followed.signal]));
    }
    const isCancelled = await watched(questionId, entry.live, signal).finally(() => followed.abort());
    if (isCancelled) return cancelled(workspace, questionId, place, entry);
    entry.live.freeze();
    if (!signal.aborted) entry.stopWaiting = timers.after(LEFT_MS, () => drop(questionId));
  }

  /** Shows each step until the question is over, also where watching it fails for a while. @returns whether it was cancelled */
  async function watched(questionId: string, live: LiveMessage, signal: AbortSignal): Promise<boolean> {
    let seen = 0;
    for (let waitMs = FIRST_WAIT_MS; !signal.aborted; waitMs = Math.min(LONGEST_WAIT_MS, 2 * waitMs)) {
      let step = 0;
      try {
        for await (const progress of loop.watch(questionId, { signal })) {
          if (progress.type === 'cancelled') return true;
          step += 1;
          // Watched once more, it tells all from the first step on.
          if (step <= seen) continue;
          seen = step;
          if (progress.type === 'started' || progress.type === 'turn') live.show(progress);
        }
        return false;
      } catch (error) {
        if (error instanceof InputError) throw error;
        log.warn({ questionId, cause: messageOf(error), waitMs }, 'progress cannot be watched; it is tried again');
        await waitFor(timers, waitMs, signal);
      }
    }
    return false;
  }

  async function cancelled(workspace: string, questionId: string, place: ProgressPlace, entry: Shown): Promise<void> {
    entry.stop.abort();
    await entry.heartbeat;
    const { message } = (await entry.live?.end()) ?? { message: null };
    const by = ends.get(questionId);
    if (message === null) await place.setBusy(false);
    else {
      await untilCertain(() => (by === null ? place.remove(message) : place.sayStopped(message, by ?? null)));
      await desk.forgetPost({ platform, workspace }, message);
    }
    drop(questionId);
  }

  /** Tries again what may have failed for once only. */
  async function untilCertain(work: () => Promise<void>): Promise<void> {
    for (let tried = 1; ; tried += 1) {
      try {
        return await work();
      } catch (error) {
        if (!options.isPassing(error)) return;
        if (tried === END_TRIES) throw error;
        log.info({ cause: messageOf(error) }, 'a message could not be changed; it is tried again');
        await waitFor(timers, 500 * 2 ** tried, options.signal);
      }
    }
  }

  async function endOf(entry: Shown): Promise<ShownProgress | undefined> {
    await entry.done;
    await entry.heartbeat;
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
    show(workspace, question, posts) {
      const { questionId } = question;
      if (shown.has(questionId) || over.has(questionId) || options.signal.aborted) return;
      const entry: Shown = {
        stop: new AbortController(),
        done: Promise.resolve().then(() =>
          follow(workspace, question, posts, entry).catch((error: unknown) => {
            log.warn({ questionId, cause: messageOf(error) }, 'progress is not shown');
          }),
        ),
        live: undefined,
        heartbeat: Promise.resolve(),
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
