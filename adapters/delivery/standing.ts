import type { ChatDesk, WorkspaceOfPlatform } from '../../src/domain/chat.ts';
import type { PolicySummary } from '../../src/domain/policy.ts';
import type { Loop } from '../../src/domain/ports.ts';
import type { RunDetail } from '../../src/domain/training.ts';
import type { ShownStatus, Undeliverable } from './admin-text.ts';

const DAYS = 7;
/** Among which the last one of the night is looked for. */
const RUNS = 20;

/** What answers questions about the service and a workspace. */
export interface Administration {
  readonly loop: Loop;
  readonly desk: Pick<ChatDesk, 'workspaceId' | 'undeliverable'>;
}

/** How the service and a workspace stand. */
export interface Standing {
  readonly status: ShownStatus;
  /** undefined when the workspace has not asked anything yet. */
  readonly livePolicy: PolicySummary | undefined;
}

/** The service's status, with the live policy and the last run of the workspace that wants to know. */
export async function standingOf(
  { loop, desk }: Administration,
  { platform, workspace }: WorkspaceOfPlatform,
): Promise<Standing> {
  const id = await desk.workspaceId(platform, workspace);
  const [status, policies, runs] = await Promise.all([loop.status(), loop.policies(id), loop.runs(id, 1)]);
  const livePolicy = policies.find((policy) => policy.status === 'live');
  return { livePolicy, status: { ...status, livePolicy: livePolicy?.version ?? 0, lastRun: runs[0] ?? null } };
}

export const undeliverableIn = (
  { desk }: Administration,
  { platform, workspace }: WorkspaceOfPlatform,
): Promise<readonly Undeliverable[]> => desk.undeliverable(platform, workspace, DAYS);

/** The last run of a night; of a workspace that has had none, the last one that somebody asked for. */
export async function lastNight(
  { loop, desk }: Administration,
  { platform, workspace }: WorkspaceOfPlatform,
): Promise<RunDetail | null> {
  let asked: RunDetail | null = null;
  for (const { runId, kind, steps } of await loop.runs(await desk.workspaceId(platform, workspace), RUNS)) {
    if (kind !== 'retrain') continue;
    const run = await loop.run(runId, steps);
    if (run.settings.by === 'schedule') return run;
    asked ??= run;
  }
  return asked;
}
