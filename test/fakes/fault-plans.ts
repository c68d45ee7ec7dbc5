import { randomOf } from '../soak/random.ts';

export interface Late {
  /** Milliseconds before an answer, or from–to. */
  readonly latencyMs?: number | readonly [number, number];
}

export interface FaultPlan<Failure> {
  readonly latencyMs: number;
  readonly failure: Failure | undefined;
}

/** Rates for all calls, and by name of a call those that hold instead. */
export type NamedRates<Rates> = Rates & { readonly methods?: Readonly<Record<string, Rates>> };

/** Decides by the seed alone what goes wrong with each call; `byChance` says what a draw from 0 to 1 means. */
export function createFaultPlans<Rates extends Late, Faults extends NamedRates<Rates>, Failure>(
  seed: number,
  none: Faults,
  byChance: (rates: Rates, draw: number) => Failure | undefined,
) {
  const random = randomOf(seed);
  const scripted: { method: string; failure: Failure; times: number }[] = [];
  let faults = none;

  function latency({ latencyMs = 0 }: Late): number {
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
    failNext(method: string, failure: Failure, times = 1): void {
      scripted.push({ method, failure, times });
    },
    plan(method: string): FaultPlan<Failure> {
      const rates = faults.methods?.[method] ?? faults;
      const next = scripted.find((entry) => entry.method === method && entry.times > 0);
      if (next !== undefined) next.times -= 1;
      return { latencyMs: latency(rates), failure: next?.failure ?? byChance(rates, random()) };
    },
  };
}
