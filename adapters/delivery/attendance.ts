import type { ChatDesk } from '../../src/domain/chat.ts';
import { messageOf } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import { type CatchUp, type CatchUpSource, createCatchUp } from './catch-up.ts';
import type { ProgressBoard } from './progress-board.ts';
import { createReadPosition, type Positions, type ReadPosition } from './read-position.ts';
import { type Timers, waitFor } from './timers.ts';

const LONGEST_WAIT_MS = 60_000;
const pause = (failures: number): number => Math.min(LONGEST_WAIT_MS, 2_000 * 2 ** failures);

/** Attends to workspaces: how far each has been read, what was missed in it, and what was left open by an earlier process. */
export interface Attendance {
  readonly catchUp: CatchUp;
  /** How far a workspace has been read; one that nobody has attended to yet is caught up with. */
  positionOf(workspace: string): ReadPosition;
  /**
   * Events may be missing: what comes from here on waits until it is known what.
   * @param workspaces which are then attended to; all that have been so far, when left out
   */
  expectGaps(workspaces?: Iterable<string>): void;
  /** Goes on with what an earlier process left open, once; another try follows where it failed. @throws what the desk throws */
  resume(workspace: string): Promise<void>;
  /** Events come again: goes on with what was open, and finds what was missed; again and again until it can. Never rejects. */
  attend(workspace: string): Promise<void>;
  /** So do all that are served, which are asked for again and again until they are known. Never rejects. */
  attendAll(served: () => Promise<readonly string[]>): Promise<void>;
  /** An event could not be handled for good: it is looked for, in the background. */
  lookAgain(workspace: string): void;
  /** Writes down how far everything has been read. */
  flush(): Promise<void>;
}

export interface AttendanceOptions {
  readonly source: CatchUpSource;
  readonly positions: Positions;
  readonly board: Pick<ProgressBoard, 'show'>;
  readonly desk: ChatDesk;
  readonly log: Log;
  readonly timers: Timers;
  /** Aborts when the adapter closes. */
  readonly signal: AbortSignal;
  readonly inBackground: (what: string, work: () => Promise<unknown>) => void;
  /** Goes on with all else that an earlier process left. */
  readonly onResume: (workspace: string) => Promise<void>;
}

export function createAttendance(options: AttendanceOptions): Attendance {
  const { positions, board, desk, log, timers, signal, inBackground, onResume } = options;
  const read = new Map<string, ReadPosition>();
  const resumed = new Map<string, Promise<void>>();
  /** Workspaces that are caught up with, or have been. */
  const known = new Set<string>();
  const catchUp = createCatchUp({ ...options, positionOf });

  function positionOf(workspace: string): ReadPosition {
    const found = read.get(workspace);
    if (found !== undefined) return found;
    const position = createReadPosition(workspace, options);
    read.set(workspace, position);
    // Also a workspace to which another process was let in.
    if (!known.has(workspace)) {
      catchUp.expect(workspace);
      inBackground('catching up', () => attend(workspace));
    }
    return position;
  }

  function resume(workspace: string): Promise<void> {
    const begun = resumed.get(workspace) ?? goOn(workspace);
    resumed.set(workspace, begun);
    begun.catch(() => resumed.delete(workspace));
    return begun;
  }

  async function goOn(workspace: string): Promise<void> {
    for (const { posts, ...question } of await desk.openQuestions(positions.platform, workspace))
      board.show(workspace, question, posts);
    await onResume(workspace);
  }

  async function attend(workspace: string): Promise<void> {
    known.add(workspace);
    let caughtUp: Promise<void> | undefined;
    for (let failures = 0; !signal.aborted; failures += 1) {
      const hasResumed = await resume(workspace).then(
        () => true,
        (error: unknown) => {
          log.warn(
            { workspace, cause: messageOf(error) },
            'what an earlier process left open cannot be gone on with yet',
          );
          return false;
        },
      );
      // What was missed does not wait for it.
      caughtUp ??= catchUp.run(workspace);
      if (hasResumed) return caughtUp;
      await waitFor(timers, pause(failures), signal);
    }
  }

  async function attendAll(served: () => Promise<readonly string[]>): Promise<void> {
    for (let failures = 0; !signal.aborted; failures += 1) {
      const found = await served().catch((error: unknown) => {
        log.warn({ cause: messageOf(error) }, 'which workspaces are to be caught up with cannot be told yet');
      });
      if (found !== undefined) return void (await Promise.all(found.map(attend)));
      await waitFor(timers, pause(failures), signal);
    }
  }

  return {
    catchUp,
    positionOf,
    expectGaps(workspaces = read.keys()) {
      for (const workspace of [...workspaces]) {
        known.add(workspace);
        catchUp.expect(workspace);
      }
    },
    resume,
    attend,
    attendAll,
    lookAgain: (workspace) => inBackground('looking for what was lost', () => catchUp.run(workspace)),
    async flush() {
      await Promise.all([...read.values()].map((position) => position.flush()));
    },
  };
}
