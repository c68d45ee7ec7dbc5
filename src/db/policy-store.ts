import { sql } from 'drizzle-orm';
import type { GateReport } from '../domain/training.ts';
import { type Chunk, chunksOf, joinedChunks, type Piece } from './chunks.ts';
import type { Db, Queryable } from './database.ts';
import { livePolicy } from './policy-queries.ts';
import { type HeldRun, stillHeld } from './run-queries.ts';

/** The weights of a version as they are stored: a .safetensors file. */
export interface PolicyWeights {
  readonly kind: 'lora' | 'full';
  readonly baseModel: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly bytes: Buffer;
}

/**
 * Makes the candidate of a run, the next version of its workspace; once, however often it is repeated.
 * @returns its version; undefined when the run is lost
 */
export function insertCandidate(db: Db, held: HeldRun, weights: PolicyWeights): Promise<number | undefined> {
  return db.transaction(async (tx) => {
    if ((await stillHeld(tx, held)) === undefined) return undefined;
    // Versions of a workspace are counted one after another; questions, which refer to its row, are stored meanwhile.
    await tx.execute(sql`select from workspaces where id = ${held.workspaceId} for no key update`);
    const { rows } = await tx.execute<{ version: number }>(sql`
      insert into policies (workspace_id, version, parent, base_model, kind, gate, run_id, settings)
      select ${held.workspaceId}, coalesce(max(version), 0) + 1, ${held.parent}::int, ${weights.baseModel}, ${weights.kind},
        'candidate', ${held.runId}, ${JSON.stringify(weights.settings)}::jsonb
      from policies where workspace_id = ${held.workspaceId}
      on conflict (run_id) do nothing returning version`);
    const version = rows[0]?.version;
    if (version !== undefined) {
      for (const piece of chunksOf(weights.bytes))
        await tx.execute(sql`
          insert into policy_weights (workspace_id, version, chunk, bytes, sha256)
          values (${held.workspaceId}, ${version}, ${piece.chunk}, ${piece.bytes}, ${piece.sha256})`);
      await tx.execute(sql`update training_runs set version = ${version} where id = ${held.runId}`);
    }
    if (version !== undefined) return version;
    const made = await tx.execute<{ version: number }>(sql`select version from policies where run_id = ${held.runId}`);
    return made.rows[0]?.version;
  });
}

/** A version without its weights' bytes; the pieces say what they must be. */
export interface PolicyHead extends Omit<PolicyWeights, 'bytes'> {
  readonly pieces: readonly Piece[];
}

/** @returns undefined for an unknown version */
export async function readPolicyHead(
  db: Queryable,
  workspaceId: string,
  version: number,
): Promise<PolicyHead | undefined> {
  const { rows } = await db.execute<{
    kind: 'lora' | 'full';
    base_model: string;
    settings: Record<string, unknown>;
    pieces: Piece[] | null;
  }>(sql`
    select kind, base_model, settings, (
      select json_agg(json_build_object('sha256', w.sha256, 'length', octet_length(w.bytes)) order by w.chunk)
      from policy_weights w where w.workspace_id = p.workspace_id and w.version = p.version
    ) as pieces
    from policies p where p.workspace_id = ${workspaceId} and p.version = ${version}`);
  const [row] = rows;
  return row && { kind: row.kind, baseModel: row.base_model, settings: row.settings, pieces: row.pieces ?? [] };
}

/** @returns undefined for an unknown version @throws FoursightError when the stored weights are damaged */
export async function readPolicyWeights(
  db: Queryable,
  workspaceId: string,
  version: number,
): Promise<PolicyWeights | undefined> {
  const head = await readPolicyHead(db, workspaceId, version);
  if (head === undefined) return undefined;
  const { pieces: _, ...policy } = head;
  const chunks = await db.execute<Chunk & Record<string, unknown>>(sql`
    select chunk, bytes, sha256 from policy_weights
    where workspace_id = ${workspaceId} and version = ${version} order by chunk`);
  return { ...policy, bytes: joinedChunks(chunks.rows, `policy version ${version}`) };
}

/** Of the versions that were live once, the one that did best in a gate of the last days: a candidate meets it beside the live one. */
export async function bestLately(db: Queryable, workspaceId: string, days: number): Promise<number | undefined> {
  const { rows } = await db.execute<{ version: number }>(sql`
    select e.policy_version as version from evaluations e
    where e.workspace_id = ${workspaceId} and e.benchmark = 'gate'
      and e.created_at > now() - ${days} * interval '1 day'
      and exists (
        select from promotions p where p.workspace_id = e.workspace_id and p.version = e.policy_version
      )
    group by e.policy_version order by sum(e.correct)::float8 / sum(e.total) desc, e.policy_version desc limit 1`);
  return rows[0]?.version;
}

/** Stores what the gate said of a candidate, with each policy's figures; false when the run is lost. */
export function storeGate(db: Db, held: HeldRun, version: number, report: GateReport): Promise<boolean> {
  return db.transaction(async (tx) => {
    if ((await stillHeld(tx, held)) === undefined) return false;
    await tx.execute(sql`
      update policies set gate = ${report.passed ? 'passed' : 'refused'}
      where workspace_id = ${held.workspaceId} and version = ${version}`);
    await tx.execute(sql`
      update training_runs set report = report || ${JSON.stringify({ gate: report })}::jsonb where id = ${held.runId}`);
    const figures = [report.overall, ...report.kinds].flatMap(({ kind, total, candidate, opponents }) => [
      { version, benchmark: kind, accuracy: candidate, total, details: { opponents } },
      ...opponents.map((opponent) => ({
        version: opponent.version,
        benchmark: kind,
        accuracy: opponent.accuracy,
        total,
        details: { against: version },
      })),
    ]);
    for (const figure of figures)
      await tx.execute(sql`
        insert into evaluations (id, workspace_id, policy_version, run_id, benchmark, accuracy, correct, total, details)
        values (gen_random_uuid(), ${held.workspaceId}, ${figure.version}, ${held.runId},
          ${figure.benchmark === report.overall.kind ? 'gate' : figure.benchmark}, ${figure.accuracy}::float8,
          ${Math.round(figure.accuracy * figure.total)}, ${figure.total}, ${JSON.stringify(figure.details)}::jsonb)
        on conflict do nothing`);
    return true;
  });
}

/** One more row of the promotions log. Waits for others who make a version live. */
export async function insertPromotion(
  db: Queryable,
  { workspaceId, version, reason }: { workspaceId: string; version: number; reason: string },
): Promise<void> {
  await db.execute(sql`
    with w as (select id from workspaces where id = ${workspaceId} for no key update)
    insert into promotions (workspace_id, version, reason) select w.id, ${version}::int, ${reason} from w`);
}

/**
 * Makes the candidate of a run live, once, unless another version than the one it was compared with is live by now.
 * @returns the version that is live afterwards
 */
export function promoteAfterGate(
  db: Db,
  { workspaceId, runId }: Pick<HeldRun, 'workspaceId' | 'runId'>,
  { version, live, reason }: { version: number; live: number; reason: string },
): Promise<number> {
  return db.transaction(async (tx) => {
    await tx.execute(sql`select from workspaces where id = ${workspaceId} for no key update`);
    if ((await livePolicy(tx, workspaceId)) === live)
      await tx.execute(sql`
        insert into promotions (workspace_id, version, reason, run_id)
        values (${workspaceId}, ${version}, ${reason}, ${runId}) on conflict do nothing`);
    return livePolicy(tx, workspaceId);
  });
}
