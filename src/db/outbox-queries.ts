import { type SQL, sql } from 'drizzle-orm';
import type { AskedQuestion, Delivery, PostedMessage } from '../domain/chat.ts';
import { type AskedRow, askedColumns, askedOf, postsAsJson } from './asked-rows.ts';
import type { Queryable } from './database.ts';
import { keyedWorkspace } from './place-queries.ts';

/** Something to post that this process has claimed. */
export interface OutboxItem {
  readonly id: string;
  readonly workspace: string;
  readonly kind: Delivery['kind'];
  readonly question: AskedQuestion | null;
  readonly text: string;
  readonly attempt: number;
  readonly triedForMs: number;
  readonly posts: readonly PostedMessage[];
  readonly after: string | null;
}

type OutboxRow = (AskedRow | { [Column in keyof AskedRow]: null }) & {
  outbox_id: string;
  workspace: string;
  kind: Delivery['kind'];
  payload: { text: string };
  attempts: number;
  tried_ms: number;
  posts: PostedMessage[] | null;
  after: string | null;
};

const isWaiting: SQL = sql`o.delivered_at is null and o.failure is null`;

/**
 * Claims up to `limit` rows for `seconds`, oldest first: of each conversation only the row of the earliest question, and that
 * only while nobody else has it, so that a later one waits until the earlier is delivered or given up. Rows of a process that
 * died are claimed again when its claim ends.
 */
export async function claimOutbox(
  db: Queryable,
  platform: string,
  limit: number,
  seconds: number,
): Promise<OutboxItem[]> {
  const { rows } = await db.execute<OutboxRow>(sql`
    with claimed as (
      update outbox set attempts = attempts + 1, first_tried_at = coalesce(first_tried_at, now()),
        claimed_until = now() + ${seconds} * interval '1 second', next_try_at = null
      where id in (
        select o.id from outbox o
        where o.id in (
          select distinct on (coalesce(q.conversation_id, o.id)) o.id
          from outbox o left join questions q on q.id = o.question_id
          where o.platform = ${platform} and ${isWaiting}
          order by coalesce(q.conversation_id, o.id), q.position
        )
          -- Looked at again in the newest version of a row that another process has changed meanwhile.
          and ${isWaiting} and coalesce(o.claimed_until < now(), true) and coalesce(o.next_try_at <= now(), true)
        order by o.created_at limit ${limit} for update skip locked
      )
      returning id, workspace_id, question_id, kind, payload, attempts, first_tried_at, created_at
    )
    select o.id as outbox_id, w.key as workspace, o.kind, o.payload, o.attempts,
      (extract(epoch from now() - o.first_tried_at) * 1000)::float8 as tried_ms,
      ${askedColumns}, (${postsAsJson(sql`o.question_id`)}) as posts, (
        select max(m.message collate "C") from questions other join posts m on m.question_id = other.id
        where other.conversation_id = q.conversation_id and other.id <> q.id and m.kind in ('answer', 'failure')
      ) as after
    from claimed o join workspaces w on w.id = o.workspace_id
    left join questions q on q.id = o.question_id
    left join conversations c on c.id = q.conversation_id
    left join people p on p.id = q.person_id
    order by o.created_at`);
  return rows.map((row) => ({
    id: row.outbox_id,
    workspace: row.workspace,
    kind: row.kind,
    question: row.id === null ? null : askedOf(row),
    text: row.payload.text,
    attempt: row.attempts,
    triedForMs: row.tried_ms,
    posts: row.posts ?? [],
    after: row.after,
  }));
}

type Claim = Pick<OutboxItem, 'id' | 'attempt'>;

/** The row, as long as no other process has claimed it since. */
const heldAs = ({ id, attempt }: Claim): SQL => sql`id = ${id} and attempts = ${attempt} and delivered_at is null`;

/** @returns false when another process has it */
export async function renewClaim(db: Queryable, claim: Claim, seconds: number): Promise<boolean> {
  const { rows } = await db.execute(
    sql`update outbox set claimed_until = now() + ${seconds} * interval '1 second' where ${heldAs(claim)} returning id`,
  );
  return rows.length > 0;
}

/** Whoever claimed it since: it is posted. */
export async function markDelivered(db: Queryable, id: string): Promise<void> {
  await db.execute(sql`update outbox set delivered_at = now(), claimed_until = null where id = ${id}`);
}

export async function tryAgainLater(db: Queryable, claim: Claim, ms: number): Promise<void> {
  await db.execute(sql`
    update outbox set claimed_until = null, next_try_at = now() + ${ms} * interval '1 millisecond'
    where ${heldAs(claim)}`);
}

export async function markUndeliverable(db: Queryable, claim: Claim, why: string): Promise<void> {
  await db.execute(sql`
    update outbox set failure = ${why}, failed_at = now(), claimed_until = null where ${heldAs(claim)}`);
}

/** Newest first. */
export async function listUndeliverable(
  db: Queryable,
  platform: string,
  workspace: string,
  days: number,
): Promise<{ questionId: string | null; why: string; at: Date }[]> {
  const { rows } = await db.execute<{ question_id: string | null; failure: string; failed_at: Date | string }>(sql`
    select question_id, failure, failed_at from outbox
    where workspace_id = ${keyedWorkspace(platform, workspace)} and platform = ${platform}
      and failure is not null and failed_at > now() - ${days} * interval '1 day'
    order by failed_at desc, id`);
  return rows.map((row) => ({ questionId: row.question_id, why: row.failure, at: new Date(row.failed_at) }));
}

/** What waits, and what was given up in the last week. */
export async function outboxCounts(db: Queryable): Promise<{ waiting: number; undeliverable: number }> {
  const { rows } = await db.execute<{ waiting: number; undeliverable: number }>(sql`
    select (select count(*)::int from outbox o where ${isWaiting}) as waiting,
      (select count(*)::int from outbox where failure is not null and failed_at > now() - interval '7 days') as undeliverable`);
  return rows[0] ?? { waiting: 0, undeliverable: 0 };
}
