import type { SentEvent } from './delivery.ts';
import type { Json } from './types.ts';

/** A call of the Web API, or a post to a response URL. */
export interface Call {
  readonly method: string;
  team: string | null;
  readonly args: Json;
  readonly at: number;
  /** `ok`, the error that was answered, or the fault that was injected. */
  outcome: string;
  /** Why it was refused, when the fake says more than the error. */
  detail: readonly string[];
  /** Whether it failed because the test wanted it to. */
  isInjected: boolean;
}

const WAIT_MS = 10_000;

/** What happened, in order, and a way to wait for what has not happened yet. */
export function createJournal() {
  const calls: Call[] = [];
  const events: SentEvent[] = [];
  const waiters = new Set<() => void>();
  const changed = () => {
    for (const look of [...waiters]) look();
  };
  return {
    calls,
    events,
    changed,
    record(method: string, args: Json): Call {
      const call: Call = {
        method,
        team: null,
        args,
        at: Date.now(),
        outcome: 'pending',
        detail: [],
        isInjected: false,
      };
      calls.push(call);
      return call;
    },
    /** The calls of a method, in order. */
    callsOf: (method: string) => calls.filter((call) => call.method === method),
    /** Calls that were answered with an error which no fault explains. */
    refusals: () => calls.filter((call) => call.outcome !== 'ok' && call.outcome !== 'pending' && !call.isInjected),
    /** Resolves with the first value that is not undefined, null or false; looks again at every change. */
    waitFor<T>(look: () => T | undefined | null | false, what: string, timeoutMs = WAIT_MS): Promise<T> {
      return new Promise((resolve, reject) => {
        const done = (finish: () => void) => {
          clearTimeout(timer);
          waiters.delete(check);
          finish();
        };
        const check = () => {
          try {
            const value = look();
            if (value !== undefined && value !== null && value !== false) done(() => resolve(value));
          } catch (error) {
            done(() => reject(error));
          }
        };
        const timer = setTimeout(() => {
          const last = calls.slice(-5).map(({ method, outcome }) => `${method} ${outcome}`);
          done(() => reject(new Error(`waited ${timeoutMs} ms for ${what}; last calls: ${last.join(', ') || 'none'}`)));
        }, timeoutMs);
        waiters.add(check);
        check();
      });
    },
  };
}
export type Journal = ReturnType<typeof createJournal>;
