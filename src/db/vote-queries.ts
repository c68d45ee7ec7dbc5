import { sql } from 'drizzle-orm';
import type { VoteReceipt } from '../domain/vote.ts';
import type { Queryable } from './database.ts';

/**
 * Stores what a person makes of an answer: 1, −1, or 0 to retract. The last one counts.
 * @returns undefined for an unknown answer
 */
export async function upsertVote(
  db: Queryable,
  vote: { answerId: string; person: { key: string; name: string }; value: 1 | -1 | 0; reason: string | null },
): Promise<VoteReceipt | undefined> {
  const { answerId, person, value, reason } = vote;
  const stored = await db.execute<{ id: string | null }>(sql`
    with rated as (
      select a.id, a.trajectory_id, t.policy_version, q.workspace_id
      from answers a join questions q on q.id = a.question_id join trajectories t on t.id = a.trajectory_id
      where a.id = ${answerId}
    ), p as (
      insert into people (id, workspace_id, key, name)
      select gen_random_uuid(), rated.workspace_id, ${person.key}, ${person.name} from rated
      on conflict (workspace_id, key) do update set name = excluded.name returning id
    ), changed as (
      insert into votes (id, answer_id, person_id, trajectory_id, policy_version, value, reason)
      select gen_random_uuid(), rated.id, p.id, rated.trajectory_id, rated.policy_version, ${value}::smallint, ${reason}
      from rated, p
      on conflict (answer_id, person_id) do update
        set value = excluded.value, reason = excluded.reason,
          -- A run counts a vote by this time; a reason that is given later makes it no other vote.
          changed_at = case when votes.value is distinct from excluded.value then now() else votes.changed_at end
        where (votes.value, votes.reason) is distinct from (excluded.value, excluded.reason)
      returning id
    )
    select (select id from changed) as id from rated`);
  const [row] = stored.rows;
  if (row === undefined) return undefined;
  const { rows } = await db.execute<{ up: number; down: number }>(sql`
    select count(*) filter (where value = 1)::int as up, count(*) filter (where value = -1)::int as down
    from votes where answer_id = ${answerId}`);
  const { up = 0, down = 0 } = rows[0] ?? {};
  const standing = value === 1 ? 'up' : value === -1 ? 'down' : null;
  return { answerId, vote: standing, changed: row.id !== null, up, down };
}
