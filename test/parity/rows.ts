import { sql } from 'drizzle-orm';
import type { Db } from '../../src/db/database.ts';
import { workspacePlatform } from '../../src/domain/workspace.ts';

/** What a platform's people have left in the database, without names and times that are each platform's own. */
export interface Rows {
  readonly questions: readonly unknown[];
  readonly answers: readonly unknown[];
  readonly votes: readonly unknown[];
  readonly people: readonly unknown[];
  readonly runs: readonly unknown[];
}

/**
 * Conversations are numbered in the order of their first question. How a vote was given (`means`) is left out: a reaction in one
 * place is a line typed in another.
 */
export async function rowsOf(db: Db, platform: string): Promise<Rows> {
  const owner = workspacePlatform(platform);
  const of = async (query: ReturnType<typeof sql>) => (await db.execute(query)).rows;
  return {
    questions: await of(sql`
      select dense_rank() over (order by first)::int as conversation, text, status, is_direct, failure, requested_policy, name
      from (select q.*, p.name, min(q.position) over (partition by q.conversation_id) as first
        from questions q join people p on p.id = q.person_id where q.platform = ${platform}) asked
      order by position`),
    answers: await of(sql`
      select q.text as question, a.text, t.stop_reason, t.policy_version,
        (select count(*)::int from turns u where u.trajectory_id = t.id) as turns
      from questions q join answers a on a.question_id = q.id join trajectories t on t.id = a.trajectory_id
      where q.platform = ${platform} order by q.position`),
    votes: await of(sql`
      select q.text as question, p.name, v.value, v.reason
      from votes v join answers a on a.id = v.answer_id join questions q on q.id = a.question_id join people p on p.id = v.person_id
      where q.platform = ${platform} order by q.position, p.name`),
    people: await of(sql`
      select p.name, p.trains_on_direct from people p join workspaces w on w.id = p.workspace_id
      where w.platform = ${owner} order by p.name`),
    runs: await of(sql`
      select r.kind, r.status, r.reason, r.parent, r.version, r.settings ->> 'by' as by, r.report -> 'rated' as rated
      from training_runs r join workspaces w on w.id = r.workspace_id where w.platform = ${owner} order by r.started_at`),
  };
}
