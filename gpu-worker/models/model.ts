import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { ChatTemplate } from './chat-template.ts';
import { openChatTemplate } from './chat-template.ts';
import type { ModelConfig, StoredType } from './config.ts';
import { parseModelConfig } from './config.ts';
import { weightShapes } from './decoder-weights.ts';
import { invalidFile, ModelError } from './model-error.ts';
import { isObject, readJson, readText } from './read-files.ts';
import type { StoredTensor } from './safetensors.ts';
import { readCheckpointHeaders, readStoredTensor } from './safetensors.ts';
import type { Tokenizer } from './tokenizer.ts';
import { openTokenizer } from './tokenizer.ts';
import type { NamedTensor } from './write-files.ts';
import { writeAtomically, writeSafetensors } from './write-files.ts';

/** A Hugging Face folder, opened: everything but the weights' values is in memory. */
export interface LoadedModel {
  /** Absolute. */
  readonly dir: string;
  readonly config: ModelConfig;
  readonly tokenizer: Tokenizer;
  /** Null where the model has none. */
  readonly chatTemplate: ChatTemplate | null;
  /** By the checkpoint's names; at least those of `weightShapes(config)`, in these shapes. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** The values as float32, row-major. Blocks for the time of reading. @throws ModelError for unknown names, lost files */
  readTensor(name: string): Float32Array<ArrayBuffer>;
}

/**
 * Opens a model folder: config.json, generation_config.json, safetensors (one file or shards), tokenizer and chat template.
 * @throws ModelError naming the file that is missing, damaged or not supported
 */
export async function openModel(dir: string): Promise<LoadedModel> {
  const folder = resolve(dir);
  const config = await readModelConfig(folder);
  const tokenizer = await openTokenizer(folder);
  if (tokenizer.size > config.vocabSize)
    throw invalidFile(
      join(folder, 'tokenizer.json'),
      `it has ${tokenizer.size} tokens, but config.json allows ${config.vocabSize}; the files belong to different models`,
    );
  const chatTemplate = await openChatTemplate(folder, tokenizer.namedTokens);
  const tensors = await readCheckpointHeaders(folder);
  for (const [name, shape] of weightShapes(config)) {
    const tensor = tensors.get(name);
    if (tensor === undefined)
      throw invalidFile(
        join(folder, 'model.safetensors'),
        `the tensor ${name}, which config.json asks for, is missing`,
      );
    if (tensor.shape.join() !== shape.join())
      throw invalidFile(tensor.file, `${name} is [${tensor.shape}], but config.json asks for [${shape}]`);
    if (tensor.dtype === 'unsupported') throw invalidFile(tensor.file, `${name} is not stored as fp32, fp16 or bf16`);
  }
  return {
    dir: folder,
    config,
    tokenizer,
    chatTemplate,
    tensors,
    readTensor(name) {
      const tensor = tensors.get(name);
      if (tensor === undefined) throw invalidFile(folder, `it holds no tensor ${name}`);
      return readStoredTensor(name, tensor);
    },
  };
}

async function readModelConfig(folder: string): Promise<ModelConfig> {
  const file = join(folder, 'config.json');
  const json = await readJson(file);
  if (json === undefined)
    throw new ModelError(
      'MODEL_FOLDER_INVALID',
      `${folder} is no model folder: it has no config.json`,
      'Give the folder of a model in Hugging Face format, or fetch one with `foursight model pull NAME`.',
    );
  return parseModelConfig(json, await readJson(join(folder, 'generation_config.json')), file);
}

/** Where the parts of a saved folder that are not weights come from. */
export type ModelFiles =
  /** Another model folder, whose configuration, tokenizer and template are copied. */
  | { readonly copyFrom: string }
  /** Written from `config`, beside these: contents by file name, at least tokenizer.json. */
  | { readonly config: ModelConfig; readonly files: Readonly<Record<string, string>> };

const companions = [
  'generation_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'chat_template.jinja',
] as const;

/**
 * Writes a folder that transformers and `openModel` read. Each file appears whole or not at all, config.json last.
 * @param tensors all weights by the checkpoint's names
 * @throws ModelError when a file cannot be written
 */
export async function saveModel(
  dir: string,
  tensors: ReadonlyMap<string, NamedTensor>,
  dtype: StoredType,
  source: ModelFiles,
): Promise<void> {
  await writeSafetensors(join(dir, 'model.safetensors'), tensors, dtype);
  // Left from an earlier, sharded model, it would hide the file just written.
  await rm(join(dir, 'model.safetensors.index.json'), { force: true });
  if ('config' in source) {
    for (const [name, text] of Object.entries(source.files)) await writeAtomically(join(dir, name), [text]);
    const { stopIds } = source.config;
    await writeAtomically(join(dir, 'generation_config.json'), [json({ do_sample: false, eos_token_id: stopIds })]);
    await writeAtomically(join(dir, 'config.json'), [json(configJson(source.config, dtype))]);
    return;
  }
  for (const name of companions) {
    const contents = await readText(join(source.copyFrom, name));
    if (contents !== undefined) await writeAtomically(join(dir, name), [contents]);
  }
  const config = await readJson(join(source.copyFrom, 'config.json'));
  const { torch_dtype: _, ...kept } = isObject(config) ? config : {};
  const style = isObject(config) && 'torch_dtype' in config ? { torch_dtype: dtype } : { dtype };
  await writeAtomically(join(dir, 'config.json'), [json({ ...kept, ...style })]);
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

const architectureNames: Readonly<Record<string, string>> = {
  qwen2: 'Qwen2ForCausalLM',
  qwen3: 'Qwen3ForCausalLM',
  llama: 'LlamaForCausalLM',
  mistral: 'MistralForCausalLM',
};

/** The style of transformers 4, which version 5 reads as well. */
function configJson(config: ModelConfig, dtype: StoredType): Record<string, unknown> {
  const { ropeScaling } = config;
  return {
    architectures: [architectureNames[config.modelType]],
    model_type: config.modelType,
    hidden_act: 'silu',
    hidden_size: config.hiddenSize,
    num_hidden_layers: config.layers,
    num_attention_heads: config.heads,
    num_key_value_heads: config.kvHeads,
    head_dim: config.headDim,
    intermediate_size: config.intermediateSize,
    vocab_size: config.vocabSize,
    max_position_embeddings: config.maxPositions,
    rms_norm_eps: config.rmsNormEps,
    rope_theta: config.ropeTheta,
    rope_scaling:
      ropeScaling === null
        ? null
        : ropeScaling.type === 'linear'
          ? { rope_type: 'linear', factor: ropeScaling.factor }
          : {
              rope_type: 'llama3',
              factor: ropeScaling.factor,
              low_freq_factor: ropeScaling.lowFreqFactor,
              high_freq_factor: ropeScaling.highFreqFactor,
              original_max_position_embeddings: ropeScaling.originalMaxPositions,
            },
    tie_word_embeddings: config.tieWordEmbeddings,
    use_sliding_window: false,
    eos_token_id: config.stopIds[0] ?? null,
    torch_dtype: dtype,
  };
}

/** All weights of a model by their names, float32. */
export const allWeights = (model: Pick<LoadedModel, 'config' | 'readTensor'>) =>
  new Map([...weightShapes(model.config)].map(([name, dims]) => [name, { dims, data: model.readTensor(name) }]));
