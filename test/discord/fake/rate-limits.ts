import { createHash } from 'node:crypto';
import { type Allowance, BUCKETS, type Bucket, GLOBAL } from './limits.ts';

export interface RateLimitOptions {
  /** `enforce` refuses as Discord does, `count` only notes what it would have refused, `off` sends no headers either. */
  readonly mode: 'off' | 'count' | 'enforce';
  /** Divides every window: at 10, five messages in five seconds are five in half a second. */
  readonly speed: number;
}

export interface Violation {
  readonly route: string;
  /** The bucket that was full, or `global`. */
  readonly bucket: Bucket | 'global';
  readonly at: number;
}

export interface Verdict {
  readonly headers: Readonly<Record<string, string>>;
  /** Seconds to wait before the call may be made; 0 when it may be made. */
  readonly retryAfter: number;
  readonly isGlobal: boolean;
}

interface Window {
  used: number;
  resetAt: number;
}

const seconds = (ms: number) => Math.max(0, Math.ceil(ms) / 1_000);

/** Counts calls in windows that begin with their first call, as Discord's headers describe them. */
export function createRateLimits({ mode, speed }: RateLimitOptions) {
  const windows = new Map<string, Window>();
  const violations: Violation[] = [];

  function windowOf(key: string, { windowMs }: Allowance, now: number): Window {
    const found = windows.get(key);
    if (found !== undefined && found.resetAt > now) return found;
    const fresh = { used: 0, resetAt: now + windowMs / speed };
    windows.set(key, fresh);
    return fresh;
  }

  const headersOf = (bucket: Bucket, { used, resetAt }: Window, now: number) => ({
    'x-ratelimit-limit': String(BUCKETS[bucket].calls),
    'x-ratelimit-remaining': String(Math.max(0, BUCKETS[bucket].calls - used)),
    'x-ratelimit-reset': (resetAt / 1_000).toFixed(3),
    'x-ratelimit-reset-after': seconds(resetAt - now).toFixed(3),
    'x-ratelimit-bucket': createHash('md5').update(bucket).digest('hex'),
  });

  const pass: Verdict = { headers: {}, retryAfter: 0, isGlobal: false };

  return {
    violations,
    /** `major` is the channel, guild or webhook for which a bucket counts; calls with the bot's token count for all. */
    take(route: string, bucket: Bucket | undefined, major: string, hasToken: boolean): Verdict {
      if (mode === 'off') return pass;
      const now = Date.now();
      const all = hasToken ? windowOf('global', GLOBAL, now) : undefined;
      if (all !== undefined && all.used >= GLOBAL.calls) {
        violations.push({ route, bucket: 'global', at: now });
        if (mode === 'enforce') return { headers: {}, retryAfter: seconds(all.resetAt - now), isGlobal: true };
      }
      if (all !== undefined) all.used += 1;
      if (bucket === undefined) return pass;
      const own = windowOf(`${bucket} of ${major}`, BUCKETS[bucket], now);
      const isFull = own.used >= BUCKETS[bucket].calls;
      if (isFull) violations.push({ route, bucket, at: now });
      if (isFull && mode === 'enforce')
        return { headers: headersOf(bucket, own, now), retryAfter: seconds(own.resetAt - now), isGlobal: false };
      own.used += 1;
      return { headers: headersOf(bucket, own, now), retryAfter: 0, isGlobal: false };
    },
  };
}
export type RateLimits = ReturnType<typeof createRateLimits>;
