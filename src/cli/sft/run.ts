import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { loadAdapter, saveAdapter } from '../../../gpu-worker/models/adapter.ts';
import { loraModules, weightShapes } from '../../../gpu-worker/models/decoder-weights.ts';
import { modelFolder } from '../../../gpu-worker/models/location.ts';
import type { LoadedModel } from '../../../gpu-worker/models/model.ts';
import { openModel, saveModel } from '../../../gpu-worker/models/model.ts';
import { loraStart } from '../../../gpu-worker/train/lora-start.ts';
import { randomNumbers } from '../../../gpu-worker/train/random.ts';
import { type SftSettings, sftSettings } from '../../../gpu-worker/train/settings.ts';
import { cycleBatches, openSftTrainer, type SftStep } from '../../../gpu-worker/train/sft.ts';
import type { TensorMap, Trainable } from '../../../gpu-worker/train/trainer.ts';
import { readConfig } from '../../config.ts';
import { FoursightError, InputError } from '../../errors.ts';
import { readJsonFile } from '../json-lines.ts';
import { writeJson, writeLine } from '../output.ts';
import { ProgressBar } from '../progress-bar.ts';
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
  const start = await startOf(model, options.lora, settings);
  const metrics = await openMetrics(options.out);
  const trainer = await openSftTrainer({
    config: model.config,
    trainable: start.trainable,
    start: start.tensors,
    maxLength: Math.max(...examples.map(({ ids }) => ids.length)),
    settings,
  });
  const bar = new ProgressBar('training', settings.steps);
  try {
    const batches = cycleBatches(examples, settings.batchSize, randomNumbers(settings.seed));
    for (let step = 1; step <= settings.steps; step++) {
      const batch = batches.next().value ?? [];
      const result = await trainer.step(batch);
      await appendFile(metrics, `${JSON.stringify(result)}\n`);
      bar.advance(1, `loss ${result.loss.toFixed(4)}`);
      if (options.json) writeJson(result);
      else if (process.stderr.isTTY !== true) writeLine(stepLine(result, settings.steps));
    }
    bar.close();
    await start.save(options.out, trainer.weights());
    if (!options.json) writeLine(`The weights are in ${options.out}.`);
  } finally {
    await trainer.close();
  }
}

const stepLine = ({ step, loss, gradNorm, tokens, ms }: SftStep, steps: number) =>
  `step ${step}/${steps}  loss ${loss.toFixed(4)}  gradient ${gradNorm.toFixed(3)}  ${tokens} tokens  ${Math.round(ms)} ms`;

/** As `sftSettings`, but unknown fields are refused, and those that only `train` reads are not: one file may serve both. */
const configFile = sftSettings
  .extend({
    steps: sftSettings.shape.steps.unwrap().optional(),
    beta: z.unknown().optional(),
    epsilonLow: z.unknown().optional(),
    epsilonHigh: z.unknown().optional(),
    temperature: z.unknown().optional(),
  })
  .strict();

async function readSettings(file: string | undefined, examples: number): Promise<SftSettings> {
  const form = '{"trainable": "lora", "steps": 100, "learningRate": 1e-4, "batchSize": 8}';
  const given = file === undefined ? configFile.parse({}) : await readJsonFile(file, configFile, form);
  return { ...given, steps: given.steps ?? Math.ceil(examples / given.batchSize) };
}

interface Start {
  readonly trainable: Trainable;
  readonly tensors: TensorMap;
  save(out: string, weights: TensorMap): Promise<void>;
}

async function startOf(model: LoadedModel, lora: string | undefined, settings: SftSettings): Promise<Start> {
  if (settings.trainable === 'full') {
    if (lora !== undefined)
      throw new InputError(
        'LORA_WITH_FULL_TRAINING',
        '--lora names weights that are not trained when "trainable" is "full"',
        'Leave out --lora, or set "trainable" to "lora".',
      );
    return {
      trainable: { kind: 'full' },
      tensors: new Map(
        [...weightShapes(model.config)].map(([name, dims]) => [name, { dims, data: model.readTensor(name) }]),
      ),
      save: (out, weights) => saveModel(out, weights, model.config.dtype, { copyFrom: model.dir }),
    };
  }
  const given = lora === undefined ? undefined : await loadAdapter(lora, model.config);
  const rank = given?.rank ?? settings.loraRank;
  const alpha = given?.alpha ?? settings.loraAlpha;
  const scale = given?.scale ?? alpha / rank;
  const modules = given?.modules ?? loraModules;
  return {
    trainable: { kind: 'lora', rank, scale, modules, frozen: model.tensors },
    tensors: given?.tensors ?? loraStart(model.config, rank, settings.seed, modules),
    // alpha as it gives this scale, whatever rule the weights came with.
    save: (out, tensors) => saveAdapter(out, { rank, alpha: scale * rank, modules, tensors }, basename(model.dir)),
  };
}

/** Makes the folder before the work begins, so that a wrong path costs nothing. */
async function openMetrics(out: string): Promise<string> {
  const file = join(out, 'metrics.jsonl');
  try {
    await mkdir(out, { recursive: true });
    await writeFile(file, '');
    return file;
  } catch (error) {
    throw new FoursightError('OUT_NOT_WRITABLE', `${file} cannot be written`, 'Give another folder for --out.', {
      cause: error,
    });
  }
}
