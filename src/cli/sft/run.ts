import { z } from 'zod';
import { randomNumbers } from '../../../gpu-worker/train/random.ts';
import { type SftSettings, sftSettings } from '../../../gpu-worker/train/settings.ts';
import { cycleBatches, openSftTrainer } from '../../../gpu-worker/train/sft.ts';
import { readJsonFile } from '../json-lines.ts';
import { chosenModel, runTraining, type TrainingOptions } from '../training/run.ts';
import { readExamples } from './examples.ts';

export interface SftOptions extends TrainingOptions {
  readonly data: string;
}

/** `sft`: learns from the examples, then writes a PEFT folder or, with all weights, a model folder. */
export async function sft(options: SftOptions): Promise<void> {
  const model = await chosenModel(options);
  const examples = await readExamples(options.data, model);
  const settings = await readSettings(options.config, examples.length);
  const batches = cycleBatches(examples, settings.batchSize, randomNumbers(settings.seed));
  await runTraining(options, {
    model,
    settings,
    sequences: examples,
    open: (opening) => openSftTrainer({ ...opening, settings }),
    async step(trainer) {
      const result = await trainer.step(batches.next().value ?? []);
      const { loss, gradNorm, tokens } = result;
      return { result, note: `loss ${loss.toFixed(4)}`, more: `gradient ${gradNorm.toFixed(3)}  ${tokens} tokens` };
    },
  });
}

/** As `sftSettings`, but unknown fields are refused, and those that only `train` reads are not: one file may serve both. */
const configFile = sftSettings
  .extend({
    steps: sftSettings.shape.steps.unwrap().optional(),
    beta: z.unknown().optional(),
    epsilonLow: z.unknown().optional(),
    epsilonHigh: z.unknown().optional(),
    temperature: z.unknown().optional(),
    entropyBonus: z.unknown().optional(),
    dualClip: z.unknown().optional(),
  })
  .strict();

async function readSettings(file: string | undefined, examples: number): Promise<SftSettings> {
  const form = '{"trainable": "lora", "steps": 100, "learningRate": 1e-4, "batchSize": 8}';
  const given = file === undefined ? configFile.parse({}) : await readJsonFile(file, configFile, form);
  return { ...given, steps: given.steps ?? Math.ceil(examples / given.batchSize) };
}
