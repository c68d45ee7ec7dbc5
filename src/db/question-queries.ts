import { sql } from 'drizzle-orm';
import type { AcceptedQuestion, QuestionStatus } from '../domain/question.ts';
import { localPlatforms } from '../domain/workspace.ts';
import type { Db, Queryable } from './database.ts';
import type { Place } from './place-queries.ts';
import { announce, announceOutbox } from './progress-channel.ts';

/** Stores a question once. */
export async function insertQuestion(
  db: Queryable,
  question: AcceptedQuestion,
  place: Place,
): Promise<{ questionId: string; conversationId: string; duplicate: boolean }> {
  const { rows } = await db.execute<{ id: string; conversation_id: string; duplicate: boolean }>(sql`
    with stored as (
      insert into questions (id, workspace_id, conversation_id, person_id, platform, key, text, is_direct, requested_policy)
      values (gen_random_uuid(), ${place.workspaceId}, ${place.conversationId}, ${place.personId}, ${question.platform},
        ${question.key}, ${question.text}, ${question.isDirect}, ${question.policyVersion})
      on conflict (workspace_id, platform, key) do nothing
      returning id, conversation_id
    )
    select id, conversation_id, false as duplicate from stored
    union all
    select id, conversation_id, true from questions
    where workspace_id = ${place.workspaceId} and platform = ${question.platform} and key = ${question.key}
    limit 1`);
  const [row] = rows;
  // The other delivery of this message has stored it after this statement's snapshot was taken: it is there next time.
  if (row === undefined) return insertQuestion(db, question, place);
  return { questionId: row.id, conversationId: row.conversation_id, duplicate: row.duplicate };
}

/** Ends an open question without an answer; undefined when it is over or unknown, otherwise its conversation's id. */
export async function endQuestion(
  db: Queryable,
  questionId: string,
  end: { status: 'cancelled' } | { status: 'failed'; message: string },
): Promise<string | undefined> {
  const failure = end.status === 'failed' ? end.message : null;
  const { rows } = await db.execute<{ conversation_id: string }>(sql`
    with ended as (
      update questions set status = ${end.status}, failure = ${failure}, ended_at = now()
      where id = ${questionId} and status = 'open'
      returning id, conversation_id, workspace_id, platform
    ), stopped as (
      update trajectories t set stop_reason = ${end.status}, ended_at = now() from ended
      where t.question_id = ended.id and t.kind = 'live'
    ), post as (
      insert into outbox (id, workspace_id, platform, question_id, kind, payload)
      select gen_random_uuid(), ended.workspace_id, ended.platform, ended.id, 'failure',
        ${JSON.stringify({ text: failure })}::jsonb
      from ended where ${end.status === 'failed'} and not (ended.platform = any(${sql.param(localPlatforms)}))
      on conflict (question_id, kind) do nothing returning platform
    )
    select ended.conversation_id, ${announce(sql`ended.id`)}, (select ${announceOutbox(sql`post.platform`)} from post)
    from ended`);
  return rows[0]?.conversation_id;
}

/**
 * Changes the text of an open question whose trajectory has no turn, and drops that trajectory: what its worker writes is refused.
 * The same text once more changes nothing.
 * @returns false when it is too late, or the question unknown
 */
export function changeText(db: Db, questionId: string, text: string): Promise<boolean> {
  return db.transaction(async (tx) => {
    const { rows } = await tx.execute<{ text: string }>(
      sql`select text from questions where id = ${questionId} and status = 'open' for update`,
    );
    if (rows[0] === undefined) return false;
    if (rows[0].text === text) return true;
    // A statement of its own: it sees a turn that was committed while this one waited for the lock.
    const begun = await tx.execute(sql`
      select from turns u join trajectories t on t.id = u.trajectory_id
      where t.question_id = ${questionId} and t.kind = 'live' limit 1`);
    if (begun.rows.length > 0) return false;
    await tx.execute(sql`
      with dropped as (delete from trajectories where question_id = ${questionId} and kind = 'live')
      update questions set text = ${text} where id = ${questionId} returning ${announce(sql`id`)}`);
    return true;
  });
}

/**
 * The first open question of a conversation. To be asked after the commit that stored or ended one: of two commits that
 * meet, the later one's look sees both, so that nobody leaves the question to the other.
 */
export async function firstOpen(db: Queryable, conversationId: string): Promise<string | undefined> {
  const { rows } = await db.execute<{ id: string }>(sql`
    select id from questions where conversation_id = ${conversationId} and status = 'open' order by position limit 1`);
  return rows[0]?.id;
}

/** Questions that should be queued or worked on: the first open one of each conversation, asked at least `ageMs` ago. */
export async function waitingQuestions(db: Queryable, ageMs: number): Promise<string[]> {
  const { rows } = await db.execute<{ id: string }>(sql`
    select id from (
      select distinct on (conversation_id) id, asked_at, position from questions
      where status = 'open' order by conversation_id, position
    ) heads
    where asked_at < now() - ${ageMs} * interval '1 millisecond'
    order by position limit 1000`);
  return rows.map((row) => row.id);
}

export async function questionCounts(db: Queryable): Promise<Record<QuestionStatus, number>> {
  const { rows } = await db.execute<{ status: QuestionStatus; count: number }>(
    sql`select status, count(*)::int as count from questions group by status`,
  );
  const counts = { open: 0, answered: 0, cancelled: 0, failed: 0 };
  for (const row of rows) counts[row.status] = row.count;
  return counts;
}
