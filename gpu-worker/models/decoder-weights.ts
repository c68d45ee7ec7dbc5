import { basename } from 'node:path';
import type { Graph, InitializerData } from '../onnx/graph.ts';
import { elementTypeCodes } from '../onnx/infer.ts';
import type { Dim, ElementType, Shape, Value } from '../onnx/tensor-type.ts';
import { GraphError } from '../onnx/tensor-type.ts';
import type { ModelConfig } from './config.ts';
import { unsupported } from './model-error.ts';
import type { StoredTensor } from './safetensors.ts';

/** Where the checkpoint's weights come from: fed at each run, or part of the model. */
export type WeightSource =
  | 'inputs'
  | ((name: string, shape: readonly number[]) => { readonly type: ElementType; readonly data: InitializerData });

/**
 * Weights that ONNX Runtime reads from the checkpoint's own files; the session's `folder` is the checkpoint's.
 * @throws ModelError for a tensor of another type than fp32, fp16 or bf16
 */
export const storedWeights =
  (tensors: ReadonlyMap<string, StoredTensor>): WeightSource =>
  (name) => {
    const stored = tensors.get(name);
    if (stored === undefined) throw new GraphError(`the checkpoint has no ${name}`);
    const { dtype, file, offset, length } = stored;
    if (dtype === 'unsupported') throw unsupported(file, `${name} is not stored as fp32, fp16 or bf16`);
    return { type: dtype, data: { file: basename(file), offset, length } };
  };

/** LoRA matrices as graph inputs: y = W x + b + scale · B (A x). */
export interface LoraInputs {
  /** r; a name where one session serves adapters of several ranks. */
  readonly rank: Dim;
  /** alpha / r; the graph has the scalar float32 input `lora_scale` where it is not given. */
  readonly scale?: number;
  readonly modules: readonly LoraModule[];
}

export const loraModules = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'] as const;
export type LoraModule = (typeof loraModules)[number];

export const layerName = (layer: number): string => `model.layers.${layer}`;
/** PEFT's name of a LoRA matrix of the linear layer `module`, e.g. `model.layers.0.self_attn.q_proj`. */
export const loraName = (module: string, matrix: 'A' | 'B'): string =>
  `base_model.model.${module}.lora_${matrix}.weight`;

interface LinearLayer {
  /** As in the checkpoint, without `.weight`. */
  readonly name: string;
  readonly module: LoraModule;
  readonly inputs: number;
  readonly outputs: number;
  readonly bias: boolean;
}

/** The seven projections of one layer. */
export function linearLayers(config: ModelConfig, layer: number): Readonly<Record<LoraModule, LinearLayer>> {
  const { hiddenSize, heads, kvHeads, headDim, intermediateSize, attentionBias } = config;
  const entry = (block: string, module: LoraModule, inputs: number, outputs: number, bias = false): LinearLayer => ({
    name: `${layerName(layer)}.${block}.${module}`,
    module,
    inputs,
    outputs,
    bias,
  });
  return {
    q_proj: entry('self_attn', 'q_proj', hiddenSize, heads * headDim, attentionBias),
    k_proj: entry('self_attn', 'k_proj', hiddenSize, kvHeads * headDim, attentionBias),
    v_proj: entry('self_attn', 'v_proj', hiddenSize, kvHeads * headDim, attentionBias),
    o_proj: entry('self_attn', 'o_proj', heads * headDim, hiddenSize),
    gate_proj: entry('mlp', 'gate_proj', hiddenSize, intermediateSize),
    up_proj: entry('mlp', 'up_proj', hiddenSize, intermediateSize),
    down_proj: entry('mlp', 'down_proj', intermediateSize, hiddenSize),
  };
}

/** Names and shapes of all weights of a checkpoint, in the order of the checkpoint's layers. */
export function weightShapes(config: ModelConfig): Map<string, readonly number[]> {
  const { hiddenSize, vocabSize, headDim, qkNorm } = config;
  const shapes = new Map<string, readonly number[]>([['model.embed_tokens.weight', [vocabSize, hiddenSize]]]);
  for (let layer = 0; layer < config.layers; layer++) {
    const prefix = layerName(layer);
    shapes.set(`${prefix}.input_layernorm.weight`, [hiddenSize]);
    for (const { name, inputs, outputs, bias } of Object.values(linearLayers(config, layer))) {
      shapes.set(`${name}.weight`, [outputs, inputs]);
      if (bias) shapes.set(`${name}.bias`, [outputs]);
    }
    if (qkNorm) for (const part of ['q', 'k']) shapes.set(`${prefix}.self_attn.${part}_norm.weight`, [headDim]);
    shapes.set(`${prefix}.post_attention_layernorm.weight`, [hiddenSize]);
  }
  shapes.set('model.norm.weight', [hiddenSize]);
  if (!config.tieWordEmbeddings) shapes.set('lm_head.weight', [vocabSize, hiddenSize]);
  return shapes;
}

/** Names and shapes of LoRA matrices: A [rank, in], B [out, rank]. */
export function loraShapes<R extends Dim>(
  config: ModelConfig,
  rank: R,
  modules: readonly LoraModule[] = loraModules,
): Map<string, readonly (number | R)[]> {
  const shapes = new Map<string, readonly (number | R)[]>();
  for (let layer = 0; layer < config.layers; layer++)
    for (const { name, module, inputs, outputs } of Object.values(linearLayers(config, layer)))
      if (modules.includes(module)) {
        shapes.set(loraName(name, 'A'), [rank, inputs]);
        shapes.set(loraName(name, 'B'), [outputs, rank]);
      }
  return shapes;
}

/** Hands out the values of the decoder's weights in a graph. */
export interface DecoderWeights {
  of(name: string): Value;
  lora(module: LoraModule, layer: string): { readonly a: Value; readonly b: Value; readonly scale: Value } | undefined;
  /** The LoRA matrices; all weights where there are none and they are inputs. */
  readonly trainable: readonly Value[];
}

/** Adds the weights to the graph: the checkpoint's first, then LoRA's, in the order of `weightShapes` and `loraShapes`. */
export function declareWeights(
  graph: Graph,
  config: ModelConfig,
  source: WeightSource,
  lora?: LoraInputs,
): DecoderWeights {
  const values = new Map<string, Value>();
  for (const [name, shape] of weightShapes(config)) values.set(name, declare(graph, source, name, shape));
  const full = [...values.values()];
  const adapter: Value[] = [];
  if (lora !== undefined)
    for (const [name, shape] of loraShapes(config, lora.rank, lora.modules)) {
      const value = graph.input(name, 'float32', shape satisfies Shape);
      adapter.push(value);
      values.set(name, value);
    }
  const given = lora?.scale;
  const scale =
    lora === undefined
      ? undefined
      : given === undefined
        ? graph.input('lora_scale', 'float32', [])
        : graph.scalar(given);
  const of = (name: string) => values.get(name) as Value;
  return {
    of,
    lora: (module, layer) =>
      scale === undefined || lora?.modules.includes(module) !== true
        ? undefined
        : { a: of(loraName(layer, 'A')), b: of(loraName(layer, 'B')), scale },
    trainable: lora === undefined ? (source === 'inputs' ? full : []) : adapter,
  };
}

/** A weight as float32; one stored in fewer bits is widened by the graph. */
function declare(graph: Graph, source: WeightSource, name: string, shape: readonly number[]): Value {
  if (source === 'inputs') return graph.input(name, 'float32', shape);
  const { type, data } = source(name, shape);
  const stored = graph.initializer(name, type, shape, data);
  return type === 'float32' ? stored : graph.node('Cast', [stored], { to: elementTypeCodes.float32 });
}
