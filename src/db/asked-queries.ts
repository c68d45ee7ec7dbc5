import { sql } from 'drizzle-orm';
import type { AskedQuestion, LookBack, PostedMessage, WorkspaceOfPlatform } from '../domain/chat.ts';
import type { QuestionStatus } from '../domain/question.ts';
import { type AskedRow, askedColumns, askedOf, postsAsJson } from './asked-rows.ts';
import type { Queryable } from './database.ts';
import { keyedWorkspace } from './place-queries.ts';

/** Questions whose progress is still shown: the open ones, and those cancelled lately of which a progress message stands. */
export async function shownQuestions(
  db: Queryable,
  platform: string,
  workspace: string,
): Promise<(AskedQuestion & { posts: readonly PostedMessage[] })[]> {
  const { rows } = await db.execute<AskedRow & { posts: PostedMessage[] | null }>(sql`
    with w as (select ${keyedWorkspace(platform, workspace)} as id), shown as (
      select q.id from questions q, w where q.status = 'open' and q.workspace_id = w.id and q.platform = ${platform}
      union
      select q.id from posts m join w on w.id = m.workspace_id join questions q on q.id = m.question_id
      where m.platform = ${platform} and m.kind = 'progress'
        and q.status = 'cancelled' and q.ended_at > now() - interval '1 day'
    )
    select ${askedColumns}, (${postsAsJson(sql`q.id`)}) as posts
    from shown join questions q on q.id = shown.id
    join conversations c on c.id = q.conversation_id join people p on p.id = q.person_id
    order by q.position`);
  return rows.map((row) => ({ ...askedOf(row), posts: row.posts ?? [] }));
}

/** Keys of the conversations with a question in the last `days`, newest first. */
export async function recentConversations(
  db: Queryable,
  platform: string,
  workspace: string,
  { days, limit }: LookBack,
): Promise<string[]> {
  const { rows } = await db.execute<{ key: string }>(sql`
    select c.key from questions q join conversations c on c.id = q.conversation_id
    where q.workspace_id = ${keyedWorkspace(platform, workspace)} and q.platform = ${platform}
      and q.asked_at > now() - ${days} * interval '1 day'
    group by c.id order by max(q.position) desc limit ${limit}`);
  return rows.map(({ key }) => key);
}

export async function hasQuestion(
  db: Queryable,
  platform: string,
  workspace: string,
  conversation: string,
): Promise<boolean> {
  const { rows } = await db.execute(sql`
    select from conversations c
    where c.workspace_id = ${keyedWorkspace(platform, workspace)} and c.platform = ${platform} and c.key = ${conversation}
      and exists (select from questions q where q.conversation_id = c.id)`);
  return rows.length > 0;
}

export async function questionOfMessage(
  db: Queryable,
  platform: string,
  workspace: string,
  message: string,
): Promise<{ questionId: string; status: QuestionStatus; text: string } | undefined> {
  const { rows } = await db.execute<{ id: string; status: QuestionStatus; text: string }>(sql`
    select id, status, text from questions
    where workspace_id = ${keyedWorkspace(platform, workspace)} and platform = ${platform} and key = ${message}`);
  return rows[0] && { questionId: rows[0].id, status: rows[0].status, text: rows[0].text };
}

export async function isAskedIn(
  db: Queryable,
  platform: string,
  workspace: string,
  questionId: string,
): Promise<boolean> {
  const { rows } = await db.execute(sql`
    select from questions
    where id = ${questionId} and workspace_id = ${keyedWorkspace(platform, workspace)} and platform = ${platform}`);
  return rows.length > 0;
}

/** How many questions were stored in the last minute. */
export async function askedLately(
  db: Queryable,
  { platform, workspace }: WorkspaceOfPlatform,
  person: string,
): Promise<{ byPerson: number; inWorkspace: number }> {
  const { rows } = await db.execute<{ by_person: number; in_workspace: number }>(sql`
    select count(*) filter (where p.key = ${person})::int as by_person, count(*)::int as in_workspace
    from questions q join people p on p.id = q.person_id
    where q.workspace_id = ${keyedWorkspace(platform, workspace)} and q.platform = ${platform}
      and q.asked_at > now() - interval '1 minute'`);
  return { byPerson: rows[0]?.by_person ?? 0, inWorkspace: rows[0]?.in_workspace ?? 0 };
}
