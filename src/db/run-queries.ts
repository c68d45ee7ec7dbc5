import { type SQL, sql } from 'drizzle-orm';
import type { RunDetail, RunKind, RunReport, RunStatus, RunSummary, StepMetrics } from '../domain/training.ts';
import { type Chunk, chunksOf, joinedChunks } from './chunks.ts';
import type { Db, Queryable } from './database.ts';
import { insertNightReport } from './report-queries.ts';

/** A run that a worker holds. Writes with an older epoch than the row's are refused. */
export interface HeldRun {
  readonly runId: string;
  readonly workspaceId: string;
  readonly kind: RunKind;
  readonly parent: number;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly report: RunReport;
  /** The candidate, when it was made before the worker was lost. */
  readonly version: number | null;
  readonly startedAt: Date;
  readonly epoch: number;
  /** Workers that have taken it since it last got on. */
  readonly claims: number;
  /** Somebody wants it to end with what it has learnt. */
  readonly stopAsked: boolean;
}

/** What a run goes on from: its position, and the optimizer's memory in bytes. */
export interface StoredCheckpoint {
  readonly step: number;
  readonly position: Readonly<Record<string, unknown>>;
  readonly bytes: Buffer;
}

export interface NewRun {
  readonly runId: string;
  readonly workspaceId: string;
  readonly kind: RunKind;
  readonly settings: Readonly<Record<string, unknown>>;
}

/**
 * Opens a run on the live policy, unless one of the workspace is open. Repeating it with the same id changes nothing.
 * @returns the id of the run that is open: the new one, or the one in its way; undefined when that has just ended
 */
export async function insertRun(
  db: Queryable,
  { runId, workspaceId, kind, settings }: NewRun,
): Promise<string | undefined> {
  const { rows } = await db.execute<{ id: string }>(sql`
    with made as (
      insert into training_runs (id, workspace_id, kind, status, parent, settings)
      values (${runId}, ${workspaceId}, ${kind}, 'queued', coalesce(
        (select p.version from promotions p where p.workspace_id = ${workspaceId} order by p.id desc limit 1), 0
      ), ${JSON.stringify(settings)}::jsonb)
      on conflict do nothing returning id
    )
    select id from made
    union all
    select id from training_runs where id = ${runId}
      or workspace_id = ${workspaceId} and status in ('queued', 'running')`);
  return rows.find(({ id }) => id === runId)?.id ?? rows[0]?.id;
}

/**
 * Takes a run for a worker, with a new epoch; undefined when it is over.
 * @param terms what the run depends on beside its settings; those of the first worker are kept for all
 */
export async function claimRun(
  db: Queryable,
  runId: string,
  worker: string,
  terms: Readonly<Record<string, unknown>> = {},
): Promise<HeldRun | undefined> {
  const { rows } = await db.execute<{
    workspace_id: string;
    kind: RunKind;
    parent: number;
    settings: Record<string, unknown>;
    report: RunReport;
    version: number | null;
    started_at: Date | string;
    epoch: number;
    claims: number;
    stop_asked: boolean;
  }>(sql`
    update training_runs set status = 'running', epoch = epoch + 1, claims = claims + 1, worker = ${worker},
      settings = ${JSON.stringify({ terms })}::jsonb || settings
    where id = ${runId} and status in ('queued', 'running')
    returning workspace_id, kind, parent, settings, report, version, started_at, epoch, claims, stop_asked`);
  const [row] = rows;
  if (row === undefined) return undefined;
  const { workspace_id: workspaceId, started_at: startedAt, stop_asked: stopAsked, ...more } = row;
  return { runId, workspaceId, startedAt: new Date(startedAt), stopAsked, ...more };
}

/** Whether this worker still holds the run; locks its row, so that a worker that takes over waits for the transaction. */
export async function stillHeld(tx: Queryable, { runId, epoch }: HeldRun): Promise<{ stopAsked: boolean } | undefined> {
  const { rows } = await tx.execute<{ stop_asked: boolean }>(sql`
    select stop_asked from training_runs
    where id = ${runId} and epoch = ${epoch} and status = 'running' for update`);
  return rows[0] === undefined ? undefined : { stopAsked: rows[0].stop_asked };
}

