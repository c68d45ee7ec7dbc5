import { createFaultPlans, type Late, type NamedRates } from '../../fakes/fault-plans.ts';
import type { Json } from './types.ts';

/** Probabilities, from 0 to 1, of what goes wrong with a call. */
export interface FaultRates extends Late {
  /** 429 with Retry-After. */
  readonly rateLimited?: number;
  readonly retryAfterSeconds?: number;
  /** 503, nothing was done. */
  readonly errorBefore?: number;
  /** 200 with `internal_error`, nothing was done. */
  readonly refusedBefore?: number;
  /** 503, although it was done. */
  readonly errorAfter?: number;
}

export type Faults = NamedRates<FaultRates> & {
  /** Every nth event is delivered a second time. */
  readonly duplicateEvery?: number;
  /** After every nth envelope the connection that got it breaks. */
  readonly dropSocketEvery?: number;
};

/** What the next call of a method answers instead of doing its work. */
export type NextFailure =
  | { readonly status: number; readonly afterwards?: boolean }
  | { readonly retryAfterSeconds: number }
  | { readonly error: string; readonly extra?: Json };

function byChance(rates: FaultRates, draw: number): NextFailure | undefined {
  const { rateLimited = 0, errorBefore = 0, errorAfter = 0, refusedBefore = 0, retryAfterSeconds = 1 } = rates;
  if (draw < rateLimited) return { retryAfterSeconds };
  if (draw < rateLimited + errorBefore) return { status: 503 };
  if (draw < rateLimited + errorBefore + errorAfter) return { status: 503, afterwards: true };
  if (draw < rateLimited + errorBefore + errorAfter + refusedBefore) return { error: 'internal_error' };
  return undefined;
}

/** Decides by the seed alone what goes wrong with each call. */
export const createFaults = (seed: number) => createFaultPlans<FaultRates, Faults, NextFailure>(seed, {}, byChance);
export type FaultSource = ReturnType<typeof createFaults>;
