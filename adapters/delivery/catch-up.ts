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

/** Finds what a platform did not tell: while nobody was there, or while the connection was gone. */
export interface CatchUp {
  /** Events of a workspace may be missing from here on; `run` finds them once it is connected again. */
  expect(workspace: string): void;
  /** Catches up with a workspace; called while it does, it does so once more. Never rejects. */
  run(workspace: string): Promise<void>;
  /** Resolves when what was missed in a place has been handled, or nothing is known to be; after a while anyway. */
  caughtUp(workspace: string, place: string): Promise<void>;
  /** Compares the reactions in one conversation with the votes that stand. @throws what reading it throws */
  compare(workspace: string, conversation: string): Promise<void>;
  /** A reaction has come, or gone, by itself: what is read of an older state does not count against it. */
  noteVote(message: string, person: string): void;
  /** So has a change of a message. */
  noteChange(message: string): void;
}

/** What was missed in a workspace since a moment. */
export interface Missed {
  /** Handles what was written, first where somebody waits for it, and tells the gap of every place that has been read. */
  messages(gap: Gap): Promise<void>;
  /** Handles all else, which nothing waits for. */
  rest(): Promise<void>;
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
  /**
   * The reactions to the messages of a conversation that are among these answers; others do no harm. None where the platform does not
   * let it be read.
   * @param oldest a position: older messages need not be looked at
   * @throws what may be over in a while
   */
  reactionsIn(
    where: { readonly workspace: string; readonly conversation: string; readonly oldest: string },
    answers: readonly RecentAnswer[],
  ): Promise<readonly SeenReactions[]>;
  /** Counts a vote, or takes it back. */
  count(where: { readonly workspace: string; readonly conversation: string }, missed: MissedVote): Promise<void>;
}

export interface CatchUpOptions {
  readonly source: CatchUpSource;
  readonly positions: Positions;
  readonly positionOf: (workspace: string) => ReadPosition;
  readonly desk: Pick<ChatDesk, 'recentAnswers' | 'recentConversations'>;
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
  /** Whether the votes are to be compared. */
  isUncompared: boolean;
  work: Promise<void> | undefined;
}

const voteKey = (message: string, person: string): string => `${message} ${person}`;

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

  function expectGap(workspace: string): Standing {
    positionOf(workspace).hold();
    const before = standings.get(workspace);
    const gap = new Gap(timers, before?.gap);
    const standing = before ?? { gaps: 0, gapsRead: 0, gap, isUncompared: false, work: undefined };
    standing.gap = gap;
    standing.gaps += 1;
    standings.set(workspace, standing);
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
    if (noted === undefined) position.startAt(positions.of(begun));
    else {
      const since = sinceOf(noted, position.first, begun);
      const missed = await source.missedIn(workspace, { since, isLater });
      await missed.messages(gap);
      gap.end();
      await missed.rest();
      log.info({ platform, workspace, since, ms: Date.now() - begun }, 'caught up');
    }
    gap.end();
    standing.gapsRead = gaps;
    // Of a gap since then nothing is known yet.
    if (standing.gaps === gaps) position.release(positions.of(begun));
    else position.hold();
  }

  /** Compares the reactions under recent answers with the votes that stand. */
  async function compareVotes(workspace: string, standing: Standing): Promise<void> {
    standing.isUncompared = false;
    const begun = timers.now();
    const answers = await desk.recentAnswers(platform, workspace, answersBack);
    if (answers.length === 0) return;
    const conversations = await desk.recentConversations(platform, workspace, conversationsBack);
    if (answers.length === answersBack.limit || conversations.length > CONVERSATIONS)
      log.warn(
        {
          ...{ workspace, answers: answers.length, conversations: conversations.length },
          read: Math.min(CONVERSATIONS, conversations.length),
        },
        'not all recent conversations are looked through for ratings that were missed: those of older answers may be',
      );
    for (const conversation of conversations.slice(0, CONVERSATIONS)) {
      // Questions that may have been missed go first.
      if (signal.aborted || standing.gaps !== standing.gapsRead) {
        standing.isUncompared = true;
        return;
      }
      await compareIn({ workspace, conversation }, answers, begun);
    }
  }

  async function compareIn(
    where: { readonly workspace: string; readonly conversation: string },
    answers: readonly RecentAnswer[],
    begun: number,
  ): Promise<void> {
    const oldest = positions.of(Date.now() - answersBack.days * 86_400_000);
    const seen = await source.reactionsIn({ ...where, oldest }, answers);
    for (const missed of missedVotes(seen, answers))
      if (!isLater(voteKey(missed.message, missed.person), begun)) await source.count(where, missed);
  }

  /** Until it has succeeded, or the adapter closes. */
  async function untilDone(workspace: string, standing: Standing): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      try {
        if (standing.gapsRead !== standing.gaps) await read(workspace, standing);
        else if (standing.isUncompared) await compareVotes(workspace, standing);
        else break;
        failures = 0;
      } catch (error) {
        failures += 1;
        standing.isUncompared = true;
        if (failures >= FAILURES) standing.gap.isBeingRead = false;
        log.warn({ platform, workspace, cause: messageOf(error) }, 'what was missed could not be found yet');
        await waitFor(timers, Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** failures), signal);
      }
    }
    standing.work = undefined;
  }

  return {
    expect: (workspace) => void expectGap(workspace),
    run(workspace) {
      const standing = expectGap(workspace);
      standing.isUncompared = true;
      standing.work ??= Promise.resolve().then(() => untilDone(workspace, standing));
      return standing.work;
    },
    async compare(workspace, conversation) {
      const begun = timers.now();
      const answers = await desk.recentAnswers(platform, workspace, answersBack);
      await compareIn({ workspace, conversation }, answers, begun);
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
    noteChange: note,
  };
}
