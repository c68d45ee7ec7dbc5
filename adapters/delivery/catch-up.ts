import type { ChatDesk, RecentAnswer } from '../../src/domain/chat.ts';
import { messageOf } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import { Gap } from './gap.ts';
import { type MissedVote, missedVotes, type SeenReactions } from './missed-votes.ts';
import type { Positions, ReadPosition } from './read-position.ts';
import { type Timers, waitFor } from './timers.ts';

/** Events may have been on their way for so long when the position was noted, and clocks may differ. */
const MARGIN_MS = 60_000;
/** What was missed longer ago is not caught up with. */
const MOST_MS = 7 * 86_400_000;
/** Answers whose reactions are compared, and the conversations in which they stand: so many of those that are found are read. */
const answersBack = { days: 3, limit: 1_000 } as const;
const conversationsBack = { days: 3, limit: 1_000 } as const;
const CONVERSATIONS = 60;
const LONGEST_WAIT_MS = 60_000;
/** After so many in a row nobody waits any longer for what may have been missed. */
const FAILURES = 3;
/** How long what has just been handled is remembered: what was read before it is older. */
const REMEMBERED_MS = 10 * 60_000;
/** After which a platform shows what has been done, wherever it is asked. */
export const SETTLED_MS = 5_000;

/** Finds what a platform did not tell: while nobody was there, or while the connection was gone. */
export interface CatchUp {
  /** Events of a workspace may be missing from here on; `run` finds them once it is connected again. */
  expect(workspace: string): void;
  /** Catches up with a workspace; called while it does, it does so once more. Never rejects. */
  run(workspace: string): Promise<void>;
  /** Resolves when what was missed in a place has been handled, or nothing is known to be; after a while anyway. */
  caughtUp(workspace: string, place: string): Promise<void>;
  /**
   * Compares the reactions under an answer, however old it is, with the votes that stand, again and again until it has succeeded.
   * Called while that is under way, it does so once more. Never rejects.
   * @param afterMs for how long to wait before
   */
  compareSoon(workspace: string, answer: ComparedAnswer, afterMs?: number): Promise<void>;
  /** A reaction has come, or gone, by itself: what is read of an older state does not count against it. */
  noteVote(message: string, person: string): void;
  /** All reactions to a message have gone, so that those which came before count no more. */
  noteCleared(message: string): void;
  /** So has a change of a message. */
  noteChange(message: string): void;
}

/** An answer, and where it was given. */
export interface ComparedAnswer {
  readonly conversation: string;
  readonly answerId: string;
}

/** What was missed in a workspace since a moment. */
export interface Missed {
  /** Handles what was written, first where somebody waits for it, and tells the gap of every place that has been read. */
  messages(gap: Gap): Promise<void>;
  /** Handles all else, which nothing waits for; gives up when it is interrupted. */
  rest(isInterrupted: () => boolean): Promise<void>;
}

export interface MissedSince {
  /** A position. */
  readonly since: string;
  /** Whether a change of a message has come by itself since a moment of the timers'. */
  readonly isLater: (message: string, than: number) => boolean;
}

/** How a platform is read. */
export interface CatchUpSource {
  missedIn(workspace: string, options: MissedSince): Promise<Missed>;
  /** Whether every answer is read by itself, so that nothing is gained by reading those of a conversation together. */
  readonly readsEach: boolean;
  /**
   * The reactions to these answers, all given in one conversation; those to others do no harm. None where the platform does not let it
   * be read.
   * @throws what may be over in a while
   */
  reactionsIn(
    where: { readonly workspace: string; readonly conversation: string },
    answers: readonly RecentAnswer[],
  ): Promise<readonly SeenReactions[]>;
  /** Counts a vote, or takes it back. */
  count(where: { readonly workspace: string; readonly conversation: string }, missed: MissedVote): Promise<void>;
}

export interface CatchUpOptions {
  readonly source: CatchUpSource;
  readonly positions: Positions;
  readonly positionOf: (workspace: string) => ReadPosition;
  readonly desk: Pick<ChatDesk, 'recentAnswers' | 'recentConversations' | 'partsOf'>;
  readonly log: Log;
  readonly timers: Timers;
  /** Aborts when the adapter closes. */
  readonly signal: AbortSignal;
}

/** How far catching up with a workspace has come. */
interface Standing {
  /** Grows with every gap. */
  gaps: number;
  /** Of these gaps everything has been read. */
  gapsRead: number;
  gap: Gap;
  /** What else was missed than messages, and is not handled yet. */
  unread: Unread | undefined;
  /** Whether the votes on all recent answers are to be compared. */
  isUncompared: boolean;
  /** By their keys, where else they are to be. */
  readonly uncompared: Map<string, Uncompared>;
  /** Aborts when there is something to do before what is waited for; another one is waited with then. */
  wake: AbortController;
  work: Promise<void> | undefined;
}

