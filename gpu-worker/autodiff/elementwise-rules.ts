import type { Graph } from '../onnx/graph.ts';
import { elementTypeCodes } from '../onnx/infer.ts';
import type { OpName } from '../onnx/ops.ts';
import type { Value } from '../onnx/tensor-type.ts';
import type { Backward, Rule } from './rule.ts';
import { sumTo } from './rule.ts';

type Elementwise =
  | 'Add'
  | 'Sub'
  | 'Mul'
  | 'Div'
  | 'Min'
  | 'Max'
  | 'Neg'
  | 'Exp'
  | 'Log'
  | 'Sqrt'
  | 'Reciprocal'
  | 'Sigmoid'
  | 'Identity'
  | 'QuickGelu'
  | 'Where'
  | 'Cast';

const mul = (graph: Graph, a: Value, b: Value) => graph.node('Mul', [a, b]);

/** Gradients of a binary operator before broadcasting is undone; `left` and `right` are built only when needed. */
function binary(node: Backward<'Add'>, left: () => Value, right: () => Value): (Value | undefined)[] {
  const [a, b] = node.inputs;
  return [
    node.needs(0) ? sumTo(node.graph, left(), a.shape) : undefined,
    node.needs(1) ? sumTo(node.graph, right(), b.shape) : undefined,
  ];
}

/** The gradient goes to the operand that was chosen; of equal ones, to the first. */
function choice(node: Backward<'Min' | 'Max'>, comparison: 'LessOrEqual' | 'GreaterOrEqual'): (Value | undefined)[] {
  const { graph, inputs, dy } = node;
  const first = graph.node(comparison, inputs);
  return binary(
    node as Backward<OpName> as Backward<'Add'>,
    () => graph.node('Where', [first, dy, graph.scalar(0)]),
    () => graph.node('Where', [first, graph.scalar(0), dy]),
  );
}

export const elementwiseRules: { readonly [K in Elementwise]: Rule<K> } = {
  Add: (node) =>
    binary(
      node,
      () => node.dy,
      () => node.dy,
    ),
  Sub: (node) =>
    binary(
      node,
      () => node.dy,
      () => node.graph.node('Neg', [node.dy]),
    ),
  Mul: (node) =>
    binary(
      node,
      () => mul(node.graph, node.dy, node.inputs[1]),
      () => mul(node.graph, node.dy, node.inputs[0]),
    ),
  // d(a / b) = da / b − (a / b) · db / b
  Div: (node) => {
    const { graph, inputs, outputs, dy } = node;
    const overB = graph.node('Div', [dy, inputs[1]]);
    return binary(
      node,
      () => overB,
      () => graph.node('Neg', [mul(graph, overB, outputs[0])]),
    );
  },
  Min: (node) => choice(node, 'LessOrEqual'),
  Max: (node) => choice(node, 'GreaterOrEqual'),
  Neg: ({ graph, dy }) => [graph.node('Neg', [dy])],
  Exp: ({ graph, outputs, dy }) => [mul(graph, dy, outputs[0])],
  Log: ({ graph, inputs, dy }) => [graph.node('Div', [dy, inputs[0]])],
  Sqrt: ({ graph, outputs, dy }) => [graph.node('Div', [mul(graph, dy, graph.scalar(0.5)), outputs[0]])],
  Reciprocal: ({ graph, outputs, dy }) => [graph.node('Neg', [mul(graph, dy, mul(graph, outputs[0], outputs[0]))])],
  Sigmoid: ({ graph, outputs: [y], dy }) => [mul(graph, dy, mul(graph, y, graph.node('Sub', [graph.scalar(1), y])))],
  Identity: ({ dy }) => [dy],
  // y = x · s(αx), so dy/dx = s + α · y · (1 − s)
  QuickGelu: ({ graph, inputs: [x], outputs: [y], attributes: { alpha = 1.702 }, dy }) => {
    const s = graph.node('Sigmoid', [alpha === 1 ? x : mul(graph, x, graph.scalar(alpha))]);
    const slope = mul(graph, y, graph.node('Sub', [graph.scalar(1), s]));
    return [mul(graph, dy, graph.node('Add', [s, alpha === 1 ? slope : mul(graph, slope, graph.scalar(alpha))]))];
  },
  Where: ({ graph, inputs: [condition, a, b], dy, needs }) => [
    undefined,
    needs(1) ? sumTo(graph, graph.node('Where', [condition, dy, graph.scalar(0)]), a.shape) : undefined,
    needs(2) ? sumTo(graph, graph.node('Where', [condition, graph.scalar(0), dy]), b.shape) : undefined,
  ],
  Cast: ({ graph, inputs: [x], dy }) => [
    x.type.startsWith('float') && dy.type.startsWith('float')
      ? graph.node('Cast', [dy], { to: elementTypeCodes[x.type] })
      : undefined,
  ],
};
