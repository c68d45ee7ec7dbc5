import type { Db } from '../../src/db/database.ts';
import { livePolicy } from '../../src/db/policy-queries.ts';
import {
  bestLately,
  insertCandidate,
  promoteAfterGate,
  readPolicyWeights,
  storeGate,
} from '../../src/db/policy-store.ts';
import { addToReport, claimRun, endRun, type HeldRun, insertStep, readCheckpoint } from '../../src/db/run-queries.ts';
import type { GateReport, StepMetrics } from '../../src/domain/training.ts';
import { FoursightError } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import { baseModelName } from '../models/base-model.ts';
import { weightShapes } from '../models/decoder-weights.ts';
import { modelFolder } from '../models/location.ts';
import { type LoadedModel, openModel } from '../models/model.ts';
import { tools } from '../tools/registry.ts';
import { stateBytes } from '../train/checkpoint.ts';
import { TrainError } from '../train/train-error.ts';
import type { TensorMap } from '../train/trainer.ts';
import { runGate } from './gate.ts';
import { scaledCounts } from './gate-questions.ts';
import type { LearningCheckpoint, LearningStep, Learnt, SourceFigures } from './learning-run.ts';
import { checkBase, weightsFromBytes, weightsToBytes } from './policy-weights.ts';
import { practiceOf } from './practice-job.ts';
import { retrainOf } from './retrain-job.ts';
import { seedOf } from './seed.ts';
import { resumed, storedPosition } from './stored-checkpoint.ts';

/** What a run works with. */
export interface TrainingSetting {
  readonly db: Db;
  /** A model folder or the name of a pulled repository, and where those are. */
  readonly model: string;
  readonly home: string;
  /** Of people whose own zone is not known. */
  readonly zone: string;
  /** Of live answers. */
  readonly temperature: number;
  /** Budget of turns of live answers. */
  readonly maxTurns: number;
  /** Of a gate. */
  readonly gateQuestions: number;
  /** The name of this worker. */
  readonly worker: string;
  readonly log: Log;
}

/** `lost`: another worker has taken the run over; `over`: it had ended before. */
export type TrainingEnd = 'ended' | 'lost' | 'over';

/** A run that takes down every worker that takes it is given up in the end. */
const MOST_WORKERS = 40;
/** Days in which a candidate's predecessors are looked for the best. */
const BEST_OF_DAYS = 30;

/** What a kind of run does between claim and candidate. */
export interface LearningJob {
  readonly held: HeldRun;
  readonly setting: TrainingSetting;
  readonly model: LoadedModel;
  readonly start: TensorMap;
  readonly resume: LearningCheckpoint | undefined;
  readonly onStep: <F extends SourceFigures>(
    step: LearningStep<F>,
    checkpoint: () => LearningCheckpoint,
  ) => Promise<'stop' | unknown>;
}

/** Thrown through the learning loop when the run belongs to another worker by now. */
export class RunLost extends Error {}

/**
 * Does one run of training, from where its last worker left it: learns, makes a candidate, puts it through the gate, and promotes it when
 * it came from votes and passed. A run that cannot succeed is ended with the reason; the live policy is touched by nothing else.
 * @throws DatabaseError and whatever may pass: the queue tries again
 */
export async function runTraining(setting: TrainingSetting, runId: string): Promise<TrainingEnd> {
  const { db, log } = setting;
  const held = await claimRun(db, runId, setting.worker);
  if (held === undefined) return 'over';
  log.info({ runId, kind: held.kind, epoch: held.epoch }, 'training');
  const fail = async (reason: string): Promise<TrainingEnd> =>
    (await endRun(db, held, { status: 'failed', reason })) ? 'ended' : 'lost';
  if (held.epoch > MOST_WORKERS) return fail(`${MOST_WORKERS} workers ended one after another while they worked on it`);
  try {
    return await trained(setting, held);
  } catch (error) {
    if (error instanceof RunLost) return 'lost';
    if (!isFinal(error)) throw error;
    log.error({ runId, err: error }, 'training failed');
    return fail(`${error.message}. ${error.remedy}`);
  }
}

/** Trying again would come to the same. */
const isFinal = (error: unknown): error is FoursightError =>
  error instanceof TrainError ||
  (error instanceof FoursightError && error.name === 'ModelError') ||
  (error instanceof FoursightError && ['POLICY_OF_OTHER_MODEL', 'STORED_WEIGHTS_DAMAGED'].includes(error.code));

