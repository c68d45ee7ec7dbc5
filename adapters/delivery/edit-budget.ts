import type { Timers } from './timers.ts';

export interface EditLimits {
  /** Edits in any minute, of all messages together. */
  readonly perMinute: number;
  /** Edits that may follow each other at once; less than `perMinute`. */
  readonly burst: number;
  /** Least time between two edits of one message. */
  readonly gapMs: number;
}

/** Edits a message at the platform. It says so when the platform asks to be left alone for a while. */
export type SendEdit = () => Promise<'sent' | { readonly retryAfterMs: number }>;

/** One message that changes while an answer is in progress. */
export interface EditedMessage {
  /** Takes the place of a state that has not been sent yet; nothing after `finish`. */
  show(send: SendEdit): void;
  /** The last state, which goes before those of other messages. True when it was sent, false when the budget was closed before. */
  finish(send: SendEdit): Promise<boolean>;
}

export interface EditBudgetOptions {
  readonly limits: EditLimits;
  readonly timers: Timers;
  /** A state on the way failed; the answer goes on. */
  readonly onError: (error: unknown) => void;
}

interface Edit {
  readonly send: SendEdit;
  /** Grows with every edit; a state that takes the place of another takes its turn too. */
  readonly turn: number;
  /** Only of a last state. */
  readonly settle: { resolve(sent: boolean): void; reject(error: unknown): void } | null;
}

class Slot {
  edit: Edit | undefined;
  isOver = false;
  isSending = false;
  /** When it may be edited again. */
  readyAt = Number.NEGATIVE_INFINITY;
}

const MINUTE = 60_000;
const comesBefore = (a: Edit, b: Edit): boolean =>
  (a.settle !== null) === (b.settle !== null) ? a.turn < b.turn : a.settle !== null;

/**
 * One budget of edits for all messages of a workspace that change at the same time. Of the states of a message that wait, only the
 * newest is sent; the message that has waited longest is next, last states before others.
 */
export class EditBudget {
  readonly #options: EditBudgetOptions;
  readonly #waiting = new Set<Slot>();
  readonly #perMs: number;
  #tokens: number;
  #countedAt: number;
  #pausedUntil = Number.NEGATIVE_INFINITY;
  #turns = 0;
  #stopTimer: (() => void) | undefined;
  #isClosed = false;

  constructor(options: EditBudgetOptions) {
    const { perMinute, burst } = options.limits;
    if (!(burst >= 1 && burst < perMinute)) throw new RangeError(`burst ${burst} must be from 1 to below ${perMinute}`);
    this.#options = options;
    this.#tokens = burst;
    // A full burst and what is refilled within a minute come to the limit together.
    this.#perMs = (perMinute - burst) / MINUTE;
    this.#countedAt = options.timers.now();
  }

  message(): EditedMessage {
    const slot = new Slot();
    return {
      show: (send) => {
        if (!slot.isOver) this.#put(slot, send, null);
      },
      finish: (send) => {
        slot.isOver = true;
        return new Promise((resolve, reject) => this.#put(slot, send, { resolve, reject }));
      },
    };
  }

  /** How many edits could be sent at once beside those that wait: what need not be sent is left out when it is little. */
  room(): number {
    if (this.#isClosed || this.#options.timers.now() < this.#pausedUntil) return 0;
    return Math.floor(this.#refilled() + 1e-9) - this.#waiting.size;
  }

  /** Sends nothing for a while, e.g. because the platform said so. */
  pauseFor(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#options.timers.now() + ms);
    this.#pump();
  }

  /** Sends nothing more; what waits is dropped. */
  close(): void {
    this.#isClosed = true;
    this.#stopTimer?.();
    for (const { edit } of this.#waiting) edit?.settle?.resolve(false);
    this.#waiting.clear();
  }

  #put(slot: Slot, send: SendEdit, settle: Edit['settle']): void {
    slot.edit?.settle?.resolve(false);
    if (this.#isClosed) {
      settle?.resolve(false);
      return;
    }
    slot.edit = { send, settle, turn: slot.edit?.turn ?? this.#turns++ };
    this.#waiting.add(slot);
    this.#pump();
  }

  #pump(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    for (let wait = this.#step(); wait !== undefined; wait = this.#step()) {
      if (wait === 0) continue;
      this.#stopTimer = this.#options.timers.after(Math.ceil(wait), () => this.#pump());
      return;
    }
  }

  /** Begins to send one edit. @returns ms until the next may be sent; undefined when nothing waits for time */
  #step(): number | undefined {
    const now = this.#options.timers.now();
    const idle = [...this.#waiting].filter((slot) => !slot.isSending);
    if (this.#isClosed || idle.length === 0) return undefined;
    if (now < this.#pausedUntil) return this.#pausedUntil - now;
    const next = this.#next(idle.filter((slot) => slot.readyAt <= now));
    if (next === undefined) return Math.min(...idle.map((slot) => slot.readyAt)) - now;
    this.#tokens = this.#refilled();
    this.#countedAt = now;
    // Sums of parts of a token may miss a whole one by a last bit.
    if (this.#tokens < 1 - 1e-9) return (1 - this.#tokens) / this.#perMs;
    this.#tokens -= 1;
    void this.#send(next, now);
    return 0;
  }

  #refilled(): number {
    const since = this.#options.timers.now() - this.#countedAt;
    return Math.min(this.#options.limits.burst, this.#tokens + since * this.#perMs);
  }

  #next(ready: readonly Slot[]): Slot | undefined {
    let first: Slot | undefined;
    for (const slot of ready) {
      if (slot.edit !== undefined && (first?.edit === undefined || comesBefore(slot.edit, first.edit))) first = slot;
    }
    return first;
  }

  async #send(slot: Slot, now: number): Promise<void> {
    const { edit } = slot;
    if (edit === undefined) return;
    slot.edit = undefined;
    this.#waiting.delete(slot);
    slot.isSending = true;
    slot.readyAt = now + this.#options.limits.gapMs;
    try {
      const outcome = await edit.send();
      if (outcome === 'sent') edit.settle?.resolve(true);
      else this.#again(slot, edit, outcome.retryAfterMs);
    } catch (error) {
      if (edit.settle === null) this.#options.onError(error);
      else edit.settle.reject(error);
    }
    slot.isSending = false;
    this.#pump();
  }

  /** The state waits again, unless a newer one has come. */
  #again(slot: Slot, edit: Edit, afterMs: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#options.timers.now() + afterMs);
    if (this.#isClosed || slot.edit !== undefined) edit.settle?.resolve(false);
    else {
      slot.edit = edit;
      this.#waiting.add(slot);
    }
  }
}
