import { type Timers, waitFor } from '../delivery/timers.ts';

/** How long a message waits for those before it that may have been missed. */
const PATIENCE_MS = 30_000;

interface Place {
  readonly done: AbortController;
  /** Once each, however many messages wait. */
  wait: Promise<void> | undefined;
}

/** A stretch of time in which events may have been missed. What comes after it waits until the channel has been read. */
export class Gap {
  readonly #timers: Timers;
  /** What is read for this one has been read for those before it, too. */
  readonly #before: Gap | undefined;
  readonly #places = new Map<string, Place>();
  #isOver = false;

  constructor(timers: Timers, before: Gap | undefined) {
    this.#timers = timers;
    this.#before = before?.isOver === false ? before : undefined;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  #of(channel: string): Place {
    const known = this.#places.get(channel) ?? { done: new AbortController(), wait: undefined };
    this.#places.set(channel, known);
    return known;
  }

  /** A channel has been read since. */
  read(channel: string): void {
    this.#before?.read(channel);
    this.#of(channel).done.abort();
  }

  /** Everything has been read since. */
  end(): void {
    this.#before?.end();
    this.#isOver = true;
    for (const { done } of this.#places.values()) done.abort();
  }

  /** Resolves when a channel has been read; after some time anyway. */
  until(channel: string): Promise<void> {
    if (this.#isOver) return Promise.resolve();
    const place = this.#of(channel);
    place.wait ??= waitFor(this.#timers, PATIENCE_MS, place.done.signal);
    return place.wait;
  }

  /** Whether somebody waits for a channel. */
  isAwaited(channel: string): boolean {
    const place = this.#places.get(channel);
    return (place?.wait !== undefined && !place.done.signal.aborted) || (this.#before?.isAwaited(channel) ?? false);
  }
}
