import { livePolicy } from '../../src/db/policy-queries.ts';
import { bestLately, promoteAfterGate, storeGate } from '../../src/db/policy-store.ts';
import { addToReport, endRun, type HeldRun } from '../../src/db/run-queries.ts';
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
export interface Played {
  readonly model: LoadedModel;
  readonly version: number;
  readonly candidate: TensorMap;
  /** Null for the base. */
  readonly weightsOf: (version: number) => Promise<TensorMap | null>;
}

/** Puts a candidate through the gate, makes it live if it may be, and ends its run. */
export async function gated(setting: TrainingSetting, held: HeldRun, played: Played): Promise<TrainingEnd> {
  const { db } = setting;
  const { version } = played;
  let report = held.report.gate;
  if (report === undefined) {
    report = await gateOf(setting, held, played);
    if (!(await storeGate(db, held, version, report))) return 'lost';
  }
  const reason = await promoted(setting, held, version, report);
  return (await endRun(db, held, { status: 'done', reason })) ? 'ended' : 'lost';
}

/** The candidate meets the live policy first of all. */
async function gateOf(
  { db, maxTurns, gateQuestions, zone, log }: TrainingSetting,
  held: HeldRun,
  { version, candidate, model, weightsOf }: Played,
): Promise<GateReport> {
  const live = await livePolicy(db, held.workspaceId);
  const best = (await bestLately(db, held.workspaceId, BEST_OF_DAYS)) ?? live;
  const versions = [...new Set([live, best])].filter((opponent) => opponent !== version);
  const opponents = await Promise.all(versions.map(async (of) => ({ version: of, weights: await weightsOf(of) })));
  let told = 0;
  return runGate({
    model,
    candidate,
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
  { db }: TrainingSetting,
  held: HeldRun,
  version: number,
  { passed, reasons, summary, overall }: GateReport,
): Promise<string> {
  if (!passed) return `policy ${version} was refused by the gate: ${reasons.join('; ')}`;
  if (held.kind === 'practice')
    return `policy ${version} passed the gate (${summary}); \`foursight policy promote ${version}\` makes it live`;
  const live = overall.opponents[0]?.version ?? held.parent;
  const now = await promoteAfterGate(db, held, { version, live, reason: `run ${held.runId} passed the gate` });
  return now === version
    ? `policy ${version} passed the gate (${summary}) and is live`
    : `policy ${version} passed the gate (${summary}) against policy ${live}, but policy ${now} went live meanwhile`;
}