/**
 * Stores a step's figures together with the checkpoint after it, all or nothing.
 * @returns `lost`: another worker has taken over; `stop`: somebody wants the run to end here
 */
export function insertStep(
  db: Db,
  held: HeldRun,
  step: { readonly metrics: StepMetrics; readonly report: RunReport; readonly checkpoint: StoredCheckpoint },
): Promise<'stored' | 'stop' | 'lost'> {
  const { step: number, position, bytes } = step.checkpoint;
  const pieces = chunksOf(bytes);
  return db.transaction(async (tx) => {
    const standing = await stillHeld(tx, held);
    if (standing === undefined) return 'lost';
    await tx.execute(sql`
      insert into training_steps (run_id, step, metrics)
      values (${held.runId}, ${number}, ${JSON.stringify(step.metrics)}::jsonb) on conflict do nothing`);
    await tx.execute(sql`
      insert into training_checkpoints (run_id, step, position)
      values (${held.runId}, ${number}, ${JSON.stringify(position)}::jsonb)
      on conflict (run_id) do update set step = excluded.step, position = excluded.position`);
    await tx.execute(sql`delete from training_checkpoint_chunks where run_id = ${held.runId}`);
    for (const piece of pieces)
      await tx.execute(sql`
        insert into training_checkpoint_chunks (run_id, chunk, bytes, sha256)
        values (${held.runId}, ${piece.chunk}, ${piece.bytes}, ${piece.sha256})`);
    await tx.execute(sql`
      update training_runs set claims = 0, report = report || ${JSON.stringify(step.report)}::jsonb
      where id = ${held.runId}`);
    return standing.stopAsked ? 'stop' : 'stored';
  });
}

/** @throws FoursightError when it is damaged */
export async function readCheckpoint(db: Db, runId: string): Promise<StoredCheckpoint | undefined> {
  return db.transaction(async (tx) => {
    const { rows } = await tx.execute<{ step: number; position: Record<string, unknown> }>(
      sql`select step, position from training_checkpoints where run_id = ${runId}`,
    );
    const [row] = rows;
    if (row === undefined) return undefined;
    const chunks = await tx.execute<Chunk & Record<string, unknown>>(
      sql`select chunk, bytes, sha256 from training_checkpoint_chunks where run_id = ${runId} order by chunk`,
    );
    return { ...row, bytes: joinedChunks(chunks.rows, `the checkpoint of run ${runId}`) };
  });
}

const dropCheckpoint = (tx: Queryable, runId: string): Promise<unknown> =>
  tx.execute(sql`
    with chunks as (delete from training_checkpoint_chunks where run_id = ${runId})
    delete from training_checkpoints where run_id = ${runId}`);

/** Adds to the report of a run; false when it is lost. */
export async function addToReport(db: Queryable, { runId, epoch }: HeldRun, part: RunReport): Promise<boolean> {
  const { rows } = await db.execute(sql`
    update training_runs set report = report || ${JSON.stringify(part)}::jsonb
    where id = ${runId} and epoch = ${epoch} and status = 'running' returning id`);
  return rows.length > 0;
}

/** What the end of a run brings with it, in the same transaction. */
async function afterEnd(tx: Queryable, runId: string): Promise<void> {
  await dropCheckpoint(tx, runId);
  await insertNightReport(tx, runId);
}

/** Ends a run and drops its checkpoint, in a transaction of the caller's; false when it is lost, or over already. */
export async function endRun(
  tx: Queryable,
  { runId, epoch }: Pick<HeldRun, 'runId' | 'epoch'>,
  end: { readonly status: Exclude<RunStatus, 'queued' | 'running'>; readonly reason: string },
): Promise<boolean> {
  const { rows } = await tx.execute(sql`
    update training_runs set status = ${end.status}, reason = ${end.reason}, ended_at = now()
    where id = ${runId} and epoch = ${epoch} and status = 'running' returning id`);
  if (rows.length > 0) await afterEnd(tx, runId);
  return rows.length > 0;
}

