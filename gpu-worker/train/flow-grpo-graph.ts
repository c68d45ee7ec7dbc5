import type { Graph } from '../onnx/graph.ts';
import type { Value } from '../onnx/tensor-type.ts';

/** What the objective needs of each action token beside ℓ: inputs of the graph, float32 [rows, 1]. */
export const policyColumns = ['old', 'reference', 'gain', 'lowest', 'highest', 'kl_weight'] as const;
export const entropyColumn = 'entropy_weight';

/**
 * dloss/dℓ of the Flow-GRPO objective at each token, [rows, 1], where w is the token's weight:
 *
 * | column | holds |
 * | --- | --- |
 * | `old`, `reference` | ℓ_old, ℓ_ref |
 * | `gain` | w · A |
 * | `lowest`, `highest` | ratios between which the advantage has a derivative |
 * | `kl_weight` | w · β |
 *
 * Computed in the graph, between its forward and its backward half, so that one run does for a step: the derivative
 * depends on ℓ, and two runs would compute the forward half twice.
 */
export function policyDerivative(graph: Graph, l: Value): Value {
  const column = (name: (typeof policyColumns)[number]) => graph.input(name, 'float32', ['rows', 1]);
  const [old, reference, gain] = [column('old'), column('reference'), column('gain')];
  const ratio = graph.node('Exp', [graph.node('Sub', [l, old])]);
  const open = graph.node('And', [
    graph.node('GreaterOrEqual', [ratio, column('lowest')]),
    graph.node('LessOrEqual', [ratio, column('highest')]),
  ]);
  const byRatio = graph.node('Where', [open, graph.node('Mul', [ratio, gain]), graph.scalar(0)]);
  const falling = graph.node('Sub', [graph.scalar(1), graph.node('Exp', [graph.node('Sub', [reference, l])])]);
  return graph.node('Sub', [graph.node('Mul', [column('kl_weight'), falling]), byRatio]);
}

/** − Σ_v p_v log p_v of each row of log-probabilities [rows, vocabulary]; [rows, 1]. */
export function entropyOfRows(graph: Graph, logProbabilities: Value): Value {
  const products = graph.node('Mul', [graph.node('Exp', [logProbabilities]), logProbabilities]);
  return graph.node('Neg', [graph.node('ReduceSum', [products, graph.integers([1])], { keepdims: 1 })]);
}
