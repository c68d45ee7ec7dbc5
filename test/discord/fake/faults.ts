import { createFaultPlans, type Late, type NamedRates } from '../../fakes/fault-plans.ts';

/** Probabilities, from 0 to 1, of what goes wrong with a call. */
export interface FaultRates extends Late {
  /** 429 with Retry-After. */
  readonly rateLimited?: number;
  readonly retryAfterSeconds?: number;
  /** 503, nothing was done. */
  readonly errorBefore?: number;
  /** 502, although it was done. */
  readonly errorAfter?: number;
  /** The connection breaks before an answer, although it was done. */
  readonly hangUpAfter?: number;
}

/** `methods` are routes, e.g. `POST /channels/:channel/messages`. */
export type Faults = NamedRates<FaultRates> & {
  /** Every nth event is dispatched a second time, under a number of its own. */
  readonly duplicateEvery?: number;
  /** After every nth dispatch the connection that got it breaks. */
  readonly dropSocketEvery?: number;
  /** Milliseconds by which everything on the gateway is late. */
  readonly dispatchDelayMs?: number;
  /** True: nobody gets a connection to the gateway, as in an outage. */
  readonly refuseSockets?: boolean;
  /** True: heartbeats are not acknowledged, as by a connection that only seems to live. */
  readonly isZombie?: boolean;
};

/** What the next call of a route answers instead of the truth. */
export type NextFailure =
  | { readonly status: number; readonly afterwards?: boolean }
  | { readonly retryAfterSeconds: number; readonly isGlobal?: boolean }
  /** An error of Discord's, e.g. 50013; nothing is done. */
  | { readonly code: number }
  | { readonly hangUp: true; readonly afterwards?: boolean };

function byChance(rates: FaultRates, draw: number): NextFailure | undefined {
  const { rateLimited = 0, errorBefore = 0, errorAfter = 0, hangUpAfter = 0, retryAfterSeconds = 1 } = rates;
  if (draw < rateLimited) return { retryAfterSeconds };
  if (draw < rateLimited + errorBefore) return { status: 503 };
  if (draw < rateLimited + errorBefore + errorAfter) return { status: 502, afterwards: true };
  if (draw < rateLimited + errorBefore + errorAfter + hangUpAfter) return { hangUp: true, afterwards: true };
  return undefined;
}

/** Decides by the seed alone what goes wrong with each call. */
export const createFaults = (seed: number) => createFaultPlans<FaultRates, Faults, NextFailure>(seed, {}, byChance);
export type FaultSource = ReturnType<typeof createFaults>;
