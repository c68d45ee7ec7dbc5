import { gradients } from '../autodiff/gradients.ts';
import type { ModelConfig } from '../models/config.ts';
import type { TrainOptions } from '../models/decoder-train.ts';
import { trainGraph } from '../models/decoder-train.ts';
import { encode } from '../onnx/encode.ts';
import type { Graph } from '../onnx/graph.ts';
import type { Value } from '../onnx/tensor-type.ts';
import type { Parameter } from './parameters.ts';
import { parametersOf } from './parameters.ts';

export const gradientName = (parameter: string): string => `gradient of ${parameter}`;

export interface LossGraph {
  readonly model: Uint8Array;
  readonly parameters: readonly Parameter[];
}

/**
 * The graph of a loss that is a weighted sum of log-probabilities, with its gradients.
 *
 * On top of `trainGraph`'s inputs: `weights`, float32 [rows, 1]. Outputs: `loss` = − Σ weights · log p, float32 [];
 * `log_probabilities`, float32 [rows, 1]; `gradient of NAME` for every parameter, in its shape.
 */
export function lossGraph(config: ModelConfig, options: TrainOptions): LossGraph {
  const { graph, trainable, logProbabilities } = trainGraph(config, options);
  const weights = graph.input('weights', 'float32', ['rows', 1]);
  const loss = negativeSum(graph, graph.node('Mul', [logProbabilities, weights]));
  graph.output('loss', loss);
  graph.output('log_probabilities', logProbabilities);
  gradients(graph, loss, trainable).forEach((gradient, i) => {
    const parameter = trainable[i];
    if (parameter !== undefined) graph.output(gradientName(parameter.name), gradient);
  });
  return {
    model: encode(graph),
    parameters: parametersOf(new Map(trainable.map(({ name, shape }) => [name, shape.map(Number)]))),
  };
}

/** The same graph without gradients, for scoring: `log_probabilities` only. */
export function scoreGraph(config: ModelConfig, options: TrainOptions): LossGraph {
  const { graph, trainable, logProbabilities } = trainGraph(config, options);
  graph.output('log_probabilities', logProbabilities);
  return {
    model: encode(graph),
    parameters: parametersOf(new Map(trainable.map(({ name, shape }) => [name, shape.map(Number)]))),
  };
}

const negativeSum = (graph: Graph, x: Value): Value =>
  graph.node('Neg', [graph.node('ReduceSum', [x, graph.integers([0, 1])], { keepdims: 0 })]);
