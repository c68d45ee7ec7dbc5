import {
  claimOutbox,
  markDelivered,
  markUndeliverable,
  type OutboxItem,
  renewClaim,
  tryAgainLater,
} from '../db/outbox-queries.ts';
import { outboxOf } from '../db/progress-channel.ts';
import { viewQuestion } from '../db/standing-queries.ts';
import type { Delivery } from '../domain/chat.ts';
import { DeliveryError, messageOf, withRemedy } from '../errors.ts';
import { createBell } from './bell.ts';
import type { LoopSetting } from './loop.ts';

/** Outlasts a restart of the database, and not much more: until it ends nobody else posts what a killed process held. */
const CLAIM_SECONDS = 15;
const RENEW_MS = 4_000;
/** Looks again after this long even when nothing was announced. */
const LOOK_AGAIN_MS = 3_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** How long a platform is tried that says it cannot take it. */
const PATIENCE_MS = 3_600_000;
/** How often what fails in an unforeseen way is tried. */
const MOST_ATTEMPTS = 10;

type Post = (delivery: Delivery, isHeld: () => boolean) => Promise<void>;

export interface DeliverOptions {
  readonly signal: AbortSignal;
  readonly concurrency?: number;
}

/** Posts what waits for a platform until the signal aborts, and then lets what is being posted end. As `ChatDesk.deliver` says. */
export async function deliver(
  setting: LoopSetting,
  platform: string,
  post: Post,
  { signal, concurrency = 8 }: DeliverOptions,
): Promise<void> {
  const { db, channel, log } = setting;
  const bell = createBell();
  const unsubscribe = channel.subscribe(outboxOf(platform), bell.ring);
  signal.addEventListener('abort', bell.ring);
  const posting = new Set<Promise<void>>();
  /** When what failed here may be tried again. */
  let due: number[] = [];

  const begin = (item: OutboxItem) => {
    const work = deliverItem(setting, platform, item, post).then((waitMs) => {
      posting.delete(work);
      if (waitMs !== undefined) due.push(performance.now() + waitMs);
      bell.ring();
    });
    posting.add(work);
  };
  const claim = async (limit: number): Promise<OutboxItem[]> => {
    try {
      return await claimOutbox(db, platform, limit, CLAIM_SECONDS);
    } catch (error) {
      log.warn({ platform, cause: messageOf(error) }, 'the outbox could not be read; it is looked at again');
      return [];
    }
  };

  try {
    while (!signal.aborted) {
      const free = concurrency - posting.size;
      due = due.filter((at) => at > performance.now());
      const claimed = free > 0 ? await claim(free) : [];
      if (signal.aborted) await Promise.all(claimed.map((item) => handBack(setting, item)));
      else claimed.forEach(begin);
      await bell.wait(Math.max(0, Math.min(LOOK_AGAIN_MS, ...due.map((at) => at - performance.now()))));
    }
  } finally {
    unsubscribe();
    signal.removeEventListener('abort', bell.ring);
    await Promise.all(posting);
  }
}

/** Never rejects. @returns how long until it may be tried again; undefined when it is over or unknown */
async function deliverItem(
  setting: LoopSetting,
  platform: string,
  item: OutboxItem,
  post: Post,
): Promise<number | undefined> {
  const { db, log } = setting;
  const inFull = () => performance.now() + 1_000 * CLAIM_SECONDS;
  let heldUntil = inFull();
  const renew = async () => {
    const next = inFull();
    const isHeld = await renewClaim(db, item, CLAIM_SECONDS);
    heldUntil = isHeld ? next : 0;
    if (!isHeld) log.warn({ outboxId: item.id }, 'another process has taken a delivery over');
  };
  const renewing = setInterval(() => {
    renew().catch((error: unknown) =>
      log.warn({ outboxId: item.id, cause: messageOf(error) }, 'a claim could not be renewed'),
    );
  }, RENEW_MS);
  try {
    const delivery = await deliveryOf(setting, platform, item);
    const failure = await tried(() => post(delivery, () => performance.now() < heldUntil));
    if (failure !== undefined) return await failed(setting, item, failure.error);
    await markDelivered(db, item.id);
    log.info({ outboxId: item.id, kind: item.kind, attempt: item.attempt }, 'posted');
  } catch (error) {
    // The claim ends by itself; whoever claims next is told that it is not the first.
    log.warn({ outboxId: item.id, cause: messageOf(error) }, 'what became of a delivery could not be noted');
  } finally {
    clearInterval(renewing);
  }
}

async function deliveryOf({ db }: LoopSetting, platform: string, item: OutboxItem): Promise<Delivery> {
  const { triedForMs: _, ...more } = item;
  const view = item.question === null ? undefined : await viewQuestion(db, item.question.questionId);
  return { ...more, platform, answer: item.kind === 'answer' ? (view?.answer ?? null) : null };
}

async function tried(work: () => Promise<void>): Promise<{ readonly error: unknown } | undefined> {
  try {
    await work();
  } catch (error) {
    return { error };
  }
}

async function failed({ db, log }: LoopSetting, item: OutboxItem, error: unknown): Promise<number | undefined> {
  const waitMs = waitAfter(error, item);
  const said = { outboxId: item.id, attempt: item.attempt, cause: messageOf(error) };
  if (waitMs === undefined) {
    log.error(said, 'posting failed for good');
    await markUndeliverable(db, item, withRemedy(error));
  } else {
    log.warn({ ...said, waitMs }, 'posting failed');
    await tryAgainLater(db, item, waitMs);
  }
  return waitMs;
}

/** Undefined when it is not tried again. */
function waitAfter(error: unknown, { attempt, triedForMs }: OutboxItem): number | undefined {
  const doubled = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1));
  if (!(error instanceof DeliveryError)) return attempt >= MOST_ATTEMPTS ? undefined : doubled;
  if (error.isFinal || triedForMs >= PATIENCE_MS) return undefined;
  return error.retryAfterMs ?? doubled;
}

/** Claimed just before the signal: another process may go on at once. */
async function handBack({ db, log }: LoopSetting, item: OutboxItem): Promise<void> {
  await tryAgainLater(db, item, 0).catch((error: unknown) =>
    log.warn({ outboxId: item.id, cause: messageOf(error) }, 'a claim could not be handed back'),
  );
}
