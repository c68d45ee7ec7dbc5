import type { ModelConfig } from '../gpu-worker/models/config.ts';
import { weightShapes } from '../gpu-worker/models/decoder-weights.ts';
import { normalNumbers, randomNumbers } from '../gpu-worker/train/random.ts';
import { sftSettings } from '../gpu-worker/train/settings.ts';
import type { SftExample } from '../gpu-worker/train/sft.ts';
import { openSftTrainer } from '../gpu-worker/train/sft.ts';
import type { TensorMap } from '../gpu-worker/train/trainer.ts';

/** The starter planner's shape. */
const config: ModelConfig = {
  modelType: 'qwen2',
  hiddenSize: 128,
  layers: 4,
  heads: 4,
  kvHeads: 4,
  headDim: 32,
  intermediateSize: 320,
  vocabSize: 1_200,
  ropeTheta: 1_000,
  ropeScaling: null,
  rmsNormEps: 1e-6,
  tieWordEmbeddings: true,
  attentionBias: true,
  qkNorm: false,
  maxPositions: 512,
  stopIds: [1],
  dtype: 'float32',
};
const batchTokens = 2_048;
const seconds = 6;

/** SFT of all weights of a starter-sized planner on sequences of 30 to 150 tokens, a fifth of them learnt. */
export async function run(args: readonly string[]): Promise<void> {
  const asked = args.map(Number).filter((workers) => workers > 0);
  console.log('workers  max. tokens/run  tokens/s  ms/step  CPU ms/step');
  for (const workers of asked.length > 0 ? asked : [1, 2])
    for (const maxTokens of [256, 512, 1_024]) await measure(workers, maxTokens);
}

async function measure(workers: number, maxTokens: number): Promise<void> {
  const settings = sftSettings.parse({ trainable: 'full', learningRate: 1e-3 });
  const trainer = await openSftTrainer({
    config,
    trainable: { kind: 'full' },
    start: randomWeights(),
    maxLength: 512,
    workers,
    threads: 1,
    maxTokens,
    settings,
  });
  const random = randomNumbers(3);
  for (let i = 0; i < 3; i++) await trainer.step(batch(random));
  const began = performance.now();
  const cpu = process.cpuUsage();
  let tokens = 0;
  let steps = 0;
  while (performance.now() - began < seconds * 1_000) {
    tokens += (await trainer.step(batch(random))).tokens;
    steps += 1;
  }
  const ms = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  const columns = [workers, maxTokens, (tokens / ms) * 1_000, ms / steps, (user + system) / 1_000 / steps];
  console.log(columns.map((value, i) => value.toFixed(0).padStart([7, 17, 10, 9, 13][i] ?? 8)).join(''));
  await trainer.close();
}

function batch(random: () => number): SftExample[] {
  const examples: SftExample[] = [];
  for (let tokens = 0; tokens < batchTokens; ) {
    const length = 30 + Math.floor(random() * 121);
    const ids = Array.from({ length }, () => Math.floor(random() * config.vocabSize));
    examples.push({ ids, mask: ids.map((_, t) => (t > 0 && t % 5 === 0 ? 1 : 0)) });
    tokens += length;
  }
  return examples;
}

function randomWeights(): TensorMap {
  const normal = normalNumbers(1);
  return new Map(
    [...weightShapes(config)].map(([name, dims]) => {
      const data = new Float32Array(dims.reduce((a, b) => a * b, 1));
      if (name.endsWith('norm.weight')) data.fill(1);
      else if (dims.length > 1) for (let i = 0; i < data.length; i++) data[i] = 0.05 * normal();
      return [name, { dims, data }] as const;
    }),
  );
}
