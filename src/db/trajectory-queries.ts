import { sql } from 'drizzle-orm';
import type { OpenTrajectory, PastQuestion } from '../domain/ports.ts';
import type { FlowOutcome, Turn } from '../domain/trajectory.ts';
import { localPlatforms } from '../domain/workspace.ts';
import type { Db, Queryable } from './database.ts';
import { announce, announceOutbox } from './progress-channel.ts';
import { type TurnRow, turnOf, turnsAsJson } from './turn-rows.ts';

/** How many earlier questions of a conversation its memory holds. */
const MEMORY_QUESTIONS = 6;

/**
 * Takes an open question for a worker: makes its live trajectory, pinned to the policy version that is live now, or takes
 * over the one that is there, with a new epoch.
 */
export async function takeQuestion(
  db: Db,
  questionId: string,
  worker: string,
): Promise<OpenTrajectory | 'wait' | 'over'> {
  return db.transaction(async (tx) => {
    const { rows } = await tx.execute<{
      workspace_id: string;
      conversation_id: string;
      text: string;
      asked_at: Date | string;
      position: string;
      status: string;
      requested_policy: number | null;
      live: number | null;
      must_wait: boolean;
    }>(sql`
      select q.workspace_id, q.conversation_id, q.text, q.asked_at, q.position, q.status, q.requested_policy,
        (select p.version from promotions p where p.workspace_id = q.workspace_id order by p.id desc limit 1) as live,
        exists (
          select from questions e
          where e.conversation_id = q.conversation_id and e.status = 'open' and e.position < q.position
        ) as must_wait
      from questions q where q.id = ${questionId} for update of q`);
    const [question] = rows;
    if (question === undefined || question.status !== 'open') return 'over';
    if (question.must_wait) return 'wait';
    const version = question.requested_policy ?? question.live ?? 0;
    const taken = await tx.execute<{ id: string; epoch: number; policy_version: number; turns: TurnRow[] | null }>(sql`
      with taken as (
        insert into trajectories (id, question_id, kind, policy_version, worker)
        values (gen_random_uuid(), ${questionId}, 'live', ${version}, ${worker})
        on conflict (question_id) where kind = 'live'
        do update set epoch = trajectories.epoch + 1, worker = excluded.worker
        returning id, epoch, policy_version
      )
      select id, epoch, policy_version, (${turnsAsJson(sql`taken.id`)}) as turns, ${announce(sql`${questionId}`)}
      from taken`);
    const [row] = taken.rows;
    if (row === undefined) throw new Error(`question ${questionId} got no trajectory`);
    return {
      trajectoryId: row.id,
      questionId,
      workspaceId: question.workspace_id,
      conversationId: question.conversation_id,
      text: question.text,
      askedAt: new Date(question.asked_at),
      policyVersion: row.policy_version,
      past: await pastQuestions(tx, question.conversation_id, question.position),
      turns: (row.turns ?? []).map(turnOf),
      epoch: row.epoch,
    };
  });
}

/** What the memory of a conversation's question holds of those before it, oldest first. @param before its position */
export async function pastQuestions(db: Queryable, conversationId: string, before: string): Promise<PastQuestion[]> {
  const { rows } = await db.execute<{ text: string; answer: string; turns: TurnRow[] | null }>(sql`
    select q.text, a.text as answer, (${turnsAsJson(sql`a.trajectory_id`)}) as turns
    from questions q join answers a on a.question_id = q.id
    where q.conversation_id = ${conversationId} and q.position < ${before}
    order by q.position desc limit ${MEMORY_QUESTIONS}`);
  return rows.reverse().map((row) => ({ text: row.text, answer: row.answer, turns: (row.turns ?? []).map(turnOf) }));
}

/**
 * The trajectory, if this epoch still holds it; the locks keep a worker that is taking over waiting until we are done.
 * The question is locked first, as everywhere: otherwise a cancellation and a turn could wait for each other.
 */
const heldBy = (held: OpenTrajectory) => sql`
  select t.id, t.question_id, q.conversation_id, q.workspace_id, q.platform
  from trajectories t join questions q on q.id = t.question_id
  where t.id = ${held.trajectoryId} and t.epoch = ${held.epoch} and q.status = 'open'
  for update of q, t`;

/** Whether it was dropped because the text of its question was changed, and nobody has begun anew yet. */
export async function isBegunAnew(db: Queryable, { questionId }: OpenTrajectory): Promise<boolean> {
  const { rows } = await db.execute(sql`
    select from questions q where q.id = ${questionId} and q.status = 'open'
      and not exists (select from trajectories t where t.question_id = q.id and t.kind = 'live')`);
  return rows.length > 0;
}

export async function insertTurn(db: Queryable, held: OpenTrajectory, turn: Turn): Promise<'stored' | 'lost'> {
  const { planner } = turn;
  const { rows } = await db.execute(sql`
    with held as (${heldBy(held)}), stored as (
      insert into turns (trajectory_id, turn, sub_goal, tool, command, result, error, verdict, reason, ms,
        prompt_ids, action_ids, logprobs, temperature)
      select held.id, ${turn.turn}, ${turn.subGoal}, ${turn.tool}, ${turn.command}, ${turn.result}, ${turn.error},
        ${turn.verdict}, ${turn.reason}, ${turn.ms}::float8, ${sql.param(planner?.promptIds ?? null)}::int[],
        ${sql.param(planner?.actionIds ?? null)}::int[], ${sql.param(planner?.logprobs ?? null)}::float8[],
        ${planner?.temperature ?? null}::float8
      from held on conflict do nothing
    )
    select ${announce(sql`held.question_id`)} from held`);
  return rows.length === 0 ? 'lost' : 'stored';
}

/** Stores the answer and ends question and trajectory, all or nothing. Storing it once more, by the same worker, changes nothing. */
export async function insertAnswer(
  db: Queryable,
  held: OpenTrajectory,
  outcome: FlowOutcome,
): Promise<'stored' | 'lost'> {
  const { rows } = await db.execute(sql`
    with held as (${heldBy(held)}), ended as (
      update trajectories t set stop_reason = ${outcome.stopReason}, ended_at = now() from held where t.id = held.id
    ), closed as (
      update questions q set status = 'answered', ended_at = now() from held where q.id = held.question_id
    ), answer as (
      insert into answers (id, question_id, trajectory_id, text)
      select gen_random_uuid(), held.question_id, held.id, ${outcome.answer} from held
    ), post as (
      insert into outbox (id, workspace_id, platform, question_id, kind, payload)
      select gen_random_uuid(), held.workspace_id, held.platform, held.question_id, 'answer',
        ${JSON.stringify({ text: outcome.answer })}::jsonb
      from held where not (held.platform = any(${sql.param(localPlatforms)}))
      returning platform
    )
    select ${announce(sql`held.question_id`)}, (select ${announceOutbox(sql`post.platform`)} from post) from held`);
  if (rows.length > 0) return 'stored';
  const before = await db.execute(sql`
    select from answers a join trajectories t on t.id = a.trajectory_id
    where t.id = ${held.trajectoryId} and t.epoch = ${held.epoch}`);
  return before.rows.length === 0 ? 'lost' : 'stored';
}
