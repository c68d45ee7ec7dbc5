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
export const presentKeyName = (layer: number): string => `present_key.${layer}`;
export const presentValueName = (layer: number): string => `present_value.${layer}`;

/**
 * The decoder for generating and scoring: attention with a KV cache.
 *
 * | input | type | shape | |
 * | --- | --- | --- | --- |
 * | `ids` | int64 | [batch, time] | the tokens of this call; rows padded at the right with any id |
 * | `last_positions` | int32 | [batch] | position of each row's last token: its length with this call's tokens, less 1 |
 * | `total_length` | int32 | [1] | the largest of these lengths |
 * | `rows` | int64 | [rows] | the tokens whose logits are wanted: `row · time + column` |
 * | `past_key.L`, `past_value.L` | float32 | [batch, kvHeads, capacity, headDim] | the cache of layer L |
 * | the weights | float32 | | by the checkpoint's names, where they are inputs |
 * | LoRA, `lora_scale` | float32 | | by PEFT's names, where the graph has LoRA |
 *
 * Outputs: `logits` float32 [rows, vocabulary]; `present_key.L`, `present_value.L` like the inputs. Give the run the past
 * tensors themselves as its results for the present ones: the cache is then written in place and never copied.
 *
 * What GroupQueryAttention accepts: `time` 1 with any past of each row (one step of decoding, ragged rows); `time` > 1
 * without past, in a batch, rows padded at the right, `total_length` = `time`; `time` > 1 on a past, for batch 1 only.
 */
export function serveGraph(config: ModelConfig, options: ServeOptions): Graph {
  const graph = new Graph('serve');
  const { heads, kvHeads, headDim } = config;
  const ids = graph.input('ids', 'int64', ['batch', 'time']);
  const lastPositions = graph.input('last_positions', 'int32', ['batch']);
  const totalLength = graph.input('total_length', 'int32', [1]);
  const rows = graph.input('rows', 'int64', ['rows']);
  const cacheShape = ['batch', kvHeads, 'capacity', headDim];
  const past = Array.from({ length: config.layers }, (_, layer) => ({
    key: graph.input(pastKeyName(layer), 'float32', cacheShape),
    value: graph.input(pastValueName(layer), 'float32', cacheShape),
  }));
  const weights = declareWeights(graph, config, options.weights, options.lora);
  const tables = rotaryTables(config, options.maxLength);
  const cosines = graph.floats(tables.cosines, [options.maxLength, headDim / 2]);
  const sines = graph.floats(tables.sines, [options.maxLength, headDim / 2]);

  const lowering: Lowering = {
    ids: graph.reshape(ids, ['tokens']),
    rows,
    attention(q, k, v, layer) {
      const cache = past[layer] as { key: Value; value: Value };
      const byRow = (x: Value, count: number) => graph.reshape(x, ['batch', 'time', count * headDim]);
      const [result, presentKey, presentValue] = graph.apply(
        'GroupQueryAttention',
        [
          byRow(q, heads),
          byRow(k, kvHeads),
          byRow(v, kvHeads),
          cache.key,
          cache.value,
          lastPositions,
          totalLength,
          cosines,
          sines,
        ],
        { num_heads: heads, kv_num_heads: kvHeads, do_rotary: 1 },
      );
      graph.output(presentKeyName(layer), presentKey);
      graph.output(presentValueName(layer), presentValue);
      return graph.reshape(result, ['tokens', heads * headDim]);
    },
  };
  graph.output('logits', languageModelHead(graph, config, weights, decoderHidden(graph, config, weights, lowering)));
  return graph;
}
