import type { Queryable } from '../../src/db/database.ts';
import { livePolicy } from '../../src/db/policy-queries.ts';
import { bestLately, promoteAfterGate, storeGate } from '../../src/db/policy-store.ts';
import { addToReport, endRun, type HeldRun, stillHeld } from '../../src/db/run-queries.ts';
import type { GateReport } from '../../src/domain/training.ts';
import type { LoadedModel } from '../models/model.ts';
import { tools } from '../tools/registry.ts';
import type { TensorMap } from '../train/trainer.ts';
import { runGate } from './gate.ts';
import { scaledCounts } from './gate-questions.ts';
import { seedOf } from './seed.ts';
import type { TrainingEnd, TrainingSetting } from './training-setting.ts';

/** Days in which a candidate's predecessors are looked for the best. */
const BEST_OF_DAYS = 30;

/** What goes through the gate. */
export interface Candidate {
  readonly model: LoadedModel;
  readonly baseModel: string;
  readonly version: number;
  readonly weights: TensorMap;
  /** Of another version; null for the base. */
  readonly weightsOf: (version: number) => Promise<TensorMap | null>;
}

/** Puts a candidate through the gate, then makes it live, if it may be, and ends its run, both or neither. */
export async function gated(setting: TrainingSetting, held: HeldRun, candidate: Candidate): Promise<TrainingEnd> {
  const { db } = setting;
  const { version } = candidate;
  let report = held.report.gate;
  if (report === undefined) {
    report = await gateOf(setting, held, candidate);
    if (!(await storeGate(db, held, version, report))) return 'lost';
  }
  const gate = report;
  const ended = await db.transaction(async (tx) => {
    if ((await stillHeld(tx, held)) === undefined) return false;
    return endRun(tx, held, { status: 'done', reason: await promoted(tx, held, version, gate) });
  });
  return ended ? 'ended' : 'lost';
}

/** The candidate meets the live policy first of all. */
async function gateOf(
  { db, maxTurns, gateQuestions, zone, log }: TrainingSetting,
  held: HeldRun,
  { version, weights, model, baseModel, weightsOf }: Candidate,
): Promise<GateReport> {
  const live = await livePolicy(db, held.workspaceId);
  const best = (await bestLately(db, held.workspaceId, { days: BEST_OF_DAYS, baseModel })) ?? live;
  const known = [live, best].filter((opponent) => opponent !== version);
  // Somebody may have made it live by force meanwhile.
  const versions = [...new Set(known.length === 0 ? [held.parent] : known)];
  const opponents = await Promise.all(versions.map(async (of) => ({ version: of, weights: await weightsOf(of) })));
  let told = 0;
  return runGate({
    model,
    candidate: weights,
    opponents,
    seed: seedOf(held.runId),
    perKind: scaledCounts(gateQuestions),
    maxTurns,
    zone,
    tools,
    log,
    onProgress(done, of) {
      const tenth = Math.floor((10 * done) / of) / 10;
      if (tenth <= told) return;
      told = tenth;
      addToReport(db, held, { gateDone: tenth }).catch((error: unknown) => log.debug({ err: error }, 'progress'));
    },
  });
}

async function promoted(
  tx: Queryable,
  held: HeldRun,
  version: number,
  { passed, reasons, summary }: GateReport,
): Promise<string> {
  if (!passed) return `policy ${version} was refused by the gate: ${reasons.join('; ')}`;
  const by = `\`foursight policy promote ${version}\` makes it live`;
  if (held.kind === 'practice') return `policy ${version} passed the gate (${summary}); ${by}`;
  const live = await promoteAfterGate(tx, held, { version, reason: `run ${held.runId} passed the gate` });
  if (live === version) return `policy ${version} passed the gate (${summary}) and is live`;
  return `policy ${version} passed the gate (${summary}), but was trained from policy ${held.parent} and ${live} is live by now; ${by}`;
}
