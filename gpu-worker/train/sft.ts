import type { Example } from './micro-batch.ts';
import type { SftSettings } from './settings.ts';
import { learningRateAt } from './settings.ts';
import { TrainError } from './train-error.ts';
import type { TensorMap, Trainer, TrainerOptions, TrainerState } from './trainer.ts';
import { openTrainer } from './trainer.ts';

/** A sequence; `mask[t]` 1 means that ids[t] is to be learnt from the tokens before it. mask[0] is 0. */
export interface SftExample {
  readonly ids: readonly number[];
  readonly mask: readonly number[];
}

export interface SftStep {
  /** From 1. */
  readonly step: number;
  /** Mean negative log-likelihood of the learnt tokens of the whole batch, before the update. */
  readonly loss: number;
  /** Before clipping. */
  readonly gradNorm: number;
  /** All tokens of the batch, without padding. */
  readonly tokens: number;
  readonly ms: number;
}

export interface SftTrainer {
  readonly parameters: Trainer['parameters'];
  /**
   * Learns from one batch.
   * @param learningRate in place of the settings' and their schedule's, for runs whose number of updates is not known
   * @throws TrainError when it has nothing to learn, or training has diverged
   */
  step(batch: readonly SftExample[], learningRate?: number): Promise<SftStep>;
  /** The mean negative log-likelihood of the learnt tokens; changes nothing. */
  evaluate(examples: readonly SftExample[]): Promise<number>;
  weights(): TensorMap;
  state(): TrainerState;
  restore(state: TrainerState): void;
  close(): Promise<void>;
}

export type SftOptions = TrainerOptions & { readonly settings: SftSettings };

/** Supervised fine-tuning: cross entropy on the masked tokens, AdamW, all weights or LoRA. */
export async function openSftTrainer(options: SftOptions): Promise<SftTrainer> {
  return sftTrainer(await openTrainer(options), options.settings);
}

export function sftTrainer(trainer: Trainer, settings: SftSettings): SftTrainer {
  let steps = trainer.state().step;
  return {
    parameters: trainer.parameters,
    async step(batch, givenRate) {
      const started = performance.now();
      const { loss } = await trainer.gradients(weighted(batch));
      steps += 1;
      const learningRate = givenRate ?? learningRateAt(settings, steps);
      const gradNorm = await trainer.update({ ...settings, learningRate });
      const tokens = batch.reduce((sum, { ids }) => sum + ids.length, 0);
      return { step: steps, loss, gradNorm, tokens, ms: performance.now() - started };
    },
    async evaluate(examples) {
      const weights = weighted(examples);
      const { logProbabilities } = await trainer.score(weights);
      return -logProbabilities.reduce(
        (sum, values, i) => sum + values.reduce((part, value, t) => part + value * (weights[i]?.weights[t] ?? 0), 0),
        0,
      );
    },
    weights: () => trainer.weights(),
    state: () => trainer.state(),
    restore(state) {
      trainer.restore(state);
      steps = state.step;
    },
    close: () => trainer.close(),
  };
}

/** Every learnt token weighs 1 / learnt tokens of the whole batch: not a mean of the sequences' means. */
function weighted(batch: readonly SftExample[]): Example[] {
  let learnt = 0;
  for (const { ids, mask } of batch) {
    if (mask.length !== ids.length)
      throw new TrainError(
        'MASK_DOES_NOT_FIT',
        `${ids.length} ids with a mask of ${mask.length}`,
        'Give every token its 0 or 1.',
      );
    for (let t = 1; t < mask.length; t++) if (mask[t] === 1) learnt += 1;
  }
  return batch.map(({ ids, mask }) => ({ ids, weights: mask.map((on, t) => (t > 0 && on === 1 ? 1 / learnt : 0)) }));
}

/** Batches of the data in a seeded order, shuffled anew at every pass. */
export function* cycleBatches<T>(data: readonly T[], batchSize: number, random: () => number): Generator<T[]> {
  let pass: T[] = [];
  for (;;) {
    const batch: T[] = [];
    while (batch.length < Math.min(batchSize, data.length)) {
      if (pass.length === 0) pass = shuffled(data, random);
      const item = pass.pop();
      if (item === undefined) return;
      batch.push(item);
    }
    yield batch;
  }
}

function shuffled<T>(data: readonly T[], random: () => number): T[] {
  const order = [...data];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] as T, order[i] as T];
  }
  return order;
}
