import { sql } from 'drizzle-orm';
import type { AcceptedQuestion, QuestionStatus } from '../domain/question.ts';
import { isLocal } from '../domain/workspace.ts';
import type { Queryable } from './database.ts';
import type { Place } from './place-queries.ts';
import { announce } from './progress-channel.ts';

/** Stores a question once. `isNext`: no earlier question of its conversation is open. */
export async function insertQuestion(
  db: Queryable,
  question: AcceptedQuestion,
  place: Place,
): Promise<{ questionId: string; conversationId: string; duplicate: boolean; isNext: boolean }> {
  const { rows } = await db.execute<{ id: string; conversation_id: string; duplicate: boolean; is_next: boolean }>(sql`
    with stored as (
      insert into questions (id, workspace_id, conversation_id, person_id, platform, key, text, is_direct, requested_policy)
      values (gen_random_uuid(), ${place.workspaceId}, ${place.conversationId}, ${place.personId}, ${question.platform},
        ${question.key}, ${question.text}, ${question.isDirect}, ${question.policyVersion})
      on conflict (workspace_id, platform, key) do nothing
      returning id, conversation_id, position
    )
    select id, conversation_id, false as duplicate, not exists (
        select from questions q
        where q.conversation_id = stored.conversation_id and q.status = 'open' and q.position < stored.position
      ) as is_next
    from stored
    union all
    select id, conversation_id, true, false from questions
    where workspace_id = ${place.workspaceId} and platform = ${question.platform} and key = ${question.key}
    limit 1`);
  const [row] = rows;
  // The other delivery of this message has stored it after this statement's snapshot was taken: it is there next time.
  if (row === undefined) return insertQuestion(db, question, place);
  return {
    questionId: row.id,
    conversationId: row.conversation_id,
    duplicate: row.duplicate,
    isNext: row.is_next,
  };
}

export interface EndedQuestion {
  /** The conversation's next open question, which may go on. */
  readonly nextQuestionId: string | undefined;
}

/** Ends an open question without an answer; undefined when it is over or unknown. */
export async function endQuestion(
  db: Queryable,
  questionId: string,
  end: { status: 'cancelled' } | { status: 'failed'; message: string },
): Promise<EndedQuestion | undefined> {
  const failure = end.status === 'failed' ? end.message : null;
  const { rows } = await db.execute<{ next_id: string | null; platform: string; workspace_id: string }>(sql`
    with ended as (
      update questions set status = ${end.status}, failure = ${failure}, ended_at = now()
      where id = ${questionId} and status = 'open'
      returning id, conversation_id, workspace_id, platform
    ), stopped as (
      update trajectories t set stop_reason = ${end.status}, ended_at = now() from ended
      where t.question_id = ended.id and t.kind = 'live'
    )
    select ended.platform, ended.workspace_id, (${nextOpen(sql`ended.conversation_id`, sql`ended.id`)}) as next_id,
      ${announce(sql`ended.id`)}
    from ended`);
  const [row] = rows;
  if (row === undefined) return undefined;
  if (failure !== null && !isLocal(row.platform)) {
    await db.execute(sql`
      insert into outbox (id, workspace_id, platform, question_id, kind, payload)
      values (gen_random_uuid(), ${row.workspace_id}, ${row.platform}, ${questionId}, 'failure',
        ${JSON.stringify({ text: failure })}::jsonb)
      on conflict (question_id, kind) do nothing`);
  }
  return { nextQuestionId: row.next_id ?? undefined };
}

/** A subquery: the first open question of a conversation other than `questionId`. */
export const nextOpen = (conversationId: ReturnType<typeof sql>, questionId: ReturnType<typeof sql>) => sql`
  select n.id from questions n
  where n.conversation_id = ${conversationId} and n.status = 'open' and n.id <> ${questionId}
  order by n.position limit 1`;

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
