import { runningRoles } from '../db/instance-queries.ts';
import { outboxCounts } from '../db/outbox-queries.ts';
import { localWorkspaceId } from '../db/place-queries.ts';
import { livePolicy } from '../db/policy-queries.ts';
import { questionCounts } from '../db/question-queries.ts';
import { listRuns } from '../db/run-queries.ts';
import type { ServiceStatus } from '../domain/ports.ts';
import type { LoopSetting } from './loop.ts';

/** Ready means: the database and the queue answer, and a worker was seen lately. */
export async function serviceStatus({ db, queue }: LoopSetting): Promise<ServiceStatus> {
  const workspaceId = await localWorkspaceId(db);
  const [roles, counts, questions, outbox, live, runs] = await Promise.all([
    runningRoles(db),
    queue.counts(),
    questionCounts(db),
    outboxCounts(db),
    workspaceId === undefined ? 0 : livePolicy(db, workspaceId),
    workspaceId === undefined ? [] : listRuns(db, workspaceId, 1),
  ]);
  const { open, answered, failed } = questions;
  return {
    ready: roles.some((role) => role.role === 'worker'),
    roles,
    queue: counts,
    questions: { open, answered, failed },
    outbox,
    livePolicy: live,
    lastRun: runs[0] ?? null,
  };
}
