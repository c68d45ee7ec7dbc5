import { POSTING, TIERS, type Tier } from './limits.ts';

export interface RateLimitOptions {
  /** `count` notes what Slack would have refused, `enforce` refuses it. */
  readonly mode: 'off' | 'count' | 'enforce';
  /** Multiplies every allowance: 10 lets ten times as many calls through. */
  readonly factor: number;
}

export interface Violation {
  readonly method: string;
  readonly what: string;
  readonly at: number;
}

interface Allowance {
  readonly what: string;
  readonly calls: number;
  readonly windowMs: number;
}

function allowancesOf(method: string, tier: Tier | 'posting' | null, team: string, channel: string): Allowance[] {
  if (tier === null) return [];
  if (tier !== 'posting') return [{ what: `${method} of ${team}`, calls: TIERS[tier], windowMs: 60_000 }];
  return [
    { what: `posts in ${channel}`, ...POSTING.channel },
    { what: `posts of ${team}`, ...POSTING.workspace },
  ];
}

/** Counts calls in sliding windows: a stricter reading of "50+ a minute" than Slack's own. */
export function createRateLimits(options: RateLimitOptions) {
  const windows = new Map<string, number[]>();
  const violations: Violation[] = [];
  return {
    violations,
    /** Seconds to wait before the call may be made; 0 when it may be made. */
    take(method: string, tier: Tier | 'posting' | null, team: string, channel: string): number {
      if (options.mode === 'off') return 0;
      const now = Date.now();
      let waitMs = 0;
      const allowances = allowancesOf(method, tier, team, channel);
      for (const { what, calls, windowMs } of allowances) {
        const times = (windows.get(what) ?? []).filter((at) => at > now - windowMs);
        windows.set(what, times);
        const most = Math.max(1, Math.floor(calls * options.factor));
        const first = times[times.length - most];
        if (first === undefined) continue;
        violations.push({ method, what, at: now });
        waitMs = Math.max(waitMs, first + windowMs - now);
      }
      if (waitMs > 0 && options.mode === 'enforce') return Math.ceil(waitMs / 1_000);
      for (const { what } of allowances) windows.get(what)?.push(now);
      return 0;
    },
  };
}
export type RateLimits = ReturnType<typeof createRateLimits>;
