import { type SQL, sql } from 'drizzle-orm';
import type { LookBack, PostedAnswer, PostedMessage, RecentAnswer, WorkspaceOfPlatform } from '../domain/chat.ts';
import type { Queryable } from './database.ts';
import { foundWorkspace, keyedWorkspace } from './place-queries.ts';

/** Remembers a posted message; what is said of it last counts. */
export async function upsertPost(
  db: Queryable,
  { platform, workspace, questionId }: WorkspaceOfPlatform & { readonly questionId: string | null },
  { message, kind, part }: PostedMessage,
): Promise<void> {
  await db.execute(sql`
    with ${foundWorkspace(platform, workspace)}
    insert into posts (workspace_id, platform, message, kind, part, question_id)
    select w.id, ${platform}, ${message}, ${kind}, ${part}::int, ${questionId}::uuid from w
    on conflict (workspace_id, platform, message) do update
      set kind = excluded.kind, part = excluded.part, question_id = excluded.question_id`);
}

export async function deletePost(
  db: Queryable,
  { platform, workspace }: WorkspaceOfPlatform,
  message: string,
): Promise<void> {
  await db.execute(sql`
    delete from posts
    where workspace_id = ${keyedWorkspace(platform, workspace)} and platform = ${platform} and message = ${message}`);
}

export async function answerOfPost(
  db: Queryable,
  platform: string,
  workspace: string,
  message: string,
): Promise<PostedAnswer | undefined> {
  const { rows } = await db.execute<{ id: string; question_id: string; conversation: string; part: number }>(sql`
    select a.id, a.question_id, c.key as conversation, m.part from posts m join answers a on a.question_id = m.question_id
    join questions q on q.id = a.question_id join conversations c on c.id = q.conversation_id
    where m.workspace_id = ${keyedWorkspace(platform, workspace)} and m.platform = ${platform}
      and m.message = ${message} and m.kind = 'answer'`);
  const [row] = rows;
  return row && { answerId: row.id, questionId: row.question_id, conversation: row.conversation, part: row.part };
}

/** Parts of answers posted in the last `days`, newest first, each with the votes that stand on its answer. */
export const recentAnswerPosts = (
  db: Queryable,
  { platform, workspace }: WorkspaceOfPlatform,
  { days, limit }: LookBack,
  conversation: string | null = null,
): Promise<RecentAnswer[]> =>
  answerPosts(
    db,
    { platform, workspace },
    sql`m.created_at > now() - ${days} * interval '1 day' and (${conversation}::text is null or m.question_id in (
      select q.id from questions q join conversations c on c.id = q.conversation_id where c.key = ${conversation}))
    order by m.created_at desc, m.part desc, m.message limit ${limit}`,
  );

/** The posted parts of an answer, in order. */
export const partsOfAnswer = (db: Queryable, where: WorkspaceOfPlatform, answerId: string): Promise<RecentAnswer[]> =>
  answerPosts(db, where, sql`a.id = ${answerId} order by m.part, m.message`);

async function answerPosts(
  db: Queryable,
  { platform, workspace }: WorkspaceOfPlatform,
  which: SQL,
): Promise<RecentAnswer[]> {
  const { rows } = await db.execute<{ message: string; answer_id: string; votes: RecentAnswer['votes'] | null }>(sql`
    select m.message, a.id as answer_id, (
      select json_agg(json_build_object('person', p.key, 'vote', case v.value when 1 then 'up' else 'down' end,
        'means', v.means) order by p.key)
      from votes v join people p on p.id = v.person_id where v.answer_id = a.id and v.value <> 0
    ) as votes
    from posts m join answers a on a.question_id = m.question_id
    where m.workspace_id = ${keyedWorkspace(platform, workspace)} and m.platform = ${platform} and m.kind = 'answer'
      and ${which}`);
  return rows.map((row) => ({ message: row.message, answerId: row.answer_id, votes: row.votes ?? [] }));
}
