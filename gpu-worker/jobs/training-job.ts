import { insertCandidate, readPolicyWeights } from '../../src/db/policy-store.ts';
import { addToReport, claimRun, endRun, type HeldRun, insertStep, readCheckpoint } from '../../src/db/run-queries.ts';
import type { StepMetrics } from '../../src/domain/training.ts';
import { FoursightError } from '../../src/errors.ts';
import { baseModelName } from '../models/base-model.ts';
import { weightShapes } from '../models/decoder-weights.ts';
import { modelFolder } from '../models/location.ts';
import { type LoadedModel, openModel } from '../models/model.ts';
import { stateBytes } from '../train/checkpoint.ts';
import { TrainError } from '../train/train-error.ts';
import type { TensorMap } from '../train/trainer.ts';
import { gated } from './candidate-gate.ts';
import type { LearningStep, Learnt } from './learning-run.ts';
import { checkBase, weightsFromBytes, weightsToBytes } from './policy-weights.ts';
import { practiceOf } from './practice-job.ts';
import { retrainOf } from './retrain-job.ts';
import { resumed, storedPosition } from './stored-checkpoint.ts';
import { type LearningJob, RunLost, type TrainingEnd, type TrainingSetting } from './training-setting.ts';
import type { SourceFigures } from './trajectory-source.ts';

/** A run that takes down every worker that takes it is given up in the end. */
const MOST_WORKERS = 40;

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