interface Unread {
  readonly missed: Missed;
  /** When reading began, in ms since 1970. */
  readonly begun: number;
  /** A position. */
  readonly since: string;
}

/** An answer whose votes are to be compared, or a conversation, whose recent answers' are. */
interface Uncompared {
  readonly conversation: string;
  readonly answerId: string | null;
  /** A moment of the timers'. */
  readonly notBefore: number;
  readonly failures: number;
}

const keyOf = ({ conversation, answerId }: Uncompared): string => `${conversation} ${answerId}`;
const voteKey = (message: string, person: string): string => `${message} ${person}`;
const backOff = (failures: number): number => Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** failures);

export function createCatchUp(options: CatchUpOptions): CatchUp {
  const { source, positions, positionOf, desk, log, timers, signal } = options;
  const { platform } = positions;
  const standings = new Map<string, Standing>();
  const lately = new Map<string, number>();

  const isLater = (key: string, than: number): boolean => (lately.get(key) ?? Number.NEGATIVE_INFINITY) >= than;

  function note(key: string): void {
    const now = timers.now();
    lately.delete(key);
    lately.set(key, now);
    for (const [old, at] of lately) {
      if (at > now - REMEMBERED_MS) break;
      lately.delete(old);
    }
  }

  function standingOf(workspace: string): Standing {
    const known = standings.get(workspace);
    if (known !== undefined) return known;
    const gap = new Gap(timers, undefined);
    gap.end();
    const nothing = { gaps: 0, gapsRead: 0, isUncompared: false, uncompared: new Map<string, Uncompared>() };
    const standing = { ...nothing, gap, unread: undefined, wake: new AbortController(), work: undefined };
    standings.set(workspace, standing);
    return standing;
  }

  function expectGap(workspace: string): Standing {
    positionOf(workspace).hold();
    const standing = standingOf(workspace);
    if (!standing.gap.isOpen) standing.gap = new Gap(timers, standing.gap);
    standing.gaps += 1;
    return standing;
  }

  /** Where to begin, of what has been handled so far. */
  function sinceOf(noted: string, first: string, now: number): string {
    const started = first === '' ? Number.NEGATIVE_INFINITY : positions.ms(first);
    return positions.of(Math.max(positions.ms(noted) - MARGIN_MS, now - MOST_MS, started));
  }

  /** Handles what was missed in the gaps so far. */
  async function read(workspace: string, standing: Standing): Promise<void> {
    const { gap, gaps } = standing;
    const position = positionOf(workspace);
    gap.isBeingRead = true;
    const begun = Date.now();
    const noted = await position.read();
    if (noted === undefined) {
      // Of a gap since then nothing is known yet.
      position.startAt(positions.of(begun));
      if (standing.gaps !== gaps) position.hold();
    } else {
      const since = sinceOf(noted, position.first, begun);
      const missed = await source.missedIn(workspace, { since, isLater });
      await missed.messages(gap);
      standing.unread = { missed, begun, since };
    }
    gap.end();
    standing.gapsRead = gaps;
  }

  /** Handles what else was missed, of which the last gap's has all that was missed before. New gaps go first; it begins anew then. */
  async function readRest(workspace: string, standing: Standing, { missed, begun, since }: Unread): Promise<void> {
    const { gaps } = standing;
    await missed.rest(() => standing.gaps !== gaps);
    // Of a gap since then nothing is known yet.
    if (standing.gaps !== gaps) return;
    standing.unread = undefined;
    positionOf(workspace).release(positions.of(begun));
    log.info({ platform, workspace, since, ms: Date.now() - begun }, 'caught up');
  }

  function compareLater({ uncompared }: Standing, one: Uncompared): void {
    const key = keyOf(one);
    const notBefore = Math.max(one.notBefore, uncompared.get(key)?.notBefore ?? one.notBefore);
    uncompared.set(key, { ...one, notBefore });
  }

  /** All recent answers, by their conversations. */
  async function compareRecent(workspace: string, standing: Standing): Promise<void> {
    const answers = await desk.recentAnswers(platform, workspace, answersBack);
    const conversations =
      answers.length === 0 ? [] : await desk.recentConversations(platform, workspace, conversationsBack);
    standing.isUncompared = false;
    if (answers.length === answersBack.limit || conversations.length > CONVERSATIONS)
      log.warn(
        {
          ...{ workspace, answers: answers.length, conversations: conversations.length },
          read: Math.min(CONVERSATIONS, conversations.length),
        },
        'not all recent conversations are looked through for ratings that were missed: those of older answers may be',
      );
    for (const conversation of conversations.slice(0, CONVERSATIONS))
      compareLater(standing, { conversation, answerId: null, notBefore: timers.now(), failures: 0 });
  }

  /** Compares what is due. What fails, or was told of meanwhile, is compared once more later. */
  async function compareDue(workspace: string, standing: Standing): Promise<void> {
    for (const [key, one] of [...standing.uncompared]) {
      // Questions that may have been missed go first.
      if (signal.aborted || standing.gaps !== standing.gapsRead) return;
      if (one.notBefore > timers.now()) continue;
      standing.uncompared.delete(key);
      try {
        const isCertain = await compare(workspace, standing, one);
        if (!isCertain) compareLater(standing, { ...one, failures: 0, notBefore: timers.now() + SETTLED_MS + 1 });
      } catch (error) {
        const failures = one.failures + 1;
        compareLater(standing, { ...one, failures, notBefore: timers.now() + backOff(failures) });
        log.warn({ platform, workspace, cause: messageOf(error) }, 'ratings could not be compared yet');
      }
    }
  }

  /** @returns whether what was read is certain: nothing was told meanwhile, or so shortly before that it may not have been shown */
  async function compare(
    workspace: string,
    standing: Standing,
    { conversation, answerId }: Uncompared,
  ): Promise<boolean> {
    const begun = timers.now();
    const certainSince = begun - SETTLED_MS;
    const answers =
      answerId === null
        ? await desk.recentAnswers(platform, workspace, { ...answersBack, conversation })
        : await desk.partsOf(platform, workspace, answerId);
    if (answers.length === 0) return true;
    if (answerId === null && source.readsEach) {
      for (const each of new Set(answers.map((answer) => answer.answerId)))
        compareLater(standing, { conversation, answerId: each, notBefore: begun, failures: 0 });
      return true;
    }
    const where = { workspace, conversation };
    let isCertain = true;
    for (const missed of missedVotes(await source.reactionsIn(where, answers), answers))
      if (isLaterIn(answers, missed, certainSince)) isCertain = false;
      else await source.count(where, missed);
    return isCertain;
  }

  /** Whether somebody has rated a part of the same answer since. */
  function isLaterIn(answers: readonly RecentAnswer[], { message, person }: MissedVote, than: number): boolean {
    const rated = answers.find((answer) => answer.message === message)?.answerId;
    return answers.some((part) => part.answerId === rated && isLater(voteKey(part.message, person), than));
  }

  async function wait(standing: Standing, ms: number): Promise<void> {
    if (standing.wake.signal.aborted) standing.wake = new AbortController();
    await waitFor(timers, ms, AbortSignal.any([signal, standing.wake.signal]));
  }

  /** Until everything has succeeded, or the adapter closes. */
  async function untilDone(workspace: string, standing: Standing): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      try {
        if (standing.gapsRead !== standing.gaps) await read(workspace, standing);
        else if (standing.unread !== undefined) await readRest(workspace, standing, standing.unread);
        else if (standing.isUncompared) await compareRecent(workspace, standing);
        else if (standing.uncompared.size > 0) await compareDue(workspace, standing);
        else break;
        failures = 0;
        const due = [...standing.uncompared.values()].map(({ notBefore }) => notBefore - timers.now());
        const hasMore = standing.gapsRead !== standing.gaps || standing.unread !== undefined || standing.isUncompared;
        if (!hasMore && due.length > 0 && Math.min(...due) > 0) await wait(standing, Math.min(...due));
      } catch (error) {
        failures += 1;
        standing.isUncompared = true;
        if (failures >= FAILURES) standing.gap.isBeingRead = false;
        log.warn({ platform, workspace, cause: messageOf(error) }, 'what was missed could not be found yet');
        await wait(standing, backOff(failures));
      }
    }
    standing.work = undefined;
  }

  function goOn(workspace: string, standing: Standing): Promise<void> {
    standing.wake.abort();
    standing.work ??= Promise.resolve().then(() => untilDone(workspace, standing));
    return standing.work;
  }

  return {
    expect: (workspace) => void expectGap(workspace),
    run(workspace) {
      const standing = expectGap(workspace);
      standing.isUncompared = true;
      return goOn(workspace, standing);
    },
    compareSoon(workspace, { conversation, answerId }, afterMs = 0) {
      const standing = standingOf(workspace);
      compareLater(standing, { conversation, answerId, notBefore: timers.now() + afterMs, failures: 0 });
      return goOn(workspace, standing);
    },
    async caughtUp(workspace, place) {
      const isRead = await standings.get(workspace)?.gap.until(place);
      if (isRead === false)
        log.warn(
          { platform, workspace, place },
          'not waited any longer for what may have been missed before a message',
        );
    },
    noteVote: (message, person) => note(voteKey(message, person)),
    noteCleared(message) {
      for (const key of lately.keys()) if (key.startsWith(voteKey(message, ''))) lately.delete(key);
    },
    noteChange: note,
  };
}
