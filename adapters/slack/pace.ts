import { DeliveryError } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import { EditBudget, type EditLimits } from '../delivery/edit-budget.ts';
import type { Timers } from '../delivery/timers.ts';
import { isPassing, retryAfterOf } from './calls.ts';

/**
 * What Slack lets through, each a little below what it says: Tier 3 is some 50 calls a minute and method, Tier 2 some 20; posts are
 * about one a second and channel with short bursts, and some hundreds a minute in a workspace (docs.slack.dev/apis/web-api/rate-limits).
 */
const limits = {
  edits: { perMinute: 45, burst: 15, gapMs: 1_000 },
  reads: { perMinute: 45, burst: 20, gapMs: 0 },
  seeds: { perMinute: 45, burst: 16, gapMs: 0 },
  streams: { perMinute: 18, burst: 6, gapMs: 0 },
  posts: { perMinute: 280, burst: 40, gapMs: 0 },
  whispers: { perMinute: 90, burst: 20, gapMs: 0 },
  channel: { perMinute: 45, burst: 3, gapMs: 0 },
} as const satisfies Record<string, EditLimits>;

/** The budgets of one workspace. */
export interface Pace {
  readonly edits: EditBudget;
  readonly reads: EditBudget;
  /** Of the reactions under answers. */
  readonly seeds: EditBudget;
  /** Of beginning a stream. */
  readonly streams: EditBudget;
  /** Of ending one. */
  readonly stops: EditBudget;
  /** Of what one person alone is told in a channel. */
  readonly whispers: EditBudget;
  /** How many messages could be posted to a channel at once. */
  postRoom(channel: string): number;
  post<T>(channel: string, call: () => Promise<T>): Promise<T>;
  read<T>(call: () => Promise<T>): Promise<T>;
  close(): void;
}

const READ_TRIES = 4;
/** Channels whose budgets are remembered; one that was quiet for that long has a full one. */
const CHANNELS = 1_000;

const closing = () =>
  new DeliveryError('SLACK_CLOSING', 'the connection to Slack is being closed', 'It is done after the next start.');

/** Makes a call when there is room for it, and again when Slack says so. @throws what the call throws; DeliveryError when it closes before */
export async function paced<T>(budget: EditBudget, call: () => Promise<T>): Promise<T> {
  let result: { readonly value: T } | undefined;
  await budget.message().finish(async () => {
    try {
      result = { value: await call() };
      return 'sent';
    } catch (error) {
      const retryAfterMs = retryAfterOf(error);
      if (retryAfterMs === undefined) throw error;
      return { retryAfterMs };
    }
  });
  if (result === undefined) throw closing();
  return result.value;
}

/** @param rate how many times as much as Slack's own rates is let through */
export function createPace(timers: Timers, log: Log, rate = 1): Pace {
  const onError = (error: unknown) => log.debug({ err: error }, 'a state on the way could not be shown');
  const budget = ({ perMinute, burst, gapMs }: EditLimits) =>
    new EditBudget({
      limits: { perMinute: rate * perMinute, burst: Math.max(1, Math.floor(rate * burst)), gapMs: gapMs / rate },
      timers,
      onError,
    });
  const edits = budget(limits.edits);
  const reads = budget(limits.reads);
  const seeds = budget(limits.seeds);
  const streams = budget(limits.streams);
  const stops = budget(limits.streams);
  const whispers = budget(limits.whispers);
  const posts = budget(limits.posts);
  const channels = new Map<string, EditBudget>();

  const channelBudget = (channel: string): EditBudget => {
    const found = channels.get(channel) ?? budget(limits.channel);
    channels.delete(channel);
    channels.set(channel, found);
    const [oldest] = channels.keys();
    if (channels.size > CHANNELS && oldest !== undefined) channels.delete(oldest);
    return found;
  };
  const wait = (ms: number) => new Promise<void>((resolve) => void timers.after(ms, resolve));

  return {
    edits,
    reads,
    seeds,
    streams,
    stops,
    whispers,
    postRoom: (channel) => Math.min(posts.room(), channelBudget(channel).room()),
    post: (channel, call) => paced(channelBudget(channel), () => paced(posts, call)),
    async read(call) {
      for (let tried = 1; ; tried += 1) {
        try {
          return await paced(reads, call);
        } catch (error) {
          if (!isPassing(error) || error instanceof DeliveryError || tried === READ_TRIES) throw error;
          await wait(250 * 2 ** tried);
        }
      }
    },
    close() {
      for (const one of [edits, reads, seeds, streams, stops, whispers, posts, ...channels.values()]) one.close();
    },
  };
}
