import { z } from 'zod';
import { invalidFile, unsupported } from './model-error.ts';

export type RopeScaling =
  | { readonly type: 'linear'; readonly factor: number }
  | {
      readonly type: 'llama3';
      readonly factor: number;
      readonly lowFreqFactor: number;
      readonly highFreqFactor: number;
      readonly originalMaxPositions: number;
    };

export type StoredType = 'float32' | 'float16' | 'bfloat16';

/** What the decoder has to know of a checkpoint. */
export interface ModelConfig {
  readonly modelType: string;
  readonly hiddenSize: number;
  readonly layers: number;
  /** Query heads; `heads · headDim` may differ from the hidden size. */
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly intermediateSize: number;
  /** Rows of the embedding: at least the tokenizer's entries. */
  readonly vocabSize: number;
  readonly ropeTheta: number;
  readonly ropeScaling: null | RopeScaling;
  readonly rmsNormEps: number;
  readonly tieWordEmbeddings: boolean;
  /** The q, k and v projections have a bias. */
  readonly attentionBias: boolean;
  /** Queries and keys are normalised per head. */
  readonly qkNorm: boolean;
  /** The longest sequence, in tokens. */
  readonly maxPositions: number;
  /** Tokens that end a generation; generation_config.json wins over config.json. */
  readonly stopIds: readonly number[];
  readonly dtype: StoredType;
}

const whole = (most: number) => z.number().int().min(1).max(most);
const positive = z.number().positive();
const tokenIds = z
  .union([z.number().int().min(0), z.array(z.number().int().min(0)).max(1_000)])
  .nullish()
  .transform((ids) => (ids === null || ids === undefined ? undefined : typeof ids === 'number' ? [ids] : ids));

const rope = z.object({
  rope_theta: positive.nullish(),
  rope_type: z.string().nullish(),
  type: z.string().nullish(),
  factor: positive.nullish(),
  low_freq_factor: positive.nullish(),
  high_freq_factor: positive.nullish(),
  original_max_position_embeddings: positive.nullish(),
  partial_rotary_factor: z.number().nullish(),
});

const configFile = z.object({
  model_type: z.string(),
  hidden_size: whole(1 << 16),
  num_hidden_layers: whole(1_024),
  num_attention_heads: whole(1_024),
  num_key_value_heads: whole(1_024).nullish(),
  head_dim: whole(4_096).nullish(),
  intermediate_size: whole(1 << 20),
  vocab_size: whole(1 << 22),
  hidden_act: z.string().nullish(),
  rope_theta: positive.nullish(),
  rope_scaling: rope.nullish(),
  rope_parameters: rope.nullish(),
  partial_rotary_factor: z.number().nullish(),
  rms_norm_eps: positive.max(1).nullish(),
  tie_word_embeddings: z.boolean().nullish(),
  attention_bias: z.boolean().nullish(),
  mlp_bias: z.boolean().nullish(),
  use_sliding_window: z.boolean().nullish(),
  sliding_window: z.number().nullish(),
  layer_types: z.array(z.string()).nullish(),
  max_position_embeddings: whole(1 << 24),
  eos_token_id: tokenIds,
  dtype: z.string().nullish(),
  torch_dtype: z.string().nullish(),
  quantization_config: z.unknown().optional(),
});
const generationFile = z.object({ eos_token_id: tokenIds });

/** What an architecture does where config.json is silent. */
const architectures: Readonly<Record<string, { bias: boolean; qkNorm: boolean; tied: boolean; window: boolean }>> = {
  qwen2: { bias: true, qkNorm: false, tied: false, window: false },
  qwen3: { bias: false, qkNorm: true, tied: false, window: false },
  llama: { bias: false, qkNorm: false, tied: false, window: false },
  mistral: { bias: false, qkNorm: false, tied: false, window: true },
};

/**
 * Reads config.json, and generation_config.json where there is one, in the styles of transformers 4 and 5.
 * @param config the parsed JSON; `path` names its file in messages
 * @throws ModelError when a field is missing or impossible, or the architecture is not supported
 */
