import { availableParallelism } from 'node:os';
import type { Db } from '../../src/db/database.ts';
import { insertCandidate, readPolicyWeights } from '../../src/db/policy-store.ts';
import { claimRun, endRun, type HeldRun, insertStep, readCheckpoint } from '../../src/db/run-queries.ts';
import type { StepMetrics } from '../../src/domain/training.ts';
import { FoursightError } from '../../src/errors.ts';
import { baseModelName } from '../models/base-model.ts';
import { weightShapes } from '../models/decoder-weights.ts';
import { modelFolder } from '../models/location.ts';
import { allWeights, type LoadedModel, openModel } from '../models/model.ts';
import { ModelError } from '../models/model-error.ts';
import { stateBytes } from '../train/checkpoint.ts';
import { parametersOf, tensorsOf } from '../train/parameters.ts';
import { TrainError } from '../train/train-error.ts';
import type { TensorMap } from '../train/trainer.ts';
import { gated } from './candidate-gate.ts';
import type { LearningCheckpoint, LearningStep, Learnt } from './learning-run.ts';
import { checkBase, weightsFromBytes, weightsToBytes } from './policy-weights.ts';
import { practiceOf } from './practice-job.ts';
import { retrainOf } from './retrain-job.ts';
import { resumed, storedPosition } from './stored-checkpoint.ts';
import {
  type LearningJob,
  RunLost,
  type Terms,
  type TrainingEnd,
  type TrainingSetting,
  termsSchema,
} from './training-setting.ts';
import type { SourceFigures } from './trajectory-source.ts';

/** A run that takes down every worker that takes it is given up in the end. */
const MOST_WORKERS = 40;

/**
 * Does one run of training, from where its last worker left it: learns, makes a candidate, puts it through the gate, and promotes it when
 * it came from votes and passed. A run that cannot succeed is ended with the reason; the live policy is touched by nothing else.
 * @throws DatabaseError and whatever may pass: the queue tries again
 */
export async function runTraining(setting: TrainingSetting, runId: string): Promise<TrainingEnd> {
  const { db, log, zone, temperature, maxTurns, gateQuestions } = setting;
  const own: Terms = { zone, temperature, maxTurns, gateQuestions, workers: availableParallelism() };
  const held = await claimRun(db, runId, setting.worker, own);
  if (held === undefined) return 'over';
  log.info({ runId, kind: held.kind, epoch: held.epoch }, 'training');
  const fail = (reason: string) => ended(db, held, 'failed', reason);
  if (held.claims > MOST_WORKERS)
    return fail(`${MOST_WORKERS} workers ended one after another without getting on with it`);
  try {
    const terms = termsSchema.parse(held.settings.terms);
    return await trained({ ...setting, ...terms }, held);
  } catch (error) {
    if (error instanceof RunLost) return 'lost';
    if (!isFinal(error)) throw error;
    log.error({ runId, err: error }, 'training failed');
    return fail(`${error.message}. ${error.remedy}`);
  }
}

const ended = async (db: Db, held: HeldRun, status: 'no update' | 'failed', reason: string): Promise<TrainingEnd> =>
  (await db.transaction((tx) => endRun(tx, held, { status, reason }))) ? 'ended' : 'lost';

/** Trying again would come to the same. */
const isFinal = (error: unknown): error is FoursightError =>
  error instanceof TrainError ||
  error instanceof ModelError ||
  (error instanceof FoursightError && finalCodes.has(error.code));
const finalCodes = new Set(['POLICY_OF_OTHER_MODEL', 'POLICY_WEIGHTS_UNUSABLE', 'STORED_WEIGHTS_DAMAGED']);

async function trained(setting: TrainingSetting, held: HeldRun): Promise<TrainingEnd> {
  const { db } = setting;
  const model = await openModel(modelFolder(setting.model, setting.home));
  const baseModel = await baseModelName(model);
  const weightsOf = (version: number) => policyWeights(setting, held, model, baseModel, version);
  const made = held.version === null ? null : await weightsOf(held.version);
  if (held.version !== null && made !== null)
    return gated(setting, held, { model, baseModel, version: held.version, weights: made, weightsOf });
  const learnt = await learntWeights(setting, held, model, (await weightsOf(held.parent)) ?? allWeights(model));
  if (typeof learnt === 'string') return ended(db, held, 'no update', learnt);
  const { weights, steps, updates } = learnt;
  const { items: _, ...settings } = held.settings;
  const version = await insertCandidate(db, held, {
    kind: 'full',
    baseModel,
    settings: { ...settings, steps, updates },
    bytes: weightsToBytes(weights),
  });
  if (version === undefined) return 'lost';
  return gated(setting, held, { model, baseModel, version, weights, weightsOf });
}

/** What was learnt, or in words why nothing was. */
async function learntWeights(
  setting: TrainingSetting,
  held: HeldRun,
  model: LoadedModel,
  start: TensorMap,
): Promise<Learnt | string> {
  const { db } = setting;
  const stored = await readCheckpoint(db, held.runId);
  const resume = stored && resumed(stored);
  // Stopped between its last step and the end of its worker.
  if (held.stopAsked) return resume === undefined ? NEVER_BEGUN : weightsAt(resume, model);
  const job: LearningJob = {
    held,
    setting,
    model,
    start,
    resume,
    async onStep(step, checkpoint) {
      const { trainer, ...position } = checkpoint();
      const outcome = await insertStep(db, held, {
        metrics: metricsOf(step),
        report: { ...(step.step === 1 && { rewardBefore: step.reward }), rewardAfter: step.reward },
        checkpoint: { step: step.step, position: storedPosition(position, trainer), bytes: stateBytes(trainer) },
      });
      if (outcome === 'lost') throw new RunLost();
      return outcome;
    },
  };
  const learnt = await (held.kind === 'practice' ? practiceOf(job) : retrainOf(job));
  if (typeof learnt === 'string') return learnt;
  if (learnt.updates === 0)
    return 'every question was answered equally well by all its rollouts: nothing to learn from';
  return learnt;
}

const NEVER_BEGUN = 'it was stopped before its first step';

const weightsAt = ({ trainer, step, updates }: LearningCheckpoint, { config }: LoadedModel): Learnt => ({
  weights: tensorsOf(parametersOf(weightShapes(config)), trainer.weights),
  steps: step,
  updates,
});

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
