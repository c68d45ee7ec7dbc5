import { claimOutbox, markDelivered, markUndeliverable, type OutboxItem } from '../db/outbox-queries.ts';
import { messageOf } from '../errors.ts';
import type { LoopSetting } from './loop.ts';

const CLAIM_SECONDS = 60;
const BATCH = 20;
const MOST_ATTEMPTS = 10;

/**
 * Posts what waits for a platform, oldest first.
 * @param post must find out by itself whether an earlier try did post: a crash between posting and marking repeats it
 * @returns how many were delivered
 */
export async function deliverOnce(
  { db, log }: LoopSetting,
  platform: string,
  post: (item: OutboxItem) => Promise<void>,
): Promise<number> {
  let delivered = 0;
  for (const item of await claimOutbox(db, platform, BATCH, CLAIM_SECONDS)) {
    try {
      await post(item);
      await markDelivered(db, item.id);
      delivered += 1;
    } catch (error) {
      log.warn({ outboxId: item.id, attempt: item.attempts, cause: messageOf(error) }, 'posting failed');
      if (item.attempts >= MOST_ATTEMPTS) await markUndeliverable(db, item.id, messageOf(error));
    }
  }
  return delivered;
}
