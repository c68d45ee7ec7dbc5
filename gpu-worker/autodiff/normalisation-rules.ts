import type { Graph } from '../onnx/graph.ts';
import type { Value } from '../onnx/tensor-type.ts';
import { axisOf, GraphError, integersOf } from '../onnx/tensor-type.ts';
import type { Backward, Rule } from './rule.ts';
import { countOver, sumTo } from './rule.ts';

type Normalisation =
  | 'Softmax'
  | 'LogSoftmax'
  | 'SimplifiedLayerNormalization'
  | 'ReduceSum'
  | 'ReduceMean'
  | 'ReduceMax';

const mul = (graph: Graph, a: Value, b: Value) => graph.node('Mul', [a, b]);
const sumOver = (graph: Graph, x: Value, axis: number) =>
  graph.node('ReduceSum', [x, graph.integers([axis])], { keepdims: 1 });

/** A reduction's gradient with the reduced axes back, of size 1. */
function kept({ graph, inputs: [x, axes] }: Backward<'ReduceSum'>, reduced: Value): Value {
  const gone = new Set(integersOf(axes).map((axis) => axisOf(x, axis)));
  return graph.reshape(
    reduced,
    x.shape.map((dim, axis) => (gone.has(axis) ? 1 : dim)),
  );
}

const spread = (node: Backward<'ReduceSum'>, gradient: Value): Value =>
  node.graph.node('Expand', [gradient, node.graph.dims(node.inputs[0].shape)]);

export const normalisationRules: { readonly [K in Normalisation]: Rule<K> } = {
  // dx = y · (dy − Σ dy · y)
  Softmax: ({ graph, outputs: [y], attributes: { axis = -1 }, dy }) => {
    const weighted = mul(graph, dy, y);
    return [graph.node('Sub', [weighted, mul(graph, y, sumOver(graph, weighted, axis))])];
  },
  // dx = dy − softmax(x) · Σ dy
  LogSoftmax: ({ graph, outputs: [y], attributes: { axis = -1 }, dy }) => [
    graph.node('Sub', [dy, mul(graph, graph.node('Exp', [y]), sumOver(graph, dy, axis))]),
  ],
  // With r = 1 / √(mean x² + ε) and x̂ = x · r: dx = r · (dy·scale − x̂ · mean(dy·scale · x̂)), dscale = Σ dy · x̂
  SimplifiedLayerNormalization: ({ graph, inputs: [x, scale], outputs: [, r], dy, gradients, needs }) => {
    if (gradients[1] !== undefined)
      throw new GraphError('the reciprocal deviation of a normalisation has no derivative');
    const normal = mul(graph, x, r);
    const scaled = mul(graph, dy, scale);
    const mean = graph.node('ReduceMean', [mul(graph, scaled, normal), graph.integers([-1])], { keepdims: 1 });
    return [
      needs(0) ? mul(graph, r, graph.node('Sub', [scaled, mul(graph, normal, mean)])) : undefined,
      needs(1) ? sumTo(graph, mul(graph, dy, normal), scale.shape) : undefined,
    ];
  },
  ReduceSum: (node) => [spread(node, kept(node, node.dy))],
  ReduceMean: (node) => {
    const count = countOver(node.inputs[0], integersOf(node.inputs[1]));
    return [spread(node, mul(node.graph, kept(node, node.dy), node.graph.scalar(1 / count)))];
  },
  // Equal maxima share the gradient.
  ReduceMax: (node) => {
    const {
      graph,
      inputs: [x, axes],
      outputs: [y],
      dy,
    } = node;
    const chosen = graph.node('Equal', [x, kept(node, y)]);
    const share = graph.node('Where', [chosen, graph.scalar(1), graph.scalar(0)]);
    const count = graph.node('ReduceSum', [share, axes], { keepdims: 1 });
    return [mul(graph, graph.node('Div', [share, count]), kept(node, dy))];
  },
};
