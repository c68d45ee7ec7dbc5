import type { RecentAnswer } from '../../src/domain/chat.ts';
import { messageOf } from '../../src/errors.ts';
import { Gap } from '../delivery/gap.ts';
import type { ReadPosition } from '../delivery/read-position.ts';
import { waitFor } from '../delivery/timers.ts';
import { finalRefusalOf } from './calls.ts';
import { type Handled, type Handlers, PLATFORM, type SlackContext, type SlackWorkspace } from './context.ts';
import { readMessages } from './earlier-posts.ts';
import { threadPlace } from './keys.ts';
import { createMissedMessages } from './missed-messages.ts';
import { missedVotes } from './missed-votes.ts';
import { msOf, tsOf } from './times.ts';

/** Events may have been on their way for so long when the position was noted, and clocks may differ. */
const MARGIN_MS = 60_000;
/** What was missed longer ago is not caught up with. */
const MOST_MS = 7 * 86_400_000;
/** Answers whose reactions are compared, and the threads in which they stand. */
const answersBack = { days: 3, limit: 1_000 } as const;
const threadsBack = { days: 3, limit: 60 } as const;
const LONGEST_WAIT_MS = 60_000;
/** How long what has just been handled is remembered: what was read before it is older. */
const REMEMBERED_MS = 10 * 60_000;

/** Finds what Slack did not tell: while nobody was there, or while the connection was gone. */
export interface CatchUp {
  /** Events of a workspace may be missing from here on; `run` finds them once it is connected again. */
  expect(workspaceKey: string): void;
  /** Catches up with a workspace; called while it does, it does so once more. Never rejects. */
  run(workspaceKey: string): Promise<void>;
  /** Resolves when what was missed in a channel has been handled, or nothing is known to be; after some seconds anyway. */
  caughtUp(workspaceKey: string, channel: string): Promise<void>;
  /** Compares the reactions in one conversation with the votes that stand. @throws what reading it throws */
  compare(workspaceKey: string, conversation: string): Promise<void>;
  /** Something has come by itself: what is read of an older state does not count against it. */
  note(input: Handled): void;
}

export interface CatchUpOptions {
  readonly slack: SlackContext;
  readonly handlers: Handlers;
  readonly positionOf: (workspaceKey: string) => ReadPosition;
}

/** How far catching up with a workspace has come. */
interface Standing {
  /** Grows with every gap. */
  gaps: number;
  /** Of these gaps everything has been read. */
  gapsRead: number;
  gap: Gap;
  /** Whether the votes are to be compared. */
  isUncompared: boolean;
  work: Promise<void> | undefined;
}

export function createCatchUp({ slack, handlers, positionOf }: CatchUpOptions): CatchUp {
  const { desk, log, timers, signal } = slack;
  const standings = new Map<string, Standing>();
  const lately = new Map<string, number>();

  const voteKey = (message: string, person: string): string => `${message} ${person}`;
  const isLater = (key: string, than: number): boolean => (lately.get(key) ?? Number.NEGATIVE_INFINITY) >= than;

  function expectGap(key: string): Standing {
    positionOf(key).hold();
    const before = standings.get(key);
    const gap = new Gap(timers, before?.gap);
    const standing = before ?? { gaps: 0, gapsRead: 0, gap, isUncompared: false, work: undefined };
    standing.gap = gap;
    standing.gaps += 1;
    standings.set(key, standing);
    return standing;
  }

  /** Asks what was asked in the gaps so far. */
  async function read(key: string, standing: Standing): Promise<void> {
    const { gap, gaps } = standing;
    const position = positionOf(key);
    const begun = Date.now();
    const noted = await position.read();
    if (noted === undefined) position.startAt(tsOf(begun));
    else {
      const since = tsOf(Math.max(msOf(noted) - MARGIN_MS, begun - MOST_MS, msOf(position.first)));
      const missed = createMissedMessages(slack, await slack.workspaceOf(key), { since, isLater });
      await missed.messages(gap);
      gap.end();
      await missed.olderThreads();
      await missed.changes();
      log.info({ workspace: key, since, ms: Date.now() - begun }, 'caught up');
    }
    gap.end();
    standing.gapsRead = gaps;
    // Of a gap since then nothing is known yet.
    if (standing.gaps === gaps) position.release(tsOf(begun));
    else position.hold();
  }

  /** Compares the reactions under recent answers with the votes that stand. */
  async function compareVotes(workspace: SlackWorkspace, standing: Standing): Promise<void> {
    const { key } = workspace;
    standing.isUncompared = false;
    const begun = timers.now();
    const answers = await desk.recentAnswers(PLATFORM, key, answersBack);
    if (answers.length === 0) return;
    for (const conversation of await desk.recentConversations(PLATFORM, key, threadsBack)) {
      // Questions that may have been missed go first.
      if (signal.aborted || standing.gaps !== standing.gapsRead) {
        standing.isUncompared = true;
        return;
      }
      await compareIn(workspace, conversation, { answers, begun });
    }
  }

  async function compareIn(
    workspace: SlackWorkspace,
    conversation: string,
    { answers, begun }: { readonly answers: readonly RecentAnswer[]; readonly begun: number },
  ): Promise<void> {
    const { key, own } = workspace;
    const place = threadPlace(conversation);
    if (place === undefined) return;
    const oldest = tsOf(Date.now() - answersBack.days * 86_400_000);
    const messages = await unlessRefused(() => readMessages(workspace, place, { oldest }));
    const context = { own: own.user, voteOf: slack.voteOf };
    for (const missed of missedVotes({ channel: place.channel, messages: messages ?? [] }, answers, context)) {
      const { person, ...vote } = missed;
      if (isLater(voteKey(vote.message, person), begun)) continue;
      const given = { type: 'vote', workspace: key, channel: place.channel, ...vote, at: null } as const;
      await handlers.vote({ ...given, person: { key: person, name: '' }, isShared: false }, slack);
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
  async function untilDone(key: string, standing: Standing): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      try {
        if (standing.gapsRead !== standing.gaps) await read(key, standing);
        else if (standing.isUncompared) await compareVotes(await slack.workspaceOf(key), standing);
        else break;
        failures = 0;
      } catch (error) {
        failures += 1;
        standing.isUncompared = true;
        log.warn({ workspace: key, cause: messageOf(error) }, 'what was missed could not be found yet');
        await waitFor(timers, Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** failures), signal);
      }
    }
    standing.work = undefined;
  }

  return {
    expect: (key) => void expectGap(key),
    run(key) {
      const standing = expectGap(key);
      standing.isUncompared = true;
      standing.work ??= Promise.resolve().then(() => untilDone(key, standing));
      return standing.work;
    },
    async compare(key, conversation) {
      const begun = timers.now();
      const answers = await desk.recentAnswers(PLATFORM, key, answersBack);
      await compareIn(await slack.workspaceOf(key), conversation, { answers, begun });
    },
    caughtUp: async (key, channel) => standings.get(key)?.gap.until(channel),
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
