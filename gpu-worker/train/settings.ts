import { z } from 'zod';

const fraction = z.number().min(0).max(1);

/** How the learning rate goes over the run, as a factor of `learningRate`. */
const schedule = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant') }),
  /** Rises over `warmup` updates, stays until the share `flat` of all, then falls linearly to `floor`. */
  z.strictObject({
    kind: z.literal('linear'),
    warmup: z.number().int().min(0).default(0),
    flat: fraction.default(0),
    floor: fraction.default(0),
  }),
]);

export type Schedule = z.output<typeof schedule>;

/** The settings that SFT and Flow-GRPO share, by the names of a `--config` file. */
export const optimizerSettings = z.object({
  trainable: z.enum(['lora', 'full']).default('lora'),
  /** Updates; they cycle over the data. */
  steps: z.number().int().min(1).default(1),
  learningRate: z.number().min(0).default(1e-4),
  schedule: schedule.default({ kind: 'constant' }),
  betas: z.tuple([z.number().min(0).lt(1), z.number().min(0).lt(1)]).default([0.9, 0.999]),
  adamEpsilon: z.number().positive().default(1e-8),
  weightDecay: z.number().min(0).default(0.01),
  maxGradNorm: z.number().positive().default(1),
  /** An update whose gradient's norm, before clipping, is above this fails and changes nothing; off unless given. */
  explodingGradNorm: z.number().positive().optional(),
  loraRank: z.number().int().min(1).default(16),
  loraAlpha: z.number().positive().default(64),
  seed: z.number().int().default(0),
});

/** Settings of SFT; sequences an update: `batchSize`. */
export const sftSettings = optimizerSettings.extend({ batchSize: z.number().int().min(1).default(8) });

/**
 * Settings of Flow-GRPO; questions an update: `batchSize`. The defaults are the paper's (arXiv 2510.05592, section 4.1 and
 * its configuration): all weights, sampled at temperature 0.5.
 */
export const flowGrpoSettings = optimizerSettings.extend({
  trainable: optimizerSettings.shape.trainable.unwrap().default('full'),
  learningRate: optimizerSettings.shape.learningRate.unwrap().default(1e-6),
  batchSize: z.number().int().min(1).default(32),
  /** Of the KL term. */
  beta: z.number().min(0).default(0.001),
  /** The ratio is clipped to [1 − epsilonLow, 1 + epsilonHigh]. */
  epsilonLow: z.number().min(0).max(1).default(0.2),
  epsilonHigh: z.number().min(0).default(0.3),
  /** That the actions were sampled with. */
  temperature: z.number().positive().default(0.5),
  /** What the mean entropy of the actions' tokens, weighted as in the loss, counts; 0: no bonus. */
  entropyBonus: z.number().min(0).default(0),
  /** The most that a token with a negative advantage loses, as a factor of it; off unless given. */
  dualClip: z.number().gt(1).optional(),
});

export type FlowGrpoSettings = z.output<typeof flowGrpoSettings>;
export type OptimizerSettings = z.output<typeof optimizerSettings>;
export type SftSettings = z.output<typeof sftSettings>;

/**
 * The learning rate of an update.
 * @param step from 1
 */
export function learningRateAt({ learningRate, schedule: plan, steps }: OptimizerSettings, step: number): number {
  if (plan.kind === 'constant') return learningRate;
  const warm = plan.warmup === 0 ? 1 : Math.min(1, step / plan.warmup);
  const flatEnd = Math.max(plan.warmup, plan.flat * steps);
  const fallen = steps <= flatEnd ? 0 : Math.min(1, Math.max(0, (step - flatEnd) / (steps - flatEnd)));
  return learningRate * warm * (1 - (1 - plan.floor) * fallen);
}
