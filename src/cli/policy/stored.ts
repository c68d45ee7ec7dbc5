import type { Config } from '../../config.ts';
import { livePolicy } from '../../db/policy-queries.ts';
import { type PolicyWeights, readPolicyWeights } from '../../db/policy-store.ts';
import { viewRun } from '../../db/run-queries.ts';
import type { PolicyDetail } from '../../domain/policy.ts';
import type { RunDetail } from '../../domain/training.ts';
import { withSession } from '../session.ts';

/** What the database holds of a policy version. */
export interface StoredPolicy {
  readonly config: Config;
  readonly detail: PolicyDetail;
  /** The run that made it. */
  readonly run: RunDetail | undefined;
  /** Of version 0 there are none. */
  readonly weights: PolicyWeights | undefined;
}

/**
 * @param wanted the live version unless given
 * @throws InputError for an unknown version; FoursightError when the stored weights are damaged
 */
export function readStoredPolicy(wanted?: number): Promise<StoredPolicy> {
  return withSession({ needsWorker: false }, async ({ config, loop, db, workspaceId }) => {
    const version = wanted ?? (await livePolicy(db, workspaceId));
    const detail = await loop.policy(workspaceId, version);
    return {
      config,
      detail,
      run: detail.runId === null ? undefined : await viewRun(db, detail.runId),
      weights: await readPolicyWeights(db, workspaceId, version),
    };
  });
}
