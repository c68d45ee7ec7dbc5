import { randomOf } from '../../soak/random.ts';
import type { Json } from './types.ts';

/** Probabilities, from 0 to 1, of what goes wrong with a call. */
export interface FaultRates {
  /** Milliseconds before an answer, or from–to. */
  readonly latencyMs?: number | readonly [number, number];
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

export interface Faults extends FaultRates {
  /** By method: instead of the rates for all. */
  readonly methods?: Readonly<Record<string, FaultRates>>;
  /** Every nth event is delivered a second time. */
  readonly duplicateEvery?: number;
  /** After every nth envelope the connection that got it breaks. */
  readonly dropSocketEvery?: number;
}

/** What the next call of a method answers instead of doing its work. */
export type NextFailure =
  | { readonly status: number; readonly afterwards?: boolean }
  | { readonly retryAfterSeconds: number }
  | { readonly error: string; readonly extra?: Json };

export interface FaultPlan {
  readonly latencyMs: number;
  readonly failure: NextFailure | undefined;
}

/** Decides by the seed alone what goes wrong with each call. */
export function createFaults(seed: number) {
  const random = randomOf(seed);
  const scripted: { method: string; failure: NextFailure; times: number }[] = [];
  let faults: Faults = {};

  function byChance(rates: FaultRates): NextFailure | undefined {
    const { rateLimited = 0, errorBefore = 0, errorAfter = 0, refusedBefore = 0, retryAfterSeconds = 1 } = rates;
    const draw = random();
    if (draw < rateLimited) return { retryAfterSeconds };
    if (draw < rateLimited + errorBefore) return { status: 503 };
    if (draw < rateLimited + errorBefore + errorAfter) return { status: 503, afterwards: true };
    if (draw < rateLimited + errorBefore + errorAfter + refusedBefore) return { error: 'internal_error' };
    return undefined;
  }

  function latency({ latencyMs = 0 }: FaultRates): number {
    if (typeof latencyMs === 'number') return latencyMs;
    const [from, to] = latencyMs;
    return from + random() * (to - from);
  }

  return {
    get current(): Faults {
      return faults;
    },
    set(next: Faults): void {
      faults = next;
    },
    failNext(method: string, failure: NextFailure, times = 1): void {
      scripted.push({ method, failure, times });
    },
    plan(method: string): FaultPlan {
      const rates = faults.methods?.[method] ?? faults;
      const next = scripted.find((entry) => entry.method === method && entry.times > 0);
      if (next !== undefined) next.times -= 1;
      return { latencyMs: latency(rates), failure: next?.failure ?? byChance(rates) };
    },
  };
}
export type FaultSource = ReturnType<typeof createFaults>;