async function trained(setting: TrainingSetting, held: HeldRun): Promise<TrainingEnd> {
  const { db } = setting;
  const model = await openModel(modelFolder(setting.model, setting.home));
  const baseModel = await baseModelName(model);
  const weightsOf = (version: number) => policyWeights(setting, held, model, baseModel, version);
  let [version, candidate] = [held.version, held.version === null ? null : await weightsOf(held.version)];
  if (version === null || candidate === null) {
    const learnt = await learntWeights(setting, held, model, (await weightsOf(held.parent)) ?? baseWeights(model));
    if (typeof learnt === 'string')
      return (await endRun(db, held, { status: 'no update', reason: learnt })) ? 'ended' : 'lost';
    candidate = learnt.weights;
    const stored = {
      kind: 'full',
      baseModel,
      settings: { ...held.settings, steps: learnt.steps, updates: learnt.updates },
      bytes: weightsToBytes(candidate),
    } as const;
    version = (await insertCandidate(db, held, stored)) ?? null;
    if (version === null) return 'lost';
  }
  return gated(setting, held, { model, version, candidate, weightsOf });
}

/** What was learnt, or in words why nothing was. */
async function learntWeights(
  setting: TrainingSetting,
  held: HeldRun,
  model: LoadedModel,
  start: TensorMap,
): Promise<Learnt | string> {
  const { db } = setting;
  const checkpoint = await readCheckpoint(db, held.runId);
  const job: LearningJob = {
    held,
    setting,
    model,
    start,
    resume: checkpoint && resumed(checkpoint),
    async onStep(step, now) {
      const { trainer, ...position } = now();
      const stored = await insertStep(db, held, {
        metrics: metricsOf(step),
        checkpoint: { step: step.step, position: storedPosition(position, trainer), bytes: stateBytes(trainer) },
      });
      if (stored === 'lost') throw new RunLost();
      const reward = step.step === 1 ? { rewardBefore: step.reward } : {};
      await addToReport(db, held, { ...reward, rewardAfter: step.reward });
      return stored;
    },
  };
  const learnt = await (held.kind === 'practice' ? practiceOf(job) : retrainOf(job));
  if (typeof learnt === 'string') return learnt;
  if (learnt.steps === 0) return 'it was stopped before its first step';
  if (learnt.updates === 0)
    return 'every question was answered equally well by all its rollouts: nothing to learn from';
  return learnt;
}

const metricsOf = <F extends SourceFigures>(step: LearningStep<F>): StepMetrics =>
  Object.fromEntries(
    Object.entries(step).filter(([, value]) => value === null || ['number', 'object'].includes(typeof value)),
  ) as StepMetrics;

/** Null for the base. */
async function policyWeights(
  { db }: TrainingSetting,
  { workspaceId }: HeldRun,
  model: LoadedModel,
  baseModel: string,
  version: number,
): Promise<TensorMap | null> {
  if (version === 0) return null;
  const what = `policy version ${version}`;
  const stored = await readPolicyWeights(db, workspaceId, version);
  if (stored === undefined)
    throw new TrainError('POLICY_UNKNOWN', `there is no ${what}`, '`foursight policy list` shows which there are.');
  checkBase(stored, baseModel, what);
  const tensors = weightsFromBytes(stored.bytes, what);
  const missing = [...weightShapes(model.config).keys()].find((name) => !tensors.has(name));
  if (stored.kind === 'full' && missing === undefined) return tensors;
  throw new TrainError(
    'POLICY_NOT_TRAINABLE',
    `${what} holds no full weights of this planner`,
    'Train from a version that was made by this planner: `foursight policy promote 0`.',
  );
}

const baseWeights = (model: LoadedModel): TensorMap =>
  new Map([...weightShapes(model.config)].map(([name, dims]) => [name, { dims, data: model.readTensor(name) }]));

/** What goes through the gate. */
interface Played {
  readonly model: LoadedModel;
  readonly version: number;
  readonly candidate: TensorMap;
  /** Null for the base. */
  readonly weightsOf: (version: number) => Promise<TensorMap | null>;
}

async function gated(setting: TrainingSetting, held: HeldRun, played: Played): Promise<TrainingEnd> {
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
