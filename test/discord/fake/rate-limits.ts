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
  /** Whether it came although a 429 had said how long to wait. discord.js runs into a first one by its nature. */
  readonly isDefiant: boolean;
}

export interface Verdict {
  readonly headers: Readonly<Record<string, string>>;
  /** Seconds to wait before the call may be made; 0 when it may be made. */
  readonly retryAfter: number;
  readonly isGlobal: boolean;
}

interface Window {
  used: number;
  readonly resetAt: number;
  /** Whether somebody was told to wait for its end. */
  isTold: boolean;
}

const seconds = (ms: number) => Math.max(0, Math.ceil(ms) / 1_000);

/** Counts calls in windows that begin with their first call, as Discord's headers describe them. */
export function createRateLimits({ mode, speed }: RateLimitOptions) {
  const windows = new Map<string, Window>();
  const violations: Violation[] = [];

  function windowOf(key: string, { windowMs }: Allowance, now: number): Window {
    const found = windows.get(key);
    if (found !== undefined && found.resetAt > now) return found;
    const fresh = { used: 0, resetAt: now + windowMs / speed, isTold: false };
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

  /** Notes a call that is too many; true when it is to be refused. */
  function isRefused(route: string, bucket: Violation['bucket'], window: Window, at: number): boolean {
    violations.push({ route, bucket, at, isDefiant: window.isTold });
    window.isTold ||= mode === 'enforce';
    return mode === 'enforce';
  }

  const pass: Verdict = { headers: {}, retryAfter: 0, isGlobal: false };

  return {
    violations,
    /** `major` is the channel, guild or webhook for which a bucket counts; calls with the bot's token count for all. */
    take(route: string, bucket: Bucket | undefined, major: string, hasToken: boolean): Verdict {
      if (mode === 'off') return pass;
      const now = Date.now();
      const all = hasToken ? windowOf('global', GLOBAL, now) : undefined;
      if (all !== undefined && all.used >= GLOBAL.calls && isRefused(route, 'global', all, now))
        return { headers: {}, retryAfter: seconds(all.resetAt - now), isGlobal: true };
      if (all !== undefined) all.used += 1;
      if (bucket === undefined) return pass;
      const own = windowOf(`${bucket} of ${major}`, BUCKETS[bucket], now);
      if (own.used >= BUCKETS[bucket].calls && isRefused(route, bucket, own, now))
        return { headers: headersOf(bucket, own, now), retryAfter: seconds(own.resetAt - now), isGlobal: false };
      own.used += 1;
      return { headers: headersOf(bucket, own, now), retryAfter: 0, isGlobal: false };
    },
  };
}
export type RateLimits = ReturnType<typeof createRateLimits>;
