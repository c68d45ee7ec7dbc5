import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngine } from '../../gpu-worker/engine/open-engine.ts';
import { loadAdapter } from '../../gpu-worker/models/adapter.ts';
import { openModel } from '../../gpu-worker/models/model.ts';
import { FoursightError } from '../../src/errors.ts';
import { defineSoak } from '../soak/define-soak.ts';
import { goldenFolder, goldenModels } from './golden-folder.ts';
import { damaged, seeded } from './mutations.ts';

export interface FuzzResult {
  /** Refused with a FoursightError. */
  readonly refused: number;
  /** Opened in spite of the damage, and usable. */
  readonly opened: number;
  /** Anything else: what was thrown, and by which damage. */
  readonly failures: readonly string[];
  /** The slowest, in ms. */
  readonly slowest: number;
}

const files: Readonly<Record<string, readonly string[]>> = {
  'qwen2-tied': ['model.safetensors', 'chat_template.jinja'],
  qwen3: ['model.safetensors.index.json', 'model-00001-of-00002.safetensors', 'tokenizer_config.json'],
  llama3: ['model.safetensors', 'tokenizer_config.json'],
};
const ofAll = [
  'config.json',
  'generation_config.json',
  'tokenizer.json',
  'adapter/adapter_config.json',
  'adapter/adapter_model.safetensors',
];

/**
 * Damages one file of a golden folder at a time and opens the model, its LoRA weights, and uses what opened.
 * @param engines how many of the models that opened are also run
 */
export async function fuzzModels(count: number, seed: number, engines: number): Promise<FuzzResult> {
  const folder = await mkdtemp(join(tmpdir(), 'foursight-fuzz-'));
  const random = seeded(seed);
  const failures: string[] = [];
  let [refused, opened, slowest, ran] = [0, 0, 0, 0];
  try {
    for (const model of goldenModels)
      await cp(goldenFolder(`models/${model}`), join(folder, model), { recursive: true });
    for (let i = 0; i < count; i++) {
      const model = goldenModels[i % goldenModels.length] ?? 'qwen2-tied';
      const candidates = [...ofAll, ...(files[model] ?? [])];
      const name = candidates[Math.floor(random() * candidates.length)] ?? 'config.json';
      const path = join(folder, model, name);
      const original = await readFile(path);
      await writeFile(path, damaged(name, original, random));
      const started = performance.now();
      try {
        await use(join(folder, model), ran < engines);
        opened += 1;
        ran += 1;
      } catch (error) {
        if (error instanceof FoursightError && error.remedy !== '' && error.message !== '') refused += 1;
        else
          failures.push(`case ${i}, seed ${seed}: ${model}/${name}: ${error instanceof Error ? error.stack : error}`);
      }
      slowest = Math.max(slowest, performance.now() - started);
      await writeFile(path, original);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { refused, opened, failures, slowest };
}

async function use(dir: string, withEngine: boolean): Promise<void> {
  const model = await openModel(dir);
  const adapter = await loadAdapter(join(dir, 'adapter'), model.config);
  const ids = model.tokenizer.encode('What is 17 * 23 + 4? <|im_end|>', { addSpecialTokens: true });
  model.tokenizer.decode(ids, { skipSpecialTokens: true });
  model.tokenizer.encode('Größe <|im_end|>', { plain: true });
  model.chatTemplate?.render([{ role: 'user', content: 'hello' }], { addGenerationPrompt: true });
  for (const name of model.tensors.keys()) if (model.tensors.get(name)?.dtype !== 'unsupported') model.readTensor(name);
  if (!withEngine) return;
  const engine = await openEngine({ model, threads: 1 });
  try {
    await engine.load('lora', { kind: 'lora', tensors: adapter.tensors, scale: adapter.scale });
    const request = { ids: ids.slice(0, 4), maxTokens: 3, temperature: 1, seed: 1, stopIds: model.config.stopIds };
    await engine.generate({ ...request, weights: 'lora' });
  } finally {
    await engine.close();
  }
}

export const soak = defineSoak({
  usage: 'fuzz-models',
  defaults: { count: 1_000, seed: 1 },
  run: async ({ count, seed }) => {
    const { refused, opened, failures, slowest } = await fuzzModels(count, seed, Number.POSITIVE_INFINITY);
    console.log(
      `${count} damaged model folders: ${refused} refused with a remedy, ${opened} opened and ran, ${failures.length} failed`,
    );
    console.log(`slowest: ${Math.round(slowest)} ms`);
    for (const failure of failures) console.log(failure);
    return failures.length === 0;
  },
});
