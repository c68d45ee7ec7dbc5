import { sql } from 'drizzle-orm';
import type { PolicyDetail, PolicyStatus, PolicySummary, Promotion } from '../domain/policy.ts';
import type { GateReport } from '../domain/training.ts';
import type { Queryable } from './database.ts';

/** The version that answers next: the last row of the promotions log, 0 when there is none. */
export async function livePolicy(db: Queryable, workspaceId: string): Promise<number> {
  const { rows } = await db.execute<{ version: number }>(
    sql`select version from promotions where workspace_id = ${workspaceId} order by id desc limit 1`,
  );
  return rows[0]?.version ?? 0;
}

/** All versions of a workspace, newest first; the base model is version 0. */
export async function listPolicies(db: Queryable, workspaceId: string): Promise<PolicySummary[]> {
  const live = await livePolicy(db, workspaceId);
  const { rows } = await db.execute<{
    version: number;
    parent: number;
    base_model: string;
    kind: 'lora' | 'full';
    gate: 'candidate' | 'passed' | 'refused';
    created_at: Date | string;
    promoted_at: Date | string | null;
    reason: string | null;
  }>(sql`
    select p.version, p.parent, p.base_model, p.kind, p.gate, p.created_at, m.created_at as promoted_at, m.reason
    from policies p left join lateral (
      select created_at, reason from promotions m
      where m.workspace_id = p.workspace_id and m.version = p.version order by m.id desc limit 1
    ) m on true
    where p.workspace_id = ${workspaceId} order by p.version desc`);
  const base = await db.execute<{ created_at: Date | string }>(
    sql`select created_at from workspaces where id = ${workspaceId}`,
  );
  const [returned] = await promotionsOf(db, workspaceId, 0);
  const statusOf = (version: number, gate: string, promoted: boolean): PolicyStatus => {
    if (version === live) return 'live';
    if (promoted) return 'retired';
    return gate === 'refused' ? 'refused' : 'candidate';
  };
  return [
    ...rows.map((row) => ({
      version: row.version,
      status: statusOf(row.version, row.gate, row.promoted_at !== null),
      parent: row.parent,
      baseModel: row.base_model,
      kind: row.kind,
      createdAt: iso(row.created_at),
      promotedAt: row.promoted_at === null ? null : iso(row.promoted_at),
      reason: row.reason,
    })),
    {
      version: 0,
      status: live === 0 ? ('live' as const) : ('retired' as const),
      parent: null,
      baseModel: 'base',
      kind: 'base' as const,
      createdAt: iso(base.rows[0]?.created_at ?? new Date()),
      promotedAt: returned?.promotedAt ?? null,
      reason: returned?.reason ?? null,
    },
  ];
}

const iso = (date: Date | string) => new Date(date).toISOString();

/** When a version was made live, newest first. */
async function promotionsOf(db: Queryable, workspaceId: string, version: number): Promise<Promotion[]> {
  const { rows } = await db.execute<{ reason: string; run_id: string | null; created_at: Date | string }>(sql`
    select reason, run_id, created_at from promotions
    where workspace_id = ${workspaceId} and version = ${version} order by id desc`);
  return rows.map((row) => ({
    version,
    reason: row.reason,
    runId: row.run_id,
    promotedAt: iso(row.created_at),
  }));
}

/** The versions that were made live, oldest first. Until the transaction ends nobody else makes one live. */
export async function lockedPromotions(tx: Queryable, workspaceId: string): Promise<number[]> {
  await tx.execute(sql`select from workspaces where id = ${workspaceId} for no key update`);
  const { rows } = await tx.execute<{ version: number }>(
    sql`select version from promotions where workspace_id = ${workspaceId} order by id`,
  );
  return rows.map(({ version }) => version);
}

/** @returns undefined for an unknown version */
export async function viewPolicy(
  db: Queryable,
  workspaceId: string,
  version: number,
): Promise<PolicyDetail | undefined> {
  const summary = (await listPolicies(db, workspaceId)).find((policy) => policy.version === version);
  if (summary === undefined) return undefined;
  const made = await db.execute<{
    gate: 'candidate' | 'passed' | 'refused';
    run_id: string | null;
    settings: Record<string, unknown>;
    gate_report: GateReport | null;
  }>(sql`
    select p.gate, p.run_id, p.settings, r.report -> 'gate' as gate_report
    from policies p left join training_runs r on r.id = p.run_id
    where p.workspace_id = ${workspaceId} and p.version = ${version}`);
  const evaluations = await db.execute<{
    benchmark: string;
    accuracy: number;
    correct: number;
    total: number;
    run_id: string | null;
    created_at: Date | string;
  }>(sql`
    select benchmark, accuracy, correct, total, run_id, created_at from evaluations
    where workspace_id = ${workspaceId} and policy_version = ${version} order by created_at desc, benchmark`);
  const [row] = made.rows;
  return {
    ...summary,
    gate: row === undefined || row.gate === 'candidate' ? 'none' : row.gate,
    gateReport: row?.gate_report ?? null,
    runId: row?.run_id ?? null,
    settings: row?.settings ?? {},
    evaluations: evaluations.rows.map(({ run_id: runId, created_at: at, ...figures }) => ({
      ...figures,
      runId,
      evaluatedAt: iso(at),
    })),
    promotions: await promotionsOf(db, workspaceId, version),
  };
}
