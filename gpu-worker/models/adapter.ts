import { join } from 'node:path';
import { z } from 'zod';
import type { ModelConfig } from './config.ts';
import { type LoraModule, loraModules, loraShapes } from './decoder-weights.ts';
import { invalidFile, ModelError, unsupported } from './model-error.ts';
import { readJson } from './read-files.ts';
import { readSafetensorsHeader, readStoredTensor } from './safetensors.ts';
import type { NamedTensor } from './write-files.ts';
import { writeAtomically, writeSafetensors } from './write-files.ts';

/** LoRA weights: y = W x + b + scale · B (A x), A [rank, in], B [out, rank]. */
export interface LoraAdapter {
  readonly rank: number;
  readonly alpha: number;
  /** alpha / rank; alpha / √rank for rank-stabilised LoRA. */
  readonly scale: number;
  /** The projections that have matrices, in the decoder's order. */
  readonly modules: readonly LoraModule[];
  /** By PEFT's names, e.g. `base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight`. */
  readonly tensors: ReadonlyMap<string, NamedTensor>;
}

const adapterConfig = z.object({
  peft_type: z.literal('LORA'),
  r: z.number().int().min(1).max(4_096),
  lora_alpha: z.number().positive(),
  use_rslora: z.boolean().nullish(),
  use_dora: z.boolean().nullish(),
  fan_in_fan_out: z.boolean().nullish(),
  lora_bias: z.boolean().nullish(),
  bias: z.string().nullish(),
  modules_to_save: z.array(z.unknown()).nullish(),
  layers_to_transform: z.unknown().optional(),
  rank_pattern: z.record(z.string(), z.unknown()).nullish(),
  alpha_pattern: z.record(z.string(), z.unknown()).nullish(),
});

/**
 * Reads a PEFT folder: adapter_config.json and adapter_model.safetensors.
 * @param base the configuration of the model that it belongs to
 * @throws ModelError when a file is missing or damaged, the adapter uses more than plain LoRA, or fits another model
 */
export async function loadAdapter(dir: string, base: ModelConfig): Promise<LoraAdapter> {
  const configPath = join(dir, 'adapter_config.json');
  const json = await readJson(configPath);
  if (json === undefined)
    throw new ModelError(
      'ADAPTER_FOLDER_INVALID',
      `${dir} holds no LoRA weights: it has no adapter_config.json`,
      'Give a folder in PEFT format, such as one that `foursight sft` or `foursight train` wrote.',
    );
  const parsed = adapterConfig.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw invalidFile(configPath, `${issue?.path.join('.') || 'the file'}: ${issue?.message}`);
  }
  const config = parsed.data;
  refuseVariants(config, configPath);
  const { r: rank, lora_alpha: alpha } = config;
  const file = join(dir, 'adapter_model.safetensors');
  const stored = new Map([...readSafetensorsHeader(file)].map(([name, tensor]) => [plainName(name), tensor]));
  const modules = loraModules.filter((module) => [...stored.keys()].some((name) => name.includes(`.${module}.lora_`)));
  if (modules.length === 0) throw invalidFile(file, 'it holds no LoRA matrices of a decoder');
  const tensors = new Map<string, NamedTensor>();
  for (const [name, dims] of loraShapes(base, rank, modules)) {
    const tensor = stored.get(name);
    if (tensor === undefined) throw invalidFile(file, `the tensor ${name} is missing`);
    if (tensor.shape.join() !== dims.join())
      throw invalidFile(file, `${name} is [${tensor.shape}], but the model and r = ${rank} ask for [${dims}]`);
    tensors.set(name, { dims, data: readStoredTensor(name, tensor) });
    stored.delete(name);
  }
  const [extra] = stored.keys();
  if (extra !== undefined) throw unsupported(file, `the tensor ${extra} belongs to no projection of this model`);
  return { rank, alpha, scale: alpha / (config.use_rslora === true ? Math.sqrt(rank) : rank), modules, tensors };
}

/**
 * Writes a PEFT folder, float32.
 * @param baseModel the name or folder of the model, as PEFT records it
 * @throws ModelError when a file cannot be written
 */
export async function saveAdapter(dir: string, adapter: Omit<LoraAdapter, 'scale'>, baseModel: string): Promise<void> {
  const config = {
    peft_type: 'LORA',
    task_type: 'CAUSAL_LM',
    base_model_name_or_path: baseModel,
    r: adapter.rank,
    lora_alpha: adapter.alpha,
    lora_dropout: 0,
    bias: 'none',
    fan_in_fan_out: false,
    inference_mode: true,
    target_modules: adapter.modules,
    modules_to_save: null,
    use_dora: false,
    use_rslora: false,
  };
  await writeSafetensors(join(dir, 'adapter_model.safetensors'), adapter.tensors, 'float32');
  await writeAtomically(join(dir, 'adapter_config.json'), [`${JSON.stringify(config, null, 2)}\n`]);
}

function refuseVariants(config: z.output<typeof adapterConfig>, path: string): void {
  const used = [
    config.use_dora === true && 'use_dora',
    config.fan_in_fan_out === true && 'fan_in_fan_out',
    config.lora_bias === true && 'lora_bias',
    (config.bias ?? 'none') !== 'none' && 'bias',
    (config.modules_to_save?.length ?? 0) > 0 && 'modules_to_save',
    (config.layers_to_transform ?? null) !== null && 'layers_to_transform',
    Object.keys(config.rank_pattern ?? {}).length > 0 && 'rank_pattern',
    Object.keys(config.alpha_pattern ?? {}).length > 0 && 'alpha_pattern',
  ].filter((name) => name !== false);
  if (used.length > 0) throw unsupported(path, `LoRA with ${used.join(', ')} is not supported`);
}

/** PEFT once put the adapter's name into the tensors' names. */
const plainName = (name: string) => name.replace('.default.weight', '.weight');
