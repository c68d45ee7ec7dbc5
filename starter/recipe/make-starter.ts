import { PromptWriter } from '../../gpu-worker/flow/starter/prompt.ts';
import type { ModelConfig } from '../../gpu-worker/models/config.ts';
import { saveModel } from '../../gpu-worker/models/model.ts';
import { createTokenizer } from '../../gpu-worker/models/tokenizer.ts';
import type { TaskQuestion } from '../../gpu-worker/tasks/question.ts';
import { sftSettings } from '../../gpu-worker/train/settings.ts';
import { openSftTrainer } from '../../gpu-worker/train/sft.ts';
import { batchesOf } from './batches.ts';
import { drawExamples, drawTasks } from './data.ts';
import type { Example } from './examples.ts';
import { initialWeights } from './initial-weights.ts';
import { countFrequencies, createNoise } from './noise.ts';
import { createRandom } from './random.ts';
import { starterTokenizer } from './tokenizer.ts';

export interface RecipeOptions {
  /** Where the model folder is written. */
  readonly out: string;
  readonly seed: number;
  /** Updates. */
  readonly steps: number;
  readonly hiddenSize: number;
  readonly layers: number;
  /** Padded tokens an update learns from. */
  readonly batchTokens: number;
  /** Questions that the tokenizer is learnt from. */
  readonly tokenizerTasks: number;
  /** Examples that are sorted by length together. */
  readonly chunk: number;
  readonly learningRate: number;
  readonly onProgress?: (progress: RecipeProgress) => void;
}

export interface RecipeProgress {
  readonly phase: 'tokenizer' | 'training';
  readonly done: number;
  readonly total: number;
  readonly loss?: number;
}

export const defaultRecipe = {
  seed: 1,
  steps: 5_600,
  hiddenSize: 128,
  layers: 4,
  batchTokens: 4_096,
  tokenizerTasks: 30_000,
  chunk: 2_048,
  learningRate: 3e-3,
} as const satisfies Partial<RecipeOptions>;

const HEAD = 32;
const POSITIONS = 1_024;
const LONGEST = 320;
/** The weight of the newest step in the loss that is reported. */
const SMOOTHING = 0.03;

function starterConfig(
  vocabSize: number,
  stopIds: readonly number[],
  { hiddenSize, layers }: RecipeOptions,
): ModelConfig {
  const heads = hiddenSize / HEAD;
  return {
    modelType: 'qwen2',
    hiddenSize,
    layers,
    heads,
    kvHeads: heads,
    headDim: HEAD,
    intermediateSize: Math.round((hiddenSize * 8) / 3 / 32) * 32,
    vocabSize,
    // Short contexts: a small base tells near positions apart.
    ropeTheta: 1_000,
    ropeScaling: null,
    rmsNormEps: 1e-6,
    tieWordEmbeddings: true,
    attentionBias: true,
    qkNorm: false,
    maxPositions: POSITIONS,
    stopIds,
    dtype: 'bfloat16',
  };
}

function takeTasks(seed: number, count: number): TaskQuestion[] {
  const tasks: TaskQuestion[] = [];
  for (const task of drawTasks(seed)) if (tasks.push(task) >= count) break;
  return tasks;
}

async function take<T>(stream: AsyncIterator<T>, count: number): Promise<T[]> {
  const items: T[] = [];
  for (let i = 0; i < count; i++) {
    const { value, done } = await stream.next();
    if (done) break;
    items.push(value);
  }
  return items;
}

/**
 * Makes the starter from nothing: a tokenizer from generated questions, then a small decoder by supervised training on expert
 * actions, disturbed afresh at every use. The same options give the same files up to the rounding of parallel sums.
 * @returns the smoothed loss at the end, in nats per action token
 */
export async function makeStarter(
  options: RecipeOptions,
): Promise<{ loss: number; examples: number; refused: number }> {
  const { seed, steps, onProgress } = options;
  onProgress?.({ phase: 'tokenizer', done: 0, total: 1 });
  const { files, size } = starterTokenizer(takeTasks(seed + 1_000, options.tokenizerTasks));
  const tokenizer = createTokenizer(
    JSON.parse(files['tokenizer.json'] ?? '{}'),
    JSON.parse(files['tokenizer_config.json'] ?? '{}'),
  );
  const writer = new PromptWriter(tokenizer);
  const config = starterConfig(size, writer.stopIds, options);
  let refused = 0;
  const stream = drawExamples(writer, seed, () => {
    refused++;
  });
  let chunk = await take(stream, options.chunk);
  const noise = createNoise(writer, countFrequencies(chunk, writer));
  onProgress?.({ phase: 'tokenizer', done: 1, total: 1 });

  const settings = sftSettings.parse({
    trainable: 'full',
    steps,
    learningRate: options.learningRate,
    schedule: { kind: 'linear', warmup: Math.min(60, Math.ceil(steps / 10)), flat: 0.35, floor: 0.02 },
    betas: [0.9, 0.98],
    weightDecay: 0.05,
    maxGradNorm: 1,
    seed,
  });
  const trainer = await openSftTrainer({
    config,
    trainable: { kind: 'full' },
    start: initialWeights(config, seed),
    maxLength: LONGEST,
    maxTokens: options.batchTokens / 2,
    settings,
  });
  try {
    const random = createRandom(seed + 2);
    let queue: Example[][] = [];
    let next: Example[] = [];
    let loss = Number.NaN;
    let examples = 0;
    for (let step = 1; step <= steps; step++) {
      if (queue.length === 0) {
        const fits = chunk.map((example) => noise(example, random)).filter(({ ids }) => ids.length <= LONGEST);
        queue = batchesOf(fits, options.batchTokens, random);
        next = [];
      }
      const batch = queue.pop() ?? [];
      examples += batch.length;
      const learning = trainer.step(batch);
      // The next chunk is drawn while the workers compute.
      const missing = options.chunk - next.length;
      next.push(
        ...(await take(
          stream,
          queue.length === 0 ? missing : Math.min(missing, Math.ceil(missing / (queue.length + 1))),
        )),
      );
      const result = await learning;
      loss = Number.isNaN(loss) ? result.loss : loss + SMOOTHING * (result.loss - loss);
      if (queue.length === 0) chunk = next;
      onProgress?.({ phase: 'training', done: step, total: steps, loss });
    }
    await saveModel(options.out, trainer.weights(), 'bfloat16', { config, files });
    return { loss, examples, refused };
  } finally {
    await trainer.close();
  }
}
