import { sql } from 'drizzle-orm';
import { nightReport } from '../domain/night-report.ts';
import type { RunReport } from '../domain/training.ts';
import { LOCAL_WORKSPACE } from '../domain/workspace.ts';
import type { Queryable } from './database.ts';
import { announceOutbox } from './progress-channel.ts';

/** Has the report of a run that has ended posted, once, if the nightly schedule opened it and its workspace is a chat platform's. */
export async function insertNightReport(tx: Queryable, runId: string): Promise<void> {
  const { rows } = await tx.execute<{
    started_at: Date | string;
    steps: number;
    reason: string | null;
    report: RunReport;
  }>(sql`
    select r.started_at, r.reason, r.report,
      (select count(*)::int from training_steps s where s.run_id = r.id) as steps
    from training_runs r join workspaces w on w.id = r.workspace_id
    where r.id = ${runId} and r.kind = 'retrain' and r.settings ->> 'by' = 'schedule' and w.platform <> ${LOCAL_WORKSPACE}`);
  const [row] = rows;
  if (row === undefined) return;
  const { steps, report, reason } = row;
  const text = nightReport({ startedAt: new Date(row.started_at).toISOString(), steps, reason: reason ?? '', report });
  await tx.execute(sql`
    with post as (
      insert into outbox (id, workspace_id, platform, run_id, kind, payload)
      select gen_random_uuid(), w.id, w.platform, r.id, 'report', ${JSON.stringify({ text })}::jsonb
      from training_runs r join workspaces w on w.id = r.workspace_id where r.id = ${runId}
      on conflict (run_id) do nothing returning platform
    )
    select ${announceOutbox(sql`post.platform`)} from post`);
}