export function parseModelConfig(config: unknown, generation: unknown, path = 'config.json'): ModelConfig {
  const file = parsed(configFile, config, path);
  const architecture = architectures[file.model_type];
  if (architecture === undefined) {
    throw unsupported(
      path,
      `model_type ${JSON.stringify(file.model_type)} is not one of ${Object.keys(architectures).join(', ')}`,
    );
  }
  refuseFeatures(file, architecture.window, path);
  const heads = file.num_attention_heads;
  const kvHeads = file.num_key_value_heads ?? heads;
  const headDim = file.head_dim ?? file.hidden_size / heads;
  if (heads % kvHeads !== 0) throw invalidFile(path, `${heads} attention heads cannot share ${kvHeads} key heads`);
  if (!Number.isInteger(headDim) || headDim % 2 !== 0)
    throw invalidFile(path, `a head of ${headDim} values cannot be rotated in pairs`);
  const stopIds =
    (generation === undefined
      ? undefined
      : parsed(generationFile, generation, 'generation_config.json').eos_token_id) ??
    file.eos_token_id ??
    [];
  const beyond = stopIds.find((id) => id >= file.vocab_size);
  if (beyond !== undefined)
    throw invalidFile(path, `the stop token ${beyond} is outside the vocabulary of ${file.vocab_size}`);
  return {
    modelType: file.model_type,
    hiddenSize: file.hidden_size,
    layers: file.num_hidden_layers,
    heads,
    kvHeads,
    headDim,
    intermediateSize: file.intermediate_size,
    vocabSize: file.vocab_size,
    ropeTheta: file.rope_parameters?.rope_theta ?? file.rope_theta ?? 10_000,
    ropeScaling: ropeScalingOf(file, path),
    rmsNormEps: file.rms_norm_eps ?? 1e-6,
    tieWordEmbeddings: file.tie_word_embeddings ?? architecture.tied,
    attentionBias: architecture.bias,
    qkNorm: architecture.qkNorm,
    maxPositions: file.max_position_embeddings,
    stopIds,
    dtype: storedTypeOf(file.dtype ?? file.torch_dtype ?? 'float32', path),
  };
}

type ConfigFile = z.output<typeof configFile>;

function parsed<S extends z.ZodType>(schema: S, value: unknown, path: string): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const first = result.error.issues[0];
  throw invalidFile(path, `${first?.path.join('.') || 'the file'}: ${first?.message ?? 'not as expected'}`);
}

function refuseFeatures(file: ConfigFile, alwaysWindowed: boolean, path: string): void {
  if ((file.hidden_act ?? 'silu') !== 'silu') throw unsupported(path, `hidden_act ${file.hidden_act} is not silu`);
  // Qwen2 has its biases whatever this says; elsewhere it would add one to o_proj as well.
  if (file.attention_bias === true && file.model_type !== 'qwen2')
    throw unsupported(path, 'attention_bias is not supported for this architecture');
  if (file.mlp_bias === true) throw unsupported(path, 'mlp_bias is not supported');
  if (file.quantization_config !== undefined && file.quantization_config !== null)
    throw unsupported(path, 'quantised checkpoints are not supported');
  const windowed = alwaysWindowed || file.use_sliding_window === true;
  if (windowed && (file.sliding_window ?? Infinity) < file.max_position_embeddings)
    throw unsupported(path, `a sliding window of ${file.sliding_window} tokens is not supported`);
  const other = file.layer_types?.find((type) => type !== 'full_attention');
  if (other !== undefined) throw unsupported(path, `layers of type ${other} are not supported`);
  const partial = file.rope_parameters?.partial_rotary_factor ?? file.partial_rotary_factor ?? 1;
  if (partial !== 1) throw unsupported(path, `partial_rotary_factor ${partial} is not supported`);
}

function ropeScalingOf(file: ConfigFile, path: string): RopeScaling | null {
  const scaling = file.rope_parameters ?? file.rope_scaling;
  const type = scaling?.rope_type ?? scaling?.type ?? 'default';
  if (scaling === null || scaling === undefined || type === 'default') return null;
  if (type !== 'linear' && type !== 'llama3') throw unsupported(path, `rotary scaling ${JSON.stringify(type)}`);
  const needed = (name: keyof z.output<typeof rope>): number => {
    const value = scaling[name];
    if (typeof value !== 'number') throw invalidFile(path, `${type} rotary scaling without ${name}`);
    return value;
  };
  if (type === 'linear') return { type, factor: needed('factor') };
  const [lowFreqFactor, highFreqFactor] = [needed('low_freq_factor'), needed('high_freq_factor')];
  if (lowFreqFactor >= highFreqFactor)
    throw invalidFile(path, `low_freq_factor ${lowFreqFactor} is not below high_freq_factor ${highFreqFactor}`);
  return {
    type,
    factor: needed('factor'),
    lowFreqFactor,
    highFreqFactor,
    originalMaxPositions: needed('original_max_position_embeddings'),
  };
}

function storedTypeOf(dtype: string, path: string): StoredType {
  const name = dtype.replace(/^torch\./, '');
  if (name === 'float32' || name === 'float16' || name === 'bfloat16') return name;
  throw unsupported(path, `dtype ${JSON.stringify(dtype)}`);
}
