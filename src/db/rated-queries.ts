import { type SQL, sql } from 'drizzle-orm';
import { figuresOf, type RatedAnswer, type Votes } from '../domain/reward.ts';
import type { RatedFigures, RatedText } from '../domain/training.ts';
import type { Db, Queryable } from './database.ts';
import { MOST_NOTES } from './note-queries.ts';
import { type HeldRun, stillHeld } from './run-queries.ts';
import { pastQuestions } from './trajectory-queries.ts';
import { type TurnRow, turnOf, turnsAsJson } from './turn-rows.ts';

/** Whose votes: those that the next run of a workspace would count, or those that a run has frozen. */
export type VoteScope = { readonly workspaceId: string } | { readonly runId: string };

/** Standing votes that no completed run has counted in this very state: a vote that was changed since is another. */
const uncounted = (workspaceId: SQL): SQL => sql`
  select v.id, v.answer_id, v.person_id, v.value, v.changed_at
  from votes v join answers a on a.id = v.answer_id join questions q on q.id = a.question_id
  where q.workspace_id = ${workspaceId} and v.value <> 0 and not exists (
    select from run_votes c join training_runs r on r.id = c.run_id
    where c.vote_id = v.id and c.changed_at = v.changed_at and r.status = 'done'
  )`;

const frozen = (runId: string): SQL => sql`
  select v.id, v.answer_id, v.person_id, c.value, c.changed_at
  from run_votes c join votes v on v.id = c.vote_id where c.run_id = ${runId}`;

const inScope = (scope: VoteScope): SQL =>
  'runId' in scope ? frozen(scope.runId) : uncounted(sql`${scope.workspaceId}`);

/**
 * Whether a question (alias `q`) is a direct message that may not be trained on, or was asked with one in its conversation's
 * memory. Asked anew each time: who takes the consent back is left out from then on.
 */
const isPrivate: SQL = sql`exists (
  select from questions d join people p on p.id = d.person_id
  where d.conversation_id = q.conversation_id and d.position <= q.position and d.is_direct and not p.trains_on_direct
)`;

/** Whether each turn of an answer's trajectory (alias `a`) has the planner's record, and there is one. */
const isRecorded: SQL = sql`(
  select count(*) > 0 and bool_and(u.prompt_ids is not null) from turns u where u.trajectory_id = a.trajectory_id
)`;

/**
 * Keeps for a run the votes that stand, once: a worker that takes it over trains on the same, and votes that come later are for
 * the next run. Votes on direct messages that may not be trained on are left for a run that may.
 * @param mostAnswers those asked last, so that votes which teach nothing keep no later ones waiting; votes on more are for the next run
 * @returns `lost` when another worker holds the run
 */
export function freezeVotes(db: Db, held: HeldRun, mostAnswers: number): Promise<'frozen' | 'lost'> {
  return db.transaction(async (tx) => {
    if ((await stillHeld(tx, held)) === undefined) return 'lost';
    await tx.execute(sql`
      insert into run_votes (run_id, vote_id, value, changed_at)
      select ${held.runId}, f.id, f.value, f.changed_at
      from (
        select s.id, s.value, s.changed_at, dense_rank() over (order by q.position desc) as place
        from (${uncounted(sql`${held.workspaceId}`)}) s
        join answers a on a.id = s.answer_id join questions q on q.id = a.question_id
        where not ${isPrivate}
      ) f
      where f.place <= ${mostAnswers} and not exists (select from run_votes where run_id = ${held.runId})`);
    return 'frozen';
  });
}

