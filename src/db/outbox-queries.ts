import { sql } from 'drizzle-orm';
import type { Queryable } from './database.ts';

/** Something to post to a platform. */
export interface OutboxItem {
  readonly id: string;
  readonly questionId: string;
  readonly kind: 'answer' | 'failure';
  readonly text: string;
  readonly attempts: number;
}

/** Claims up to `limit` rows for `seconds`; rows of a process that died are claimed again when its claim ends. */
export async function claimOutbox(
  db: Queryable,
  platform: string,
  limit: number,
  seconds: number,
): Promise<OutboxItem[]> {
  const { rows } = await db.execute<{
    id: string;
    question_id: string;
    kind: 'answer' | 'failure';
    payload: { text: string };
    attempts: number;
  }>(sql`
    update outbox set claimed_until = now() + ${seconds} * interval '1 second', attempts = attempts + 1
    where id in (
      select id from outbox
      where platform = ${platform} and delivered_at is null and failure is null
        and (claimed_until is null or claimed_until < now())
      order by created_at limit ${limit} for update skip locked
    )
    returning id, question_id, kind, payload, attempts`);
  return rows.map((row) => ({
    id: row.id,
    questionId: row.question_id,
    kind: row.kind,
    text: row.payload.text,
    attempts: row.attempts,
  }));
}

export async function markDelivered(db: Queryable, id: string): Promise<void> {
  await db.execute(sql`update outbox set delivered_at = now(), claimed_until = null where id = ${id}`);
}

export async function markUndeliverable(db: Queryable, id: string, why: string): Promise<void> {
  await db.execute(sql`update outbox set failure = ${why}, claimed_until = null where id = ${id}`);
}
