import { type Timers, waitFor } from './timers.ts';

/** How long a message waits for those before it that may have been missed. */
const PATIENCE_MS = 30_000;

interface Waiting {
  readonly done: AbortController;
  /** Once each, however many messages wait. */
  wait: Promise<void> | undefined;
}

/** A stretch of time in which events may have been missed. What comes after it waits until the place where it came has been read. */
export class Gap {
  readonly #timers: Timers;
  /** What is read for this one has been read for those before it, too. */
  readonly #before: Gap | undefined;
  readonly #waiting = new Map<string, Waiting>();
  #isOver = false;

  constructor(timers: Timers, before: Gap | undefined) {
    this.#timers = timers;
    this.#before = before?.isOver === false ? before : undefined;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  #of(place: string): Waiting {
    const known = this.#waiting.get(place) ?? { done: new AbortController(), wait: undefined };
    this.#waiting.set(place, known);
    return known;
  }

  /** A place has been read since. */
  read(place: string): void {
    this.#before?.read(place);
    this.#of(place).done.abort();
  }

  /** Everything has been read since. */
  end(): void {
    this.#before?.end();
    this.#isOver = true;
    for (const { done } of this.#waiting.values()) done.abort();
  }

  /** Resolves when a place has been read; after some time anyway. */
  until(place: string): Promise<void> {
    if (this.#isOver) return Promise.resolve();
    const waiting = this.#of(place);
    waiting.wait ??= waitFor(this.#timers, PATIENCE_MS, waiting.done.signal);
    return waiting.wait;
  }

  /** Whether somebody waits for a place. */
  isAwaited(place: string): boolean {
    const waiting = this.#waiting.get(place);
    return (waiting?.wait !== undefined && !waiting.done.signal.aborted) || (this.#before?.isAwaited(place) ?? false);
  }
}
