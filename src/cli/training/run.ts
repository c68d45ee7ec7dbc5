import { modelFolder } from '../../../gpu-worker/models/location.ts';
import { type LoadedModel, openModel } from '../../../gpu-worker/models/model.ts';
import type { OptimizerSettings } from '../../../gpu-worker/train/settings.ts';
import type { TensorMap, TrainerOptions } from '../../../gpu-worker/train/trainer.ts';
import { readConfig } from '../../config.ts';
import { writeLine } from '../output.ts';
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

interface Training<Trainer> {
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
 * model folder.
 */
export async function runTraining<Trainer extends { weights(): TensorMap; close(): Promise<void> }>(
  { lora, out, json }: TrainingOptions,
  { model, settings, sequences, open, step }: Training<Trainer>,
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
    for (let taken = 0; taken < settings.steps; taken++) {
      const { result, note, more } = await step(trainer);
      await report.add(result, note, more);
    }
    report.close();
    await start.save(out, trainer.weights());
    if (!json) writeLine(`The weights are in ${out}.`);
  } finally {
    await trainer.close();
  }
}
