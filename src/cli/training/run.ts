import { modelFolder } from '../../../gpu-worker/models/location.ts';
import { type LoadedModel, openModel } from '../../../gpu-worker/models/model.ts';
import type { OptimizerSettings } from '../../../gpu-worker/train/settings.ts';
import type { TensorMap, TrainerOptions } from '../../../gpu-worker/train/trainer.ts';
import { readConfig } from '../../config.ts';
import { FoursightError } from '../../errors.ts';
import { writeLine } from '../output.ts';
import { withStopSignals } from '../signals.ts';
import { trainingStart } from './start.ts';
import { StepReport } from './step-report.ts';

/** The options that `sft` and `train` share. */
export interface TrainingOptions {
  readonly model?: string;
  readonly lora?: string;
  readonly out: string;
  readonly config?: string;
  readonly json?: true;
}

/** The model of `--model`, otherwise of FOURSIGHT_MODEL. */
export async function chosenModel({ model }: TrainingOptions): Promise<LoadedModel> {
  const config = readConfig();
  return openModel(modelFolder(model ?? config.model, config.home));
}

type Opening = Pick<TrainerOptions, 'config' | 'trainable' | 'start' | 'maxLength'>;

interface Learner {
  weights(): TensorMap;
  close(): Promise<void>;
}

interface Training<Trainer extends Learner> {
  readonly model: LoadedModel;
  readonly settings: Pick<OptimizerSettings, 'trainable' | 'loraRank' | 'loraAlpha' | 'seed' | 'steps'>;
  /** All that is learnt from, for the longest. */
  readonly sequences: readonly { readonly ids: readonly number[] }[];
  open(opening: Opening): Promise<Trainer>;
  /** Takes the next step. `note` and `more` are what `StepReport.add` tells of it. */
  step(trainer: Trainer): Promise<{
    readonly result: { readonly step: number; readonly ms: number };
    readonly note: string;
    readonly more: string;
  }>;
}

/**
 * Takes the steps of the settings, telling each, and writes the weights to `--out`: a PEFT folder or, with all weights, a
 * model folder. Ctrl-C or SIGTERM ends it after the step that is being taken; what was learnt is written.
 * @throws FoursightError when it is stopped before the first step
 */
export const runTraining = <T extends Learner>(options: TrainingOptions, training: Training<T>): Promise<void> =>
  withStopSignals((stopped) => train(options, training, stopped));

async function train<T extends Learner>(
  { lora, out, json }: TrainingOptions,
  { model, settings, sequences, open, step }: Training<T>,
  stopped: AbortSignal,
): Promise<void> {
  const start = await trainingStart(model, lora, settings);
  const report = await StepReport.open(out, settings.steps, json === true);
  const trainer = await open({
    config: model.config,
    trainable: start.trainable,
    start: start.tensors,
    maxLength: sequences.reduce((most, { ids }) => Math.max(most, ids.length), 0),
  });
  try {
    let taken = 0;
    for (; taken < settings.steps && !stopped.aborted; taken++) {
      const { result, note, more } = await step(trainer);
      await report.add(result, note, more);
    }
    report.close();
    if (taken === 0) throw new FoursightError('INTERRUPTED', 'stopped before the first step', 'Run the command again.');
    await start.save(out, trainer.weights());
    const ended = taken < settings.steps ? `Stopped after ${taken} of ${settings.steps} steps. ` : '';
    if (!json) writeLine(`${ended}The weights are in ${out}.`);
  } finally {
    await trainer.close();
  }
}
