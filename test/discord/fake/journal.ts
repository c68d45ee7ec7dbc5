import { createWaiting } from '../../fakes/waiting.ts';
import type { SentDispatch } from './sessions.ts';
import type { Json } from './types.ts';

/** A call of the REST API. */
export interface Call {
  /** Method and route, e.g. `POST /channels/:channel/messages`. */
  readonly route: string;
  readonly method: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Json;
  readonly at: number;
  status: number;
  /** `ok`, Discord's error code and words, or the fault that was injected. */
  outcome: string;
  /** What was wrong with the body. */
  errors: Json | undefined;
  answer: unknown;
  /** Whether it failed because the test wanted it to. */
  isInjected: boolean;
}

export interface Complaint {
  readonly what: string;
  readonly at: number;
}

type NewCall = Pick<Call, 'route' | 'method' | 'path' | 'params' | 'query' | 'body'>;

/** What happened, in order, and a way to wait for what has not happened yet. */
export function createJournal() {
  const calls: Call[] = [];
  const events: SentDispatch[] = [];
  const warnings: Complaint[] = [];
  const { changed, waitFor } = createWaiting(() => {
    const last = calls.slice(-5).map(({ route, outcome }) => `${route} ${outcome}`);
    return `last calls: ${last.join(', ') || 'none'}`;
  });
  return {
    calls,
    /** What the gateway sent or kept for a session. */
    events,
    warnings,
    changed,
    waitFor,
    record(call: NewCall): Call {
      const fresh = { ...call, at: Date.now(), status: 0, outcome: 'pending', errors: undefined, answer: undefined };
      calls.push({ ...fresh, isInjected: false });
      return calls.at(-1) as Call;
    },
    warn(what: string): void {
      warnings.push({ what, at: Date.now() });
    },
    /** The calls of a route, in order. */
    callsOf: (route: string) => calls.filter((call) => call.route === route),
    /** Calls that were answered with an error which neither a fault nor a rate limit explains. */
    refusals: () =>
      calls.filter(
        ({ outcome, status, isInjected }) => !['ok', 'pending'].includes(outcome) && status !== 429 && !isInjected,
      ),
    eventsOf: (t: string) => events.filter((event) => event.t === t),
  };
}
export type Journal = ReturnType<typeof createJournal>;
