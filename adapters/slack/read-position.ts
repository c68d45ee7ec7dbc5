import type { ChatDesk } from '../../src/domain/chat.ts';
import { messageOf } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import type { Timers } from '../delivery/timers.ts';
import { PLATFORM } from './context.ts';

/** Of all events of a workspace together. */
export const EVENTS_PLACE = 'events';
/** How often it is written down at most. */
const WRITE_MS = 1_000;

const TS = /^\d{10}\.\d{6}$/;

/** Slack's time of a moment, which sorts as text. */
export const tsOf = (ms: number): string => (ms / 1_000).toFixed(6);
export const msOf = (ts: string): number => Number(ts) * 1_000;

/**
 * How far a workspace's events have been handled. It moves on only past events all earlier ones of which have been handled too, and
 * not at all while some may be missing before them.
 */
export interface ReadPosition {
  /** An event is being handled. @returns what says whether it was */
  begin(ts: unknown): (isDone: boolean) => void;
  /** undefined: nothing has ever been. */
  read(): Promise<string | undefined>;
  /** It is there for the first time: what was written before is left alone. */
  startAt(ts: string): void;
  /** Where it started; empty when that was before this process. */
  readonly first: string;
  /** Events may be missing; until `release` it stays where it is. */
  hold(): void;
  /** Nothing is missing before this moment: what came before it and could not be handled has been since. */
  release(ts: string): void;
  /** Writes down what was reached. */
  flush(): Promise<void>;
}

export function createReadPosition(
  workspace: string,
  { desk, log, timers }: { readonly desk: ChatDesk; readonly log: Log; readonly timers: Timers },
): ReadPosition {
  const open = new Map<symbol, { readonly ts: string; hasFailed: boolean }>();
  let reached = '';
  let written = '';
  let isHeld = true;
  /** What was reached when it was held: what comes by itself afterwards says nothing of what was before. */
  let heldAt = '';
  let first = '';
  let stopTimer: (() => void) | undefined;
  let writing: Promise<void> = Promise.resolve();

  function safe(): string {
    const [oldest] = [...open.values()].map(({ ts }) => ts).sort();
    return oldest !== undefined && oldest < reached ? oldest : reached;
  }

  function write(): Promise<void> {
    stopTimer?.();
    stopTimer = undefined;
    const position = isHeld ? heldAt : safe();
    if (position <= written) return writing;
    written = position;
    writing = writing
      .then(() => desk.setReadUpTo(PLATFORM, workspace, EVENTS_PLACE, position))
      .catch((error: unknown) => {
        written = '';
        log.warn({ workspace, cause: messageOf(error) }, 'how far Slack has been read could not be noted');
      });
    return writing;
  }

  function reach(ts: string): void {
    if (ts > reached) reached = ts;
    stopTimer ??= timers.after(WRITE_MS, () => void write());
  }

  return {
    begin(given) {
      const ts = typeof given === 'string' && TS.test(given) ? given : undefined;
      if (ts === undefined) return () => undefined;
      const id = Symbol(ts);
      const entry = { ts, hasFailed: false };
      open.set(id, entry);
      return (isDone) => {
        entry.hasFailed = !isDone;
        if (!isDone) return;
        open.delete(id);
        for (const [other, one] of open) if (one.ts === ts) open.delete(other);
        reach(ts);
      };
    },
    async read() {
      const noted = await desk.readUpTo(PLATFORM, workspace, EVENTS_PLACE);
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
    startAt(ts) {
      first = ts;
      this.release(ts);
    },
    release(ts) {
      isHeld = false;
      for (const [id, one] of open) if (one.hasFailed && one.ts < ts) open.delete(id);
      reach(ts);
    },
    flush: write,
  };
}
