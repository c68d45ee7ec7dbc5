import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Engine } from '../gpu-worker/engine/engine.ts';
import { type EngineOptions, openEngine } from '../gpu-worker/engine/open-engine.ts';
import { uniform } from '../gpu-worker/engine/sampler.ts';
import type { ModelConfig } from '../gpu-worker/models/config.ts';
import { weightShapes } from '../gpu-worker/models/decoder-weights.ts';
import { openModel } from '../gpu-worker/models/model.ts';
import { readSafetensorsHeader, readStoredTensor } from '../gpu-worker/models/safetensors.ts';
import { writeSafetensors } from '../gpu-worker/models/write-files.ts';

const usage = `npm run bench -- generate [--model DIR | --shape NAME] [--threads N] [--tokens N] [--rounds N] [--full]
  Tokens per second of generation and of prompts. Without --model: random weights in the shape of the starter planner
  (\`starter\`) or of Qwen2.5-0.5B in bf16 (\`qwen-0.5b\`, which takes 1 GB of disk and 3 GB of memory).
  --full feeds all weights as inputs of the graph, as a policy in training has them.
`;

const starter: ModelConfig = {
  modelType: 'qwen2',
  hiddenSize: 128,
  layers: 4,
  heads: 4,
  kvHeads: 2,
  headDim: 32,
  intermediateSize: 384,
  vocabSize: 1_200,
  ropeTheta: 10_000,
  ropeScaling: null,
  rmsNormEps: 1e-6,
  tieWordEmbeddings: true,
  attentionBias: true,
  qkNorm: false,
  maxPositions: 1_024,
  stopIds: [],
  dtype: 'float32',
};
const shapes: Readonly<Record<string, ModelConfig>> = {
  starter,
  'qwen-0.5b': {
    ...starter,
    hiddenSize: 896,
    layers: 24,
    heads: 14,
    headDim: 64,
    intermediateSize: 4_864,
    vocabSize: 151_936,
    ropeTheta: 1_000_000,
    dtype: 'bfloat16',
  },
};
const batches = [1, 8, 64];
const promptTokens = 60;

type Model = EngineOptions['model'];

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      model: { type: 'string' },
      shape: { type: 'string', default: 'starter' },
      rounds: { type: 'string', default: '7' },
      threads: { type: 'string', default: '1' },
      tokens: { type: 'string', default: '48' },
      full: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const shape = shapes[values.shape];
  if (shape === undefined) throw new Error(`no shape ${values.shape}; there are ${Object.keys(shapes).join(', ')}`);
  const folder = await mkdtemp(join(tmpdir(), 'foursight-bench-'));
  try {
    const model = values.model === undefined ? await randomModel(folder, shape) : await openModel(values.model);
    const engine = await openEngine({ model, threads: Number(values.threads), prefixCacheBytes: 0 });
    if (values.full) await engine.load('full', { kind: 'full', tensors: weightsOf(model) });
    const { tokens, rounds, full } = values;
    await measure(engine, model.config, Number(tokens), Number(rounds), full ? 'full' : 'base');
    await engine.close();
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function measure(
  engine: Engine,
  config: ModelConfig,
  tokens: number,
  rounds: number,
  weights: string,
): Promise<void> {
  let seed = 0;
  const prompt = () => {
    seed += 1;
    return Array.from({ length: promptTokens }, (_, i) => Math.floor(uniform(seed, i) * config.vocabSize));
  };
  /** Milliseconds until `batch` requests with different prompts have `maxTokens` each; the median of some rounds. */
  const time = async (batch: number, maxTokens: number) => {
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const start = performance.now();
      const requests = Array.from({ length: batch }, () =>
        engine.generate({ ids: prompt(), maxTokens, temperature: 1, seed, stopIds: [], weights }),
      );
      await Promise.all(requests);
      times.push(performance.now() - start);
    }
    return times.sort((a, b) => a - b)[rounds >> 1] ?? 0;
  };
  await time(1, 2);
  const prefill = await time(1, 1);
  const sequences = Array.from({ length: 32 }, prompt);
  const scoreStart = performance.now();
  await Promise.all(sequences.map((ids) => engine.score({ ids, weights })));
  const score = performance.now() - scoreStart;

  const rows = [
    ['', 'ms', 'tokens/s'],
    [`prompt of ${promptTokens}`, prefill.toFixed(2), perSecond(promptTokens, prefill)],
    [`score 32 × ${promptTokens}`, score.toFixed(2), perSecond(32 * promptTokens, score)],
  ];
  for (const batch of batches) {
    const prompts = await time(batch, 1);
    const steps = ((await time(batch, tokens + 1)) - prompts) / tokens;
    rows.push([`prompts, batch ${batch}`, prompts.toFixed(2), perSecond(batch * promptTokens, prompts)]);
    rows.push([`step, batch ${batch}`, steps.toFixed(2), perSecond(batch, steps)]);
  }
  process.stdout.write(
    `${rows.map(([a = '', b = '', c = '']) => a.padEnd(20) + b.padStart(9) + c.padStart(11)).join('\n')}\n`,
  );
}

const perSecond = (tokens: number, ms: number) => ((tokens / ms) * 1_000).toFixed(0);

async function randomModel(dir: string, config: ModelConfig): Promise<Model> {
  const file = join(dir, 'model.safetensors');
  const noise = Float32Array.from({ length: 2 ** 20 + 7 }, (_, i) => (uniform(1, i) - 0.5) * 0.1);
  const tensors = new Map(
    [...weightShapes(config)].map(([name, dims]) => {
      const data = new Float32Array(dims.reduce((a, b) => a * b, 1));
      if (name.includes('norm')) data.fill(1);
      else for (let at = 0; at < data.length; at += noise.length) data.set(noise.subarray(0, data.length - at), at);
      return [name, { dims, data }];
    }),
  );
  await writeSafetensors(file, tensors, config.dtype);
  return { dir, config, tensors: readSafetensorsHeader(file) };
}

function weightsOf({ config, tensors }: Model) {
  return new Map(
    [...weightShapes(config)].flatMap(([name, dims]) => {
      const stored = tensors.get(name);
      return stored === undefined ? [] : [[name, { dims, data: readStoredTensor(name, stored) }] as const];
    }),
  );
}
