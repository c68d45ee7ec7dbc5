import { messageOf } from '../../src/errors.ts';
import { type Timers, waitFor } from '../delivery/timers.ts';
import { finalRefusalOf } from './calls.ts';
import { type Handled, type Handlers, PLATFORM, type SlackContext, type SlackWorkspace } from './context.ts';
import { readMessages } from './earlier-posts.ts';
import { threadPlace } from './keys.ts';
import { createMissedMessages } from './missed-messages.ts';
import { missedVotes } from './missed-votes.ts';
import { msOf, type ReadPosition, tsOf } from './read-position.ts';

/** Events may have been on their way for so long when the position was noted, and clocks may differ. */
const MARGIN_MS = 60_000;
/** What was missed longer ago is not caught up with. */
const MOST_MS = 7 * 86_400_000;
/** Answers whose reactions are compared, and the threads in which they stand. */
const answersBack = { days: 3, limit: 1_000 } as const;
const threadsBack = { days: 3, limit: 60 } as const;
/** How long a message waits for those before it that may have been missed. */
const PATIENCE_MS = 15_000;
const LONGEST_WAIT_MS = 60_000;
/** How long what has just been handled is remembered: what was read before it is older. */
const REMEMBERED_MS = 10 * 60_000;

/** Finds what Slack did not tell: while nobody was there, or while the connection was gone. */
export interface CatchUp {
  /** Catches up with a workspace; called while it does, it does so once more. Never rejects. */
  run(workspaceKey: string): Promise<void>;
  /** Resolves when what was missed in a channel has been handled, or nothing is known to be; after some seconds anyway. */
  caughtUp(workspaceKey: string, channel: string): Promise<void>;
  /** Something has come by itself: what is read of an older state does not count against it. */
  note(input: Handled): void;
}

export interface CatchUpOptions {
  readonly slack: SlackContext;
  readonly handlers: Handlers;
  readonly positionOf: (workspaceKey: string) => ReadPosition;
}

/** Channels whose missed messages are waited for: once each, however many messages of it wait. */
class Awaited {
  readonly #timers: Timers;
  readonly #channels = new Map<string, { readonly done: AbortController; wait: Promise<void> | undefined }>();
  #isOver = false;

  constructor(timers: Timers) {
    this.#timers = timers;
  }

  #of(channel: string) {
    const known = this.#channels.get(channel) ?? { done: new AbortController(), wait: undefined };
    this.#channels.set(channel, known);
    return known;
  }

  done(channel: string): void {
    this.#of(channel).done.abort();
  }

  over(): void {
    this.#isOver = true;
    for (const { done } of this.#channels.values()) done.abort();
  }

  until(channel: string): Promise<void> {
    if (this.#isOver) return Promise.resolve();
    const known = this.#of(channel);
    known.wait ??= waitFor(this.#timers, PATIENCE_MS, known.done.signal);
    return known.wait;
  }
}

export function createCatchUp({ slack, handlers, positionOf }: CatchUpOptions): CatchUp {
  const { desk, log, timers, signal } = slack;
  const running = new Map<string, { readonly work: Promise<void>; awaited: Awaited; isWantedAgain: boolean }>();
  const lately = new Map<string, number>();

  const voteKey = (message: string, person: string): string => `${message} ${person}`;
  const isLater = (key: string, than: number): boolean => (lately.get(key) ?? Number.NEGATIVE_INFINITY) >= than;

  async function attempt(key: string, awaited: Awaited): Promise<void> {
    const position = positionOf(key);
    const begun = Date.now();
    const read = await position.read();
    if (read === undefined) return position.startAt(tsOf(begun));
    const since = tsOf(Math.max(msOf(read) - MARGIN_MS, begun - MOST_MS, msOf(position.first)));
    const workspace = await slack.workspaceOf(key);
    const missed = createMissedMessages(slack, workspace, { since, isLater });
    await missed.messages((channel) => awaited.done(channel));
    awaited.over();
    await missed.olderThreads();
    await missed.changes();
    await votes(workspace);
    // Called for again, something else may be missing.
    if (running.get(key)?.isWantedAgain !== true) position.release(tsOf(begun));
    log.info({ workspace: key, since, ms: Date.now() - begun }, 'caught up');
  }

  /** Compares the reactions under recent answers with the votes that stand. */
  async function votes(workspace: SlackWorkspace): Promise<void> {
    const { key, own } = workspace;
    const begun = timers.now();
    const answers = await desk.recentAnswers(PLATFORM, key, answersBack);
    if (answers.length === 0) return;
    const oldest = tsOf(Date.now() - answersBack.days * 86_400_000);
    for (const conversation of await desk.recentConversations(PLATFORM, key, threadsBack)) {
      const place = threadPlace(conversation);
      if (place === undefined || signal.aborted) continue;
      const messages = await unlessRefused(() => readMessages(workspace, place, { oldest }));
      const context = { own: own.user, voteOf: slack.voteOf };
      for (const vote of missedVotes({ channel: place.channel, messages: messages ?? [] }, answers, context)) {
        if (isLater(voteKey(vote.message, vote.person), begun)) continue;
        const { message, person, vote: value, isAdded } = vote;
        const given = {
          type: 'vote',
          workspace: key,
          channel: place.channel,
          message,
          vote: value,
          isAdded,
          at: null,
        } as const;
        await handlers.vote({ ...given, person: { key: person, name: '' }, isShared: false }, slack);
      }
    }
  }

  async function unlessRefused<T>(call: () => Promise<T>): Promise<T | undefined> {
    try {
      return await call();
    } catch (error) {
      if (finalRefusalOf(error) === undefined) throw error;
      return undefined;
    }
  }

  /** Until it has succeeded, or the adapter closes. */
  async function untilDone(key: string): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      const entry = running.get(key);
      if (entry === undefined) return;
      entry.isWantedAgain = false;
      entry.awaited = new Awaited(timers);
      try {
        await attempt(key, entry.awaited);
        failures = 0;
        if (!entry.isWantedAgain) return;
      } catch (error) {
        failures += 1;
        log.warn({ workspace: key, cause: messageOf(error) }, 'what was missed could not be found yet');
        entry.awaited.over();
        await waitFor(timers, Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** failures), signal);
      } finally {
        entry.awaited.over();
      }
    }
  }

  return {
    run(key) {
      positionOf(key).hold();
      const before = running.get(key);
      if (before !== undefined) {
        before.isWantedAgain = true;
        return before.work;
      }
      const work = Promise.resolve()
        .then(() => untilDone(key))
        .finally(() => running.delete(key));
      running.set(key, { work, awaited: new Awaited(timers), isWantedAgain: false });
      return work;
    },
    async caughtUp(key, channel) {
      await running.get(key)?.awaited.until(channel);
    },
    note(input) {
      const now = timers.now();
      if (input.type === 'vote') lately.set(voteKey(input.message, input.person.key), now);
      else if (input.type === 'edited' || input.type === 'deleted') lately.set(input.message, now);
      else return;
      for (const [key, at] of lately) {
        if (at > now - REMEMBERED_MS) break;
        lately.delete(key);
      }
    },
  };
}
