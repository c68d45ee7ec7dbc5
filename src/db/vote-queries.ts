import { sql } from 'drizzle-orm';
import type { VoteReceipt } from '../domain/vote.ts';
import { workspacePlatform } from '../domain/workspace.ts';
import type { Queryable } from './database.ts';

/** What a person makes of an answer. */
export interface VoteRow {
  readonly answerId: string;
  readonly platform: string;
  /** The platform's name of the answer's workspace; null: any of the platform. */
  readonly workspace: string | null;
  readonly person: { readonly key: string; readonly name: string };
  /** 0 retracts. */
  readonly value: 1 | -1 | 0;
  /** Nothing is changed but where this stands, 0 being no vote; null: whatever stands. */
  readonly only: 1 | -1 | 0 | null;
  readonly reason: string | null;
  readonly means: 'reaction' | 'button' | null;
}

/**
 * Stores a vote; the last one of a person counts. Given once more, it keeps its reason unless there is another.
 * @returns undefined for an answer that the workspace does not have
 */
export async function upsertVote(db: Queryable, vote: VoteRow): Promise<VoteReceipt | undefined> {
  const { answerId, person, value, only, reason, means } = vote;
  const stored = await db.execute<{ changed: boolean; person_id: string }>(sql`
    with rated as (
      select a.id, a.trajectory_id, t.policy_version, q.workspace_id
      from answers a join questions q on q.id = a.question_id join trajectories t on t.id = a.trajectory_id
      join workspaces w on w.id = q.workspace_id
      where a.id = ${answerId} and w.platform = ${workspacePlatform(vote.platform)}
        and (${vote.workspace}::text is null or w.key = ${vote.workspace})
    ), p as (
      insert into people (id, workspace_id, key, name)
      select gen_random_uuid(), rated.workspace_id, ${person.key}, ${person.name} from rated
      on conflict (workspace_id, key) do update set name = coalesce(nullif(excluded.name, ''), people.name) returning id
    ), changed as (
      insert into votes (id, answer_id, person_id, trajectory_id, policy_version, value, reason, means)
      select gen_random_uuid(), rated.id, p.id, rated.trajectory_id, rated.policy_version, ${value}::smallint, ${reason},
        ${means}
      from rated, p
      where ${only}::smallint is null or ${only}::smallint = coalesce(
        (select v.value from votes v where v.answer_id = rated.id and v.person_id = p.id), 0)
      on conflict (answer_id, person_id) do update
        set value = excluded.value,
          reason = case when votes.value = excluded.value then coalesce(excluded.reason, votes.reason) else excluded.reason end,
          means = case when votes.value = excluded.value then coalesce(votes.means, excluded.means) else excluded.means end,
          -- A run counts a vote by this time; a reason that is given later makes it no other vote.
          changed_at = case when votes.value is distinct from excluded.value then now() else votes.changed_at end
        where (votes.value, votes.reason) is distinct from (excluded.value, coalesce(excluded.reason, votes.reason))
          and (${only}::smallint is null or votes.value = ${only}::smallint)
      returning id
    )
    select exists (select from changed) as changed, p.id as person_id from rated, p`);
  const [row] = stored.rows;
  if (row === undefined) return undefined;
  const { rows } = await db.execute<{ up: number; down: number; own: number | null }>(sql`
    select count(*) filter (where value = 1)::int as up, count(*) filter (where value = -1)::int as down,
      max(value) filter (where person_id = ${row.person_id}) as own
    from votes where answer_id = ${answerId}`);
  const { up = 0, down = 0, own = null } = rows[0] ?? {};
  return { answerId, vote: own === 1 ? 'up' : own === -1 ? 'down' : null, changed: row.changed, up, down };
}
