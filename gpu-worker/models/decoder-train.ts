import { Graph } from '../onnx/graph.ts';
import type { Value } from '../onnx/tensor-type.ts';
import type { ModelConfig } from './config.ts';
import type { Lowering } from './decoder.ts';
import { decoderHidden, languageModelHead } from './decoder.ts';
import { rotaryTables } from './decoder-rope.ts';
import type { LoraInputs, WeightSource } from './decoder-weights.ts';
import { declareWeights } from './decoder-weights.ts';

export interface TrainOptions {
  readonly weights: WeightSource;
  readonly lora?: LoraInputs;
  /** The longest row, in tokens (RotaryEmbedding takes no longer ones than its tables). */
  readonly maxLength: number;
}

export interface TrainGraph {
  readonly graph: Graph;
  /** Inputs of the graph that may be trained: the LoRA matrices or, without any, all weights. */
  readonly trainable: readonly Value[];
  /** log p(targets | tokens up to `rows`) under softmax(logits / temperature), [rows, 1]. */
  readonly logProbabilities: Value;
  /** The same for every token of the vocabulary, [rows, vocabulary]. */
  readonly allLogProbabilities: Value;
  /** [rows, vocabulary], before the temperature. */
  readonly logits: Value;
}

/** Sizes that are known when the graph runs. */
const [batch, time, tokens] = ['batch', 'time', 'tokens'];

/** Where an attention score may not count. Far enough from 0 that its exponential is 0, far enough from infinity for gradients. */
const blocked = -1e9;

/**
 * The decoder for training: differentiable operators only, no cache.
 *
 * | input | type | shape | |
 * | --- | --- | --- | --- |
 * | `ids` | int64 | [batch, time] | rows may hold several sequences one after the other, and padding |
 * | `positions` | int64 | [batch, time] | of each token in its sequence, from 0 |
 * | `segments` | int64 | [batch, time] | tokens attend to earlier positions of the same segment of their row; padding is a segment of its own |
 * | `rows` | int64 | [rows] | the tokens that predict: `row · time + column` |
 * | `targets` | int64 | [rows, 1] | what they should predict |
 * | `inverse_temperature` | float32 | [] | 1 / temperature |
 * | weights, LoRA | float32 | | as in `serveGraph` |
 *
 * It has no outputs yet: the trainer adds the loss and its gradients.
 */
export function trainGraph(config: ModelConfig, options: TrainOptions): TrainGraph {
  const graph = new Graph('train');
  const ids = graph.input('ids', 'int64', [batch, time]);
  const positions = graph.input('positions', 'int64', [batch, time]);
  const segments = graph.input('segments', 'int64', [batch, time]);
  const rows = graph.input('rows', 'int64', ['rows']);
  const targets = graph.input('targets', 'int64', ['rows', 1]);
  const inverseTemperature = graph.input('inverse_temperature', 'float32', []);
  const weights = declareWeights(graph, config, options.weights, options.lora);

  const lowering: Lowering = {
    ids: graph.reshape(ids, [tokens]),
    rows,
    attention: attentionOf(graph, config, positions, segments, options.maxLength),
  };
  const hidden = decoderHidden(graph, config, weights, lowering);
  const logits = languageModelHead(graph, config, weights, hidden);
  const tempered = languageModelHead(graph, config, weights, graph.node('Mul', [hidden, inverseTemperature]));
  const allLogProbabilities = graph.node('LogSoftmax', [tempered], { axis: -1 });
  const logProbabilities = graph.node('GatherElements', [allLogProbabilities, targets], { axis: 1 });
  return { graph, trainable: weights.trainable, logProbabilities, allLogProbabilities, logits };
}

/** softmax(q kᵀ / √headDim + mask) v, with the keys and values of each group of heads repeated. */
function attentionOf(
  graph: Graph,
  { heads, kvHeads, headDim, ...config }: ModelConfig,
  positions: Value,
  segments: Value,
  maxLength: number,
): Lowering['attention'] {
  const tables = rotaryTables({ heads, kvHeads, headDim, ...config }, maxLength);
  const cosines = graph.floats(tables.cosines, [maxLength, headDim / 2]);
  const sines = graph.floats(tables.sines, [maxLength, headDim / 2]);
  const mask = attentionMask(graph, positions, segments);

  const rotate = (x: Value, count: number) =>
    graph.node('RotaryEmbedding', [graph.reshape(x, [batch, time, count * headDim]), positions, cosines, sines]);
  const byHead = (x: Value, count: number) =>
    graph.node('Transpose', [graph.reshape(x, [batch, time, count, headDim])], { perm: [0, 2, 1, 3] });
  const repeat = (x: Value) => {
    if (heads === kvHeads) return x;
    const single = graph.node('Unsqueeze', [x, graph.integers([2])]);
    const expanded = graph.node('Expand', [single, graph.dims([1, 1, heads / kvHeads, 1, 1])]);
    return graph.reshape(expanded, [batch, heads, time, headDim]);
  };
  return (q, k, v) => {
    const queries = byHead(rotate(q, heads), heads);
    const keys = repeat(byHead(rotate(k, kvHeads), kvHeads));
    const values = repeat(byHead(v, kvHeads));
    const scores = graph.node('FusedMatMul', [queries, keys], { transB: 1, alpha: 1 / Math.sqrt(headDim) });
    const probabilities = graph.node('Softmax', [graph.node('Add', [scores, mask])], { axis: -1 });
    const mixed = graph.node('Transpose', [graph.node('MatMul', [probabilities, values])], { perm: [0, 2, 1, 3] });
    return graph.reshape(mixed, [tokens, heads * headDim]);
  };
}

/** 0 where a token may look, `blocked` elsewhere, [batch, 1, time, time]. */
function attentionMask(graph: Graph, positions: Value, segments: Value): Value {
  const here = (x: Value) => graph.reshape(x, [batch, 1, time, 1]);
  const there = (x: Value) => graph.reshape(x, [batch, 1, 1, time]);
  const same = graph.node('Equal', [here(segments), there(segments)]);
  const earlier = graph.node('LessOrEqual', [there(positions), here(positions)]);
  return graph.node('Where', [graph.node('And', [same, earlier]), graph.scalar(0), graph.scalar(blocked)]);
}
