import { sql } from 'drizzle-orm';
import type { PolicyStatus, PolicySummary } from '../domain/policy.ts';
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
  const statusOf = (version: number, gate: string, promoted: boolean): PolicyStatus => {
    if (version === live) return 'live';
    if (promoted) return 'retired';
    return gate === 'refused' ? 'refused' : 'candidate';
  };
  const iso = (date: Date | string) => new Date(date).toISOString();
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
      promotedAt: null,
      reason: null,
    },
  ];
}
