import type { RetrainLearning } from '../../src/domain/training.ts';
import { LEAST_CONFIDENCE, STARTER_TEMPERATURE } from '../flow/starter/starter-agents.ts';
import { flowGrpoSettings } from '../train/settings.ts';
import type { LearningSettings } from './learning-run.ts';
import { EXPLODING } from './practice-settings.ts';

/** How a run of `retrain` goes. */
export interface RetrainSettings extends LearningSettings {
  /** The most rated questions that a step rolls out. */
  readonly questions: number;
  /** G: the most rollouts of a question; fewer where there are many questions, so that a step has at most `rollouts`. */
  readonly members: number;
  readonly rollouts: number;
  /** Generated questions a step, of every kind: without an advantage, only the KL to the live policy counts there. */
  readonly anchors: number;
  readonly anchorMembers: number;
  /** What all anchors weigh beside all rated questions. */
  readonly anchorWeight: number;
  /** Updates a step; each sees a share of the questions. */
  readonly minibatches: number;
  /** Rewards of a question that deviate by less count as if they did by this much. */
  readonly leastDeviation: number;
  /** Live trajectories of a policy that is more versions away are left out. */
  readonly mostVersionsBack: number;
  /** Of live answers. */
  readonly maxTurns: number;
  readonly zone: string;
  /** Rollouts at the same time. */
  readonly concurrency: number;
}

/** What the rollouts share with live answers. */
export interface LiveSettings {
  readonly temperature: number;
  readonly maxTurns: number;
  readonly zone: string;
}

/**
 * Found on a team that likes one of two right answers better (`npm run bench -- preference`). With AdamW's usual ε every gradient
 * comes to steps of one size; an ε above most of the gradient makes a step more nearly as large as what the votes say (whether they say anything is
 * asked before: `chancesOfVotes`). β holds a policy between two answers whatever the votes (k3's gradient is the forward KL's), at 0.2 with a
 * fifth of the disliked ones left; what is to be kept, anchors keep.
 */
export const retrainDefaults = {
  questions: 160,
  members: 8,
  rollouts: 640,
  anchors: 40,
  anchorMembers: 2,
  anchorWeight: 20,
  minibatches: 2,
  leastDeviation: 0.25,
  mostVersionsBack: 3,
  concurrency: 256,
  steps: 6,
  minutes: null,
  leastConfidence: LEAST_CONFIDENCE,
} as const;

const trainDefaults = {
  trainable: 'full',
  learningRate: 3e-3,
  adamEpsilon: 3e-3,
  betas: [0.9, 0.95],
  weightDecay: 0,
  beta: 0.01,
  explodingGradNorm: EXPLODING,
} as const;

/**
 * The settings of a run. Greedy live answers explore nothing; rollouts then take the starter's temperature.
 * @param learning what is to be otherwise than usual
 */
export function retrainSettings(
  { temperature, maxTurns, zone }: LiveSettings,
  seed: number,
  learning: RetrainLearning = {},
): RetrainSettings {
  const { train, ...ofRun } = learning;
  const sampling = temperature > 0 ? temperature : STARTER_TEMPERATURE;
  return {
    ...retrainDefaults,
    ...ofRun,
    maxTurns,
    zone,
    seed,
    train: flowGrpoSettings.parse({ ...trainDefaults, ...train, temperature: sampling }),
  };
}
