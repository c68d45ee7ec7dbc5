import { z } from 'zod';
import { modelFolder } from '../../../gpu-worker/models/location.ts';
import { openModel } from '../../../gpu-worker/models/model.ts';
import { randomNumbers } from '../../../gpu-worker/train/random.ts';
import { type SftSettings, sftSettings } from '../../../gpu-worker/train/settings.ts';
import { cycleBatches, openSftTrainer } from '../../../gpu-worker/train/sft.ts';
import { readConfig } from '../../config.ts';
import { readJsonFile } from '../json-lines.ts';
import { writeLine } from '../output.ts';
import { trainingStart } from '../training/start.ts';
import { StepReport } from '../training/step-report.ts';
import { readExamples } from './examples.ts';

export interface SftOptions {
  readonly model?: string;
  readonly lora?: string;
  readonly data: string;
  readonly out: string;
  readonly config?: string;
  readonly json?: true;
}

/** `sft`: learns from the examples, then writes a PEFT folder or, with all weights, a model folder. */
export async function sft(options: SftOptions): Promise<void> {
  const config = readConfig();
  const model = await openModel(modelFolder(options.model ?? config.model, config.home));
  const examples = await readExamples(options.data, model);
  const settings = await readSettings(options.config, examples.length);
  const start = await trainingStart(model, options.lora, settings);
  const report = await StepReport.open(options.out, settings.steps, options.json === true);
  const trainer = await openSftTrainer({
    config: model.config,
    trainable: start.trainable,
    start: start.tensors,
    maxLength: examples.reduce((most, { ids }) => Math.max(most, ids.length), 0),
    settings,
  });
  try {
    const batches = cycleBatches(examples, settings.batchSize, randomNumbers(settings.seed));
    for (let step = 1; step <= settings.steps; step++) {
      const batch = batches.next().value ?? [];
      const result = await trainer.step(batch);
      const { loss, gradNorm, tokens } = result;
      await report.add(result, `loss ${loss.toFixed(4)}`, `gradient ${gradNorm.toFixed(3)}  ${tokens} tokens`);
    }
    report.close();
    await start.save(options.out, trainer.weights());
    if (!options.json) writeLine(`The weights are in ${options.out}.`);
  } finally {
    await trainer.close();
  }
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
