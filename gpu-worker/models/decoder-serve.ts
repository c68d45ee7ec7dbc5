import { Graph } from '../onnx/graph.ts';
import type { Value } from '../onnx/tensor-type.ts';
import type { ModelConfig } from './config.ts';
import type { Lowering } from './decoder.ts';
import { decoderHidden, languageModelHead } from './decoder.ts';
import { rotaryTables } from './decoder-rope.ts';
import type { LoraInputs, WeightSource } from './decoder-weights.ts';
import { declareWeights } from './decoder-weights.ts';

export interface ServeOptions {
  readonly weights: WeightSource;
  readonly lora?: LoraInputs;
  /** The longest sequence, in tokens: the length of the rotary tables and the largest `capacity`. */
  readonly maxLength: number;
}

export const pastKeyName = (layer: number): string => `past_key.${layer}`;
export const pastValueName = (layer: number): string => `past_value.${layer}`;
export const keyName = (layer: number): string => `key.${layer}`;
export const valueName = (layer: number): string => `value.${layer}`;

/** Sizes that are known when the graph runs. */
const [batch, time, tokens, capacity, total] = ['batch', 'time', 'tokens', 'capacity', 'capacity + time'];

/** What the mask holds where a token may not look. Far enough from 0 that its exponential is 0. */
export const blocked = -1e9;

/**
 * The decoder for generating and scoring: attention to a cache of earlier keys and values and to those of this call.
 *
 * | input | type | shape | |
 * | --- | --- | --- | --- |
 * | `ids` | int64 | [batch, time] | the tokens of this call; rows padded at the right with any id |
 * | `positions` | int64 | [batch, time] | of each token in its sequence, from 0 |
 * | `mask` | float32 | [batch, 1, time, capacity + time] | 0 where a token looks at the cache and at this call's tokens, `blocked` elsewhere |
 * | `rows` | int64 | [rows] | the tokens whose logits are wanted: `row · time + column` |
 * | `past_key.L`, `past_value.L` | float32 | [batch, kvHeads, capacity, headDim] | the cache of layer L; all of it finite |
 * | the weights | float32 | | by the checkpoint's names, where they are inputs |
 * | LoRA, `lora_scale` | float32 | | by PEFT's names, where the graph has LoRA |
 *
 * Outputs: `logits` float32 [rows, vocabulary]; `key.L`, `value.L` float32 [batch, kvHeads, time, headDim], which the
 * caller puts into its cache. The cache itself is no output, since onnxruntime-node would copy it at each run.
 */
export function serveGraph(config: ModelConfig, options: ServeOptions): Graph {
  const graph = new Graph('serve');
  const ids = graph.input('ids', 'int64', [batch, time]);
  const positions = graph.input('positions', 'int64', [batch, time]);
  const mask = graph.input('mask', 'float32', [batch, 1, time, total]);
  const rows = graph.input('rows', 'int64', ['rows']);
  const cacheShape = [batch, config.kvHeads, capacity, config.headDim];
  const past = Array.from({ length: config.layers }, (_, layer) => ({
    key: graph.input(pastKeyName(layer), 'float32', cacheShape),
    value: graph.input(pastValueName(layer), 'float32', cacheShape),
  }));
  const weights = declareWeights(graph, config, options.weights, options.lora);
  const lowering: Lowering = {
    ids: graph.reshape(ids, [tokens]),
    rows,
    attention: cachedAttention(graph, config, { positions, mask, past }, options.maxLength),
  };
  graph.output('logits', languageModelHead(graph, config, weights, decoderHidden(graph, config, weights, lowering)));
  return graph;
}

interface AttentionInputs {
  readonly positions: Value;
  readonly mask: Value;
  readonly past: readonly { readonly key: Value; readonly value: Value }[];
}

/** softmax(q [past, k]ᵀ / √headDim + mask) [past, v]. The queries of heads that share keys are rows of one product. */
function cachedAttention(
  graph: Graph,
  config: ModelConfig,
  { positions, mask, past }: AttentionInputs,
  maxLength: number,
): Lowering['attention'] {
  const { heads, kvHeads, headDim } = config;
  const tables = rotaryTables(config, maxLength);
  const cosines = graph.floats(tables.cosines, [maxLength, headDim / 2]);
  const sines = graph.floats(tables.sines, [maxLength, headDim / 2]);
  const byHead = (x: Value, count: number) =>
    graph.node('Transpose', [graph.reshape(x, [batch, time, count, headDim])], { perm: [0, 2, 1, 3] });
  const rotate = (x: Value) => graph.node('RotaryEmbedding', [x, positions, cosines, sines]);
  const score = (queries: Value, keys: Value) =>
    graph.node('FusedMatMul', [queries, keys], { transB: 1, alpha: 1 / Math.sqrt(headDim) });

  return (q, k, v, layer) => {
    const cache = past[layer] as AttentionInputs['past'][number];
    const grouped = [batch, kvHeads, 'group · time'];
    const queries = graph.reshape(rotate(byHead(q, heads)), [...grouped, headDim]);
    const keys = rotate(byHead(k, kvHeads));
    const values = byHead(v, kvHeads);
    graph.output(keyName(layer), keys);
    graph.output(valueName(layer), values);
    const scores = graph.node('Concat', [score(queries, cache.key), score(queries, keys)], { axis: -1 });
    const masked = graph.node('Add', [graph.reshape(scores, [batch, heads, time, total]), mask]);
    const probabilities = graph.reshape(graph.node('Softmax', [masked], { axis: -1 }), [...grouped, total]);
    const [ofPast, ofCall] = graph.apply('Split', [probabilities, graph.dims([capacity, time])], { axis: -1 });
    const mixed = graph.node('Add', [
      graph.node('MatMul', [ofPast as Value, cache.value]),
      graph.node('MatMul', [ofCall as Value, values]),
    ]);
    const ungrouped = graph.reshape(mixed, [batch, heads, time, headDim]);
    const byToken = graph.node('Transpose', [ungrouped], { perm: [0, 2, 1, 3] });
    return graph.reshape(byToken, [tokens, heads * headDim]);
  };
}
