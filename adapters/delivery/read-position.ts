import type { ChatDesk } from '../../src/domain/chat.ts';
import { messageOf } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import type { Timers } from './timers.ts';

/** Of all events of a workspace together. */
export const EVENTS_PLACE = 'events';
/** How often it is written down at most. */
const WRITE_MS = 1_000;

/** How a platform writes moments, so that they sort as text. */
export interface Positions {
  readonly platform: string;
  /** @param ms since 1970 */
  of(ms: number): string;
  /** The moment of a position, in ms since 1970. */
  ms(position: string): number;
  /** Whether a text is one; what is none is not noted. */
  isOne(given: string): boolean;
}

/**
 * How far a workspace's events have been handled. It moves on only past events all earlier ones of which have been handled too, and
 * not at all while some may be missing before them.
 */
export interface ReadPosition {
  /** An event is being handled. @returns what says whether it was */
  begin(position: unknown): (isDone: boolean) => void;
  /** undefined: nothing has ever been. */
  read(): Promise<string | undefined>;
  /** It is there for the first time: what was written before is left alone. */
  startAt(position: string): void;
  /** Where it started; empty when that was before this process. */
  readonly first: string;
  /** Events may be missing; until `release` it stays where it is. */
  hold(): void;
  /** Nothing is missing before this moment: what came before it and could not be handled has been since. */
  release(position: string): void;
  /** Writes down what was reached. */
  flush(): Promise<void>;
}

export interface ReadPositionOptions {
  readonly positions: Positions;
  readonly desk: Pick<ChatDesk, 'readUpTo' | 'setReadUpTo'>;
  readonly log: Log;
  readonly timers: Timers;
}

export function createReadPosition(
  workspace: string,
  { positions, desk, log, timers }: ReadPositionOptions,
): ReadPosition {
  const { platform } = positions;
  const open = new Map<symbol, { readonly at: string; hasFailed: boolean }>();
  let reached = '';
  let written = '';
  let isHeld = true;
  /** What was reached when it was held: what comes by itself afterwards says nothing of what was before. */
  let heldAt = '';
  let first = '';
  let stopTimer: (() => void) | undefined;
  let writing: Promise<void> = Promise.resolve();

  function safe(): string {
    const [oldest] = [...open.values()].map(({ at }) => at).sort();
    return oldest !== undefined && oldest < reached ? oldest : reached;
  }

  function write(): Promise<void> {
    stopTimer?.();
    stopTimer = undefined;
    const position = isHeld ? heldAt : safe();
    if (position <= written) return writing;
    written = position;
    writing = writing
      .then(() => desk.setReadUpTo(platform, workspace, EVENTS_PLACE, position))
      .catch((error: unknown) => {
        written = '';
        log.warn(
          { platform, workspace, cause: messageOf(error) },
          'how far events have been handled could not be noted',
        );
      });
    return writing;
  }

  function reach(position: string): void {
    if (position > reached) reached = position;
    stopTimer ??= timers.after(WRITE_MS, () => void write());
  }

  return {
    begin(given) {
      const at = typeof given === 'string' && positions.isOne(given) ? given : undefined;
      if (at === undefined) return () => undefined;
      const id = Symbol(at);
      const entry = { at, hasFailed: false };
      open.set(id, entry);
      return (isDone) => {
        entry.hasFailed = !isDone;
        if (!isDone) return;
        open.delete(id);
        for (const [other, one] of open) if (one.at === at) open.delete(other);
        reach(at);
      };
    },
    async read() {
      const noted = await desk.readUpTo(platform, workspace, EVENTS_PLACE);
      const here = isHeld ? heldAt : safe();
      const position = noted === undefined || here > noted ? here : noted;
      return position === '' ? undefined : position;
    },
    get first() {
      return first;
    },
    hold() {
      if (!isHeld) heldAt = safe();
      isHeld = true;
    },
    startAt(position) {
      first = position;
      this.release(position);
    },
    release(position) {
      isHeld = false;
      for (const [id, one] of open) if (one.hasFailed && one.at < position) open.delete(id);
      reach(position);
    },
    flush: write,
  };
}