/** Ends a run that no worker could go on with, whoever held it last. */
export async function failRun(db: Db, runId: string, reason: string): Promise<void> {
  await db.transaction(async (tx) => {
    const { rows } = await tx.execute(sql`
      update training_runs set status = 'failed', reason = ${reason}, ended_at = now(), epoch = epoch + 1
      where id = ${runId} and status in ('queued', 'running') returning id`);
    if (rows.length > 0) await afterEnd(tx, runId);
  });
}

/** Lets an open run end after its step with what it has learnt; false when it is over or unknown. */
export async function askToStop(db: Queryable, runId: string): Promise<boolean> {
  const { rows } = await db.execute(sql`
    update training_runs set stop_asked = true where id = ${runId} and status in ('queued', 'running') returning id`);
  return rows.length > 0;
}

/** Runs that should be queued or worked on. */
export async function openRuns(db: Queryable): Promise<string[]> {
  const { rows } = await db.execute<{ id: string }>(
    sql`select id from training_runs where status in ('queued', 'running') order by started_at`,
  );
  return rows.map(({ id }) => id);
}

/** Workspaces with standing votes that no run has looked at as they are: the same votes once more would be one more try at chance. */
export async function workspacesToRetrain(db: Queryable): Promise<string[]> {
  const { rows } = await db.execute<{ workspace_id: string }>(sql`
    select distinct p.workspace_id from votes v join people p on p.id = v.person_id
    where v.value <> 0 and not exists (
      select from run_votes c join training_runs r on r.id = c.run_id
      where c.vote_id = v.id and c.changed_at = v.changed_at and r.status in ('done', 'no update')
    )`);
  return rows.map((row) => row.workspace_id);
}

type SummaryRow = {
  id: string;
  kind: RunKind;
  status: RunStatus;
  reason: string | null;
  parent: number;
  version: number | null;
  steps: number;
  started_at: Date | string;
  ended_at: Date | string | null;
};

const summary: SQL = sql`r.id, r.kind, r.status, r.reason, r.parent, r.version, r.started_at, r.ended_at,
  (select count(*)::int from training_steps s where s.run_id = r.id) as steps`;

/** The questions of a file are nobody's business but the worker's: only their number is shown. */
const shownSettings: SQL = sql`case when r.settings ? 'items'
  then r.settings || jsonb_build_object('items', jsonb_array_length(r.settings -> 'items')) else r.settings end`;

function summaryOf(row: SummaryRow): RunSummary {
  return {
    runId: row.id,
    kind: row.kind,
    status: row.status,
    reason: row.reason,
    parent: row.parent,
    policyVersion: row.version,
    steps: row.steps,
    startedAt: new Date(row.started_at).toISOString(),
    endedAt: row.ended_at === null ? null : new Date(row.ended_at).toISOString(),
  };
}

/** Newest first. */
export async function listRuns(db: Queryable, workspaceId: string, limit: number): Promise<RunSummary[]> {
  const { rows } = await db.execute<SummaryRow>(sql`
    select ${summary} from training_runs r where r.workspace_id = ${workspaceId}
    order by r.started_at desc, r.id limit ${limit}`);
  return rows.map(summaryOf);
}

/** @param afterStep of the metrics, only those of later steps */
export async function viewRun(db: Queryable, runId: string, afterStep = 0): Promise<RunDetail | undefined> {
  const { rows } = await db.execute<
    SummaryRow & { settings: Record<string, unknown>; report: RunReport; metrics: StepMetrics[] | null }
  >(sql`
    select ${summary}, ${shownSettings} as settings, r.report, (
      select json_agg(s.metrics order by s.step) from training_steps s
      where s.run_id = r.id and s.step > ${afterStep}
    ) as metrics
    from training_runs r where r.id = ${runId}`);
  const [row] = rows;
  return row && { ...summaryOf(row), settings: row.settings, report: row.report, metrics: row.metrics ?? [] };
}
