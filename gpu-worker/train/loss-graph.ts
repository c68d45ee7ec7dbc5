import { gradients } from '../autodiff/gradients.ts';
import type { ModelConfig } from '../models/config.ts';
import type { TrainOptions } from '../models/decoder-train.ts';
import { trainGraph } from '../models/decoder-train.ts';
import { encode } from '../onnx/encode.ts';
import type { Graph } from '../onnx/graph.ts';
import type { Value } from '../onnx/tensor-type.ts';
import { entropyColumn, entropyOfRows, policyColumns, policyDerivative } from './flow-grpo-graph.ts';
import type { Parameter } from './parameters.ts';
import { parametersOf } from './parameters.ts';

export const gradientName = (parameter: string): string => `gradient of ${parameter}`;

/** What is minimised: a weighted sum of negative log-probabilities, or the Flow-GRPO objective, with an entropy bonus or without. */
export type Objective = { readonly kind: 'weighted' } | { readonly kind: 'flow-grpo'; readonly entropy: boolean };

export interface LossGraph {
  readonly model: Uint8Array;
  /** Inputs of [rows, 1] that say what each predicted token contributes. */
  readonly columns: readonly string[];
  /** Outputs beside the gradients. */
  readonly outputs: readonly string[];
  readonly parameters: readonly Parameter[];
}

/** The graph of an objective with its gradients: `trainGraph`, and outputs `gradient of NAME` of every parameter, in its shape. */
export function lossGraph(config: ModelConfig, options: TrainOptions, objective: Objective): LossGraph {
  return objective.kind === 'weighted' ? weightedGraph(config, options) : policyGraph(config, options, objective);
}

/**
 * The graph of a loss that is a weighted sum of log-probabilities, with its gradients.
 *
 * On top of `trainGraph`'s inputs: `weights`, float32 [rows, 1]. Outputs: `loss` = − Σ weights · log p, float32 [];
 * `log_probabilities`, float32 [rows, 1].
 */
function weightedGraph(config: ModelConfig, options: TrainOptions): LossGraph {
  const { graph, trainable, logProbabilities } = trainGraph(config, options);
  const weights = graph.input('weights', 'float32', ['rows', 1]);
  const loss = negativeSum(graph, graph.node('Mul', [logProbabilities, weights]));
  graph.output('loss', loss);
  graph.output('log_probabilities', logProbabilities);
  return encoded(graph, trainable, gradients(graph, loss, trainable), ['weights'], ['loss', 'log_probabilities']);
}

/**
 * The gradients of the Flow-GRPO objective, whose value `flowGrpoObjective` computes from the log-probabilities.
 *
 * On top of `trainGraph`'s inputs: `policyColumns` and, for the entropy bonus − Σ weight · entropy, `entropy_weight`, all
 * float32 [rows, 1]. Outputs: `log_probabilities` and, with the bonus, `entropies`, float32 [rows, 1].
 */
function policyGraph(
  config: ModelConfig,
  options: TrainOptions,
  { entropy }: { readonly entropy: boolean },
): LossGraph {
  const { graph, trainable, logProbabilities, allLogProbabilities } = trainGraph(config, options);
  graph.output('log_probabilities', logProbabilities);
  const byValue = new Map<Value, Value>([[logProbabilities, policyDerivative(graph, logProbabilities)]]);
  if (entropy) {
    const entropies = entropyOfRows(graph, allLogProbabilities);
    graph.output('entropies', entropies);
    byValue.set(entropies, graph.node('Neg', [graph.input(entropyColumn, 'float32', ['rows', 1])]));
  }
  return encoded(
    graph,
    trainable,
    gradients(graph, byValue, trainable),
    entropy ? [...policyColumns, entropyColumn] : policyColumns,
    entropy ? ['log_probabilities', 'entropies'] : ['log_probabilities'],
  );
}

/** The same graph without gradients, for scoring: `log_probabilities` only. */
export function scoreGraph(config: ModelConfig, options: TrainOptions): LossGraph {
  const { graph, trainable, logProbabilities } = trainGraph(config, options);
  graph.output('log_probabilities', logProbabilities);
  return encoded(graph, trainable, [], [], ['log_probabilities']);
}

function encoded(
  graph: Graph,
  trainable: readonly Value[],
  gradientValues: readonly Value[],
  columns: readonly string[],
  outputs: readonly string[],
): LossGraph {
  gradientValues.forEach((gradient, i) => {
    const parameter = trainable[i];
    if (parameter !== undefined) graph.output(gradientName(parameter.name), gradient);
  });
  const parameters = parametersOf(new Map(trainable.map(({ name, shape }) => [name, shape.map(Number)])));
  return { model: encode(graph), columns, outputs, parameters };
}

const negativeSum = (graph: Graph, x: Value): Value =>
  graph.node('Neg', [graph.node('ReduceSum', [x, graph.integers([0, 1])], { keepdims: 0 })]);