/** The answers with votes in the scope that may be and can be trained on, in the order of asking. */
export function ratedAnswers(db: Db, scope: VoteScope): Promise<RatedAnswer[]> {
  return db.transaction(async (tx) => {
    // One state of all: notes are counted in one query and read in another.
    await tx.execute(sql`set transaction isolation level repeatable read, read only`);
    const { rows } = await tx.execute<{
      id: string;
      answer: string;
      question: string;
      asked_at: Date | string;
      conversation_id: string;
      position: string;
      policy_version: number;
      workspace_id: string;
      notes: number;
      turns: TurnRow[];
      up: number;
      down: number;
    }>(sql`
      with counted as (${inScope(scope)}), rated as (
        select answer_id, count(*) filter (where value > 0)::int as up, count(*) filter (where value < 0)::int as down
        from counted group by answer_id
      )
      select a.id, a.text as answer, q.text as question, q.asked_at, q.conversation_id, q.position, q.workspace_id,
        t.policy_version, rated.up, rated.down, (${turnsAsJson(sql`t.id`)}) as turns,
        (select count(*)::int from notes n where n.workspace_id = q.workspace_id and n.created_at <= q.asked_at) as notes
      from rated join answers a on a.id = rated.answer_id join questions q on q.id = a.question_id
      join trajectories t on t.id = a.trajectory_id
      where not ${isPrivate} and ${isRecorded}
      order by q.position`);
    const notes = await allNotes(tx, rows[0]?.workspace_id);
    const answers: RatedAnswer[] = [];
    for (const row of rows)
      answers.push({
        answerId: row.id,
        answer: row.answer,
        question: row.question,
        askedAt: new Date(row.asked_at),
        past: await pastQuestions(tx, row.conversation_id, row.position),
        notes: notes.slice(Math.max(0, row.notes - MOST_NOTES), row.notes),
        policyVersion: row.policy_version,
        turns: row.turns.map(turnOf),
        up: row.up,
        down: row.down,
      });
    return answers;
  });
}

/** A workspace's notes, oldest first: those of a moment are the first ones. */
async function allNotes(db: Queryable, workspaceId: string | undefined): Promise<string[]> {
  if (workspaceId === undefined) return [];
  const { rows } = await db.execute<{ text: string }>(
    sql`select text from notes where workspace_id = ${workspaceId} order by created_at, id desc`,
  );
  return rows.map(({ text }) => text);
}

/** What the votes in the scope come to: of those that would be trained on, beside counts of the answers left out. */
export async function ratedFigures(db: Queryable, scope: VoteScope): Promise<RatedFigures> {
  const workspaceId =
    'runId' in scope
      ? sql`(select workspace_id from training_runs where id = ${scope.runId})`
      : sql`${scope.workspaceId}`;
  const { rows } = await db.execute<{
    votes: Votes[] | null;
    people: number;
    unusable: number;
    direct: number;
  }>(sql`
    with counted as (
      select c.answer_id, c.person_id, c.value, ${isRecorded} as recorded
      from (${inScope(scope)}) c join answers a on a.id = c.answer_id join questions q on q.id = a.question_id
      where not ${isPrivate}
    ), rated as (
      select answer_id, count(*) filter (where value > 0)::int as up, count(*) filter (where value < 0)::int as down
      from counted where recorded group by answer_id
    )
    select
      (select json_agg(json_build_object('up', up, 'down', down) order by up, down) from rated) as votes,
      (select count(distinct person_id)::int from counted where recorded) as people,
      (select count(distinct answer_id)::int from counted where not recorded) as unusable,
      (
        select count(distinct c.answer_id)::int
        from (${uncounted(workspaceId)}) c join answers a on a.id = c.answer_id join questions q on q.id = a.question_id
        where ${isPrivate}
      ) as direct`);
  const [{ votes, ...left } = { votes: null, people: 0, unusable: 0, direct: 0 }] = rows;
  return figuresOf(votes ?? [], left);
}

/** The texts of what would be trained on, in the order of asking; for those who asked to see them. */
export async function ratedTexts(db: Queryable, scope: VoteScope): Promise<RatedText[]> {
  const { rows } = await db.execute<RatedText & Record<string, unknown>>(sql`
    select q.text as question, a.text as answer,
      count(*) filter (where c.value > 0)::int as up, count(*) filter (where c.value < 0)::int as down
    from (${inScope(scope)}) c join answers a on a.id = c.answer_id join questions q on q.id = a.question_id
    where not ${isPrivate} and ${isRecorded}
    group by q.id, a.id order by q.position`);
  return rows;
}
