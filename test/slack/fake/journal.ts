import { createWaiting } from '../../fakes/waiting.ts';
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

/** What happened, in order, and a way to wait for what has not happened yet. */
export function createJournal() {
  const calls: Call[] = [];
  const events: SentEvent[] = [];
  const { changed, waitFor } = createWaiting(() => {
    const last = calls.slice(-5).map(({ method, outcome }) => `${method} ${outcome}`);
    return `last calls: ${last.join(', ') || 'none'}`;
  });
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
    waitFor,
  };
}
export type Journal = ReturnType<typeof createJournal>;
