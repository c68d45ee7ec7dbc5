import { type Timers, waitFor } from './timers.ts';

/** How long a message waits for those before it that may have been missed, while nobody reads them. */
const PATIENCE_MS = 30_000;
/** And while they are being read, which at a platform's rates takes minutes where much goes on. */
const LONGEST_MS = 10 * 60_000;

interface Waiting {
  readonly done: AbortController;
  /** Once each, however many messages wait. */
  wait: Promise<boolean> | undefined;
}

/** A stretch of time in which events may have been missed. What comes after it waits until the place where it came has been read. */
export class Gap {
  readonly #timers: Timers;
  /** What is read for this one has been read for those before it, too. */
  readonly #before: Gap | undefined;
  readonly #waiting = new Map<string, Waiting>();
  readonly #read = new Set<string>();
  #isOver = false;
  #isBeingRead = false;
  #hasBegun = false;

  constructor(timers: Timers, before: Gap | undefined) {
    this.#timers = timers;
    this.#before = before !== undefined && !before.#isOver ? before : undefined;
  }

  /** Nothing of it has been read: what is missed from here on belongs to it as well. */
  get isOpen(): boolean {
    return !this.#isOver && !this.#hasBegun;
  }

  #of(place: string): Waiting {
    const known = this.#waiting.get(place) ?? { done: new AbortController(), wait: undefined };
    this.#waiting.set(place, known);
    return known;
  }

  /** Somebody reads what was missed in it, or no longer does. */
  set isBeingRead(is: boolean) {
    this.#isBeingRead = is;
    if (is) this.#hasBegun = true;
    else if (this.#before !== undefined) this.#before.isBeingRead = false;
  }

  get isBeingRead(): boolean {
    return this.#isBeingRead || (this.#before?.isBeingRead ?? false);
  }

  /** A place has been read since. */
  read(place: string): void {
    this.#before?.read(place);
    this.#read.add(place);
    this.#waiting.get(place)?.done.abort();
  }

  /** Everything has been read since. */
  end(): void {
    this.#before?.end();
    this.#isOver = true;
    for (const { done } of this.#waiting.values()) done.abort();
  }

  /** Whether a place has been read, once it has; false when it has not been for too long. */
  until(place: string): Promise<boolean> {
    if (this.#isOver || this.#read.has(place)) return Promise.resolve(true);
    const waiting = this.#of(place);
    waiting.wait ??= this.#patiently(waiting.done.signal);
    return waiting.wait;
  }

  async #patiently(done: AbortSignal): Promise<boolean> {
    const begun = this.#timers.now();
    do await waitFor(this.#timers, PATIENCE_MS, done);
    while (!done.aborted && this.isBeingRead && this.#timers.now() - begun < LONGEST_MS);
    return done.aborted;
  }

  /** Whether somebody waits for a place. */
  isAwaited(place: string): boolean {
    const waiting = this.#waiting.get(place);
    return (waiting?.wait !== undefined && !waiting.done.signal.aborted) || (this.#before?.isAwaited(place) ?? false);
  }
}
