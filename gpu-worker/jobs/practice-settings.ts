import { type FlowGrpoSettings, flowGrpoSettings } from '../train/settings.ts';

/** How a run of `practice` goes. */
export interface PracticeSettings {
  /** Practised questions a step, and questions of other kinds beside them, so that nothing is unlearned. */
  readonly questions: number;
  readonly mixed: number;
  /** G: rollouts a question. */
  readonly members: number;
  /** Updates a step; each sees a share of the groups. */
  readonly minibatches: number;
  readonly maxTurns: number;
  readonly seed: number;
  /** The run ends when one of them is reached. */
  readonly steps: number | null;
  readonly minutes: number | null;
  readonly zone: string;
  /** Rollouts at the same time. */
  readonly concurrency: number;
  readonly train: FlowGrpoSettings;
}

/** Norms of gradients lie between 0.1 and 1. */
export const EXPLODING = 100;

/** What was found to work (facts of the Game of 24 prototype), not swept. */
export const practiceDefaults = {
  questions: 48,
  mixed: 12,
  members: 8,
  minibatches: 2,
  maxTurns: 6,
  seed: 0,
  steps: null,
  minutes: null,
  zone: 'UTC',
  concurrency: 256,
  train: flowGrpoSettings.parse({
    trainable: 'full',
    learningRate: 4e-4,
    betas: [0.9, 0.95],
    weightDecay: 0,
    beta: 0.02,
    temperature: 1,
    entropyBonus: 0.003,
    explodingGradNorm: EXPLODING,
  }),
} as const satisfies PracticeSettings;

/** Updates over which the learning rate rises, the share of the run until which it stays, and the share of it that is left at the end. */
const WARMUP = 10;
const FLAT = 0.5;
const FLOOR = 0.05;

/**
 * The learning rate as a factor of the settings'.
 * @param update from 1
 * @param done share of the run that is over, by steps or by time, in [0, 1]
 */
export function learningRateFactor(update: number, done: number): number {
  const fallen = Math.min(1, Math.max(0, (done - FLAT) / (1 - FLAT)));
  return Math.min(1, update / WARMUP) * (1 - (1 - FLOOR) * fallen);
}

/**
 * The entropy bonus as a factor of the settings', in [0, 1]: exploring pays early. Later it would only spread what no reward holds in place,
 * first the turns after a failed attempt, which then become tool errors.
 * @param done share of the run that is over, in [0, 1]
 */
export const entropyFactor = (done: number): number => Math.max(0, 1 - done / FLAT);
