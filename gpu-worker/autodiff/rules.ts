import type { Graph } from '../onnx/graph.ts';
import { elementTypeCodes } from '../onnx/infer.ts';
import type { OpName } from '../onnx/ops.ts';
import type { Value } from '../onnx/tensor-type.ts';
import { axisOf, fixedDimOf, integersOf } from '../onnx/tensor-type.ts';
import * as indexed from './index-rules.ts';
import { fusedMatMulRule, gemmRule, matMulRule } from './linear-rules.ts';
import type { Rule, Rules } from './rule.ts';
import { notDifferentiable } from './rule.ts';
import { sumTo } from './sum-to.ts';

const add = (graph: Graph, a: Value, b: Value) => graph.node('Add', [a, b]);
const sub = (graph: Graph, a: Value, b: Value) => graph.node('Sub', [a, b]);
const mul = (graph: Graph, a: Value, b: Value) => graph.node('Mul', [a, b]);
const div = (graph: Graph, a: Value, b: Value) => graph.node('Div', [a, b]);
const neg = (graph: Graph, x: Value) => graph.node('Neg', [x]);
const sumOfRows = (graph: Graph, x: Value) => graph.node('ReduceSum', [x, graph.integers([-1])], { keepdims: 1 });

/** The gradient goes to the input that was taken, to the first where they are equal. */
const picked =
  (first: 'LessOrEqual' | 'GreaterOrEqual'): Rule<'Min' | 'Max'> =>
  ({ graph, inputs: [a, b], g }) => {
    const takesA = graph.node(first, [a, b]);
    const zero = graph.scalar(0);
    return [
      sumTo(graph, graph.node('Where', [takesA, g, zero]), a),
      sumTo(graph, graph.node('Where', [takesA, zero, g]), b),
    ];
  };

/** The gradient of a reduction as large as its input again. */
function spread(graph: Graph, g: Value, x: Value, axes: Value, keepdims: number): Value {
  const gone = new Set(integersOf(axes).map((axis) => axisOf(x, axis)));
  const kept = keepdims === 1 ? g : graph.node('Unsqueeze', [g, graph.integers([...gone].sort((a, b) => a - b))]);
  return graph.node('Expand', [kept, graph.shapeOf(x)]);
}

/**
 * One vector-Jacobian product for each operator of `onnx/ops.ts`, in that table's order. y is the output, g the gradient
 * by it.
 */
