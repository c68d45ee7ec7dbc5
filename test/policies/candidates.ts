import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { weightsToBytes } from '../../gpu-worker/jobs/policy-weights.ts';
import { baseModelName } from '../../gpu-worker/models/base-model.ts';
import type { Db } from '../../src/db/database.ts';
import { insertCandidate, type PolicyWeights, storeGate } from '../../src/db/policy-store.ts';
import { addToReport, claimRun, endRun, insertRun } from '../../src/db/run-queries.ts';
import type { GateReport, RunReport } from '../../src/domain/training.ts';
import type { TestStore } from '../db/test-store.ts';
import { openStarter, weightsOf } from '../practice/starter.ts';

export const starter = await openStarter();
export const starterName = await baseModelName(starter);

/** The starter's weights with the signs of its last norm's changed: it prefers what it would shun. */
export const contraryWeights = new Map(
  [...weightsOf(starter)].map(([name, { dims, data }]) => [
    name,
    { dims, data: name === 'model.norm.weight' ? data.map((value) => -value) : data },
  ]),
);

export const contrary = (more: Partial<PolicyWeights> = {}): PolicyWeights => ({
  kind: 'full',
  baseModel: starterName,
  settings: { learningRate: 1e-6 },
  bytes: weightsToBytes(contraryWeights),
  ...more,
});

const wish = { task: 'gameof24', items: [], minutes: null, steps: 2, maxTurns: 6, seed: 7 };

export const gateReport = (passed: boolean): GateReport => {
  const opponents = [
    { version: 0, accuracy: 0.75, onlyCandidate: 3, onlyOpponent: 1, difference: 0.05, lowerBound: -0.01 },
  ];
  const overall = { kind: 'all', total: 40, candidate: 0.8, opponents };
  return {
    passed,
    reasons: passed ? [] : ['dates: at least −8.1 points'],
    summary: passed ? 'passed' : 'refused',
    kinds: [{ ...overall, kind: 'dates', total: 20 }],
    overall,
    ms: 12,
  };
};

export interface Made {
  readonly weights?: PolicyWeights;
  readonly gate?: GateReport;
  readonly report?: RunReport;
}

/** What a run of training leaves behind: the next version of the workspace. */
export async function makeCandidate(
  db: Db,
  workspaceId: string,
  { weights = contrary(), gate, report = {} }: Made = {},
): Promise<{ version: number; runId: string }> {
  const runId = randomUUID();
  await insertRun(db, { runId, workspaceId, kind: 'practice', settings: wish });
  const held = await claimRun(db, runId, 'test');
  if (held === undefined) throw new Error('another run is open');
  const version = await insertCandidate(db, held, weights);
  if (version === undefined) throw new Error('the run was lost');
  if (gate !== undefined) await storeGate(db, held, version, gate);
  await addToReport(db, held, report);
  await endRun(db, held, { status: 'done', reason: 'test' });
  return { version, runId };
}

/** The id of a workspace, which is made if need be; of this machine's unless another is named. */
export async function workspaceOf({ db, loop }: Pick<TestStore, 'db' | 'loop'>, key = 'local'): Promise<string> {
  const platform = key === 'local' ? 'console' : 'slack';
  await loop.setTrainsOnDirect({ platform, workspace: key, person: { key: 'ada', name: 'Ada' } }, false);
  const { rows } = await db.execute<{ id: string }>(sql`select id from workspaces where key = ${key}`);
  return rows[0]?.id ?? '';
}