export const rules = {
  Add: ({ graph, inputs: [a, b], g }) => [sumTo(graph, g, a), sumTo(graph, g, b)],
  Sub: ({ graph, inputs: [a, b], g }) => [sumTo(graph, g, a), sumTo(graph, neg(graph, g), b)],
  Mul: ({ graph, inputs: [a, b], g }) => [sumTo(graph, mul(graph, g, b), a), sumTo(graph, mul(graph, g, a), b)],
  Div: ({ graph, inputs: [a, b], outputs: [y], g }) => {
    const byA = div(graph, g, b);
    return [sumTo(graph, byA, a), sumTo(graph, neg(graph, mul(graph, byA, y)), b)];
  },
  Min: picked('LessOrEqual'),
  Max: picked('GreaterOrEqual'),
  Neg: ({ graph, g }) => [neg(graph, g)],
  Exp: ({ graph, outputs: [y], g }) => [mul(graph, g, y)],
  Log: ({ graph, inputs: [x], g }) => [div(graph, g, x)],
  Sqrt: ({ graph, outputs: [y], g }) => [div(graph, mul(graph, g, graph.scalar(0.5)), y)],
  Reciprocal: ({ graph, outputs: [y], g }) => [neg(graph, mul(graph, g, mul(graph, y, y)))],
  // y' = y (1 − y)
  Sigmoid: ({ graph, outputs: [y], g }) => [mul(graph, g, mul(graph, y, sub(graph, graph.scalar(1), y)))],
  Identity: ({ g }) => [g],
  // y = x s with s = σ(a x), so y' = s + a y (1 − s)
  QuickGelu: ({ graph, inputs: [x], outputs: [y], attributes: { alpha = 1.702 }, g }) => {
    const s = graph.node('Sigmoid', [alpha === 1 ? x : mul(graph, x, graph.scalar(alpha))]);
    const slope = mul(graph, y, sub(graph, graph.scalar(1), s));
    return [mul(graph, g, add(graph, s, alpha === 1 ? slope : mul(graph, slope, graph.scalar(alpha))))];
  },
  // y (g − Σ g y)
  Softmax: ({ graph, outputs: [y], g }) => [mul(graph, y, sub(graph, g, sumOfRows(graph, mul(graph, g, y))))],
  // g − exp(y) Σ g
  LogSoftmax: ({ graph, outputs: [y], g }) => [sub(graph, g, mul(graph, graph.node('Exp', [y]), sumOfRows(graph, g)))],
  // With x̂ = x r: by scale Σ g x̂; by x r (g scale − x̂ mean(g x̂ scale)), where the mean is a product with scale / n.
  SimplifiedLayerNormalization: ({ graph, inputs: [x, scale], outputs: [, r], g }) => {
    const size = fixedDimOf(x, -1);
    const normal = mul(graph, x, r);
    const scaled = mul(graph, g, normal);
    const column = mul(graph, graph.reshape(scale, [size, 1]), graph.scalar(1 / size));
    const mean = graph.node('MatMul', [scaled, column]);
    const byX = mul(graph, r, sub(graph, mul(graph, g, scale), mul(graph, normal, mean)));
    return [byX, sumTo(graph, scaled, scale)];
  },
  ReduceSum: ({ graph, inputs: [x, axes], attributes: { keepdims = 1 }, g }) => [spread(graph, g, x, axes, keepdims)],
  ReduceMean: ({ graph, inputs: [x, axes], attributes: { keepdims = 1 }, g }) => {
    const count = integersOf(axes).reduce((product, axis) => product * fixedDimOf(x, axis), 1);
    return [spread(graph, mul(graph, g, graph.scalar(1 / count)), x, axes, keepdims)];
  },
  // Equal maxima share the gradient.
  ReduceMax: ({ graph, inputs: [x, axes], outputs: [y], attributes: { keepdims = 1 }, g }) => {
    const chosen = graph.node('Equal', [x, spread(graph, y, x, axes, keepdims)]);
    const share = graph.node('Where', [chosen, graph.scalar(1), graph.scalar(0)]);
    const count = graph.node('ReduceSum', [share, axes], { keepdims: 1 });
    return [mul(graph, div(graph, share, count), spread(graph, g, x, axes, keepdims))];
  },
  MatMul: matMulRule,
  FusedMatMul: fusedMatMulRule,
  Gemm: gemmRule,
  Reshape: indexed.reshapeRule,
  Expand: ({ graph, inputs: [x], g }) => [sumTo(graph, g, x)],
  Transpose: indexed.transposeRule,
  Unsqueeze: indexed.reshapeRule,
  Squeeze: indexed.reshapeRule,
  Concat: indexed.concatRule,
  Split: indexed.splitRule,
  Slice: indexed.sliceRule,
  Pad: indexed.padRule,
  Where: ({ graph, inputs: [condition, a, b], g }) => [
    undefined,
    sumTo(graph, graph.node('Where', [condition, g, graph.scalar(0)]), a),
    sumTo(graph, graph.node('Where', [condition, graph.scalar(0), g]), b),
  ],
  Gather: indexed.gatherRule,
  GatherElements: indexed.gatherElementsRule,
  ScatterElements: indexed.scatterElementsRule,
  ScatterND: indexed.scatterNdRule,
  // A rotation's transpose is the rotation by the opposite angle.
  RotaryEmbedding: ({ graph, inputs: [, positions, cosines, sines], attributes, g }) => [
    graph.node('RotaryEmbedding', [g, positions, cosines, neg(graph, sines)], attributes),
  ],
  Cast: ({ graph, inputs: [x], g }) => [graph.node('Cast', [g], { to: elementTypeCodes[x.type] })],
  Shape: notDifferentiable,
  Equal: notDifferentiable,
  Less: notDifferentiable,
  LessOrEqual: notDifferentiable,
  GreaterOrEqual: notDifferentiable,
  And: notDifferentiable,
  ArgMax: notDifferentiable,
} satisfies Rules;

/** Operators with a rule; each is checked against finite differences. */
export type DifferentiableOp = {
  [K in OpName]: (typeof rules)[K] extends typeof notDifferentiable ? never : K;
}[OpName];
