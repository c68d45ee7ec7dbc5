import type { Graph } from '../onnx/graph.ts';
import type { Value } from '../onnx/tensor-type.ts';
import { dimOf, productOf } from '../onnx/tensor-type.ts';
import type { Backward, Rule } from './rule.ts';
import { sumTo } from './rule.ts';

type Product = 'MatMul' | 'FusedMatMul' | 'Gemm';
type Multiply = (a: Value, b: Value, transA: number, transB: number) => Value;

const flip = (transposed: number): number => (transposed === 1 ? 0 : 1);

/** Gradients of y = op(a) · op(b), where op may swap the last two axes. */
function productGradients(
  [a, b]: readonly [Value, Value],
  [transA, transB]: readonly [number, number],
  dy: Value,
  multiply: Multiply,
): { readonly da: () => Value; readonly db: () => Value } {
  return {
    da: () => (transA === 1 ? multiply(b, dy, transB, 1) : multiply(dy, b, 0, flip(transB))),
    db: () => (transB === 1 ? multiply(dy, a, 1, transA) : multiply(a, dy, flip(transA), 0)),
  };
}

/** x [..., columns] as [rows, columns]. */
const asMatrix = (graph: Graph, x: Value): Value => {
  const leading = x.shape.slice(0, -1);
  return graph.reshape(x, [productOf(leading, `rows of ${leading.join(' × ')}`), dimOf(x, -1)]);
};

function batched(node: Backward<'FusedMatMul'>, transA: number, transB: number, alpha: number): (Value | undefined)[] {
  const {
    graph,
    inputs: [a, b],
    dy,
    needs,
  } = node;
  // One matrix on the right for a whole batch on the left: its gradient is one product over all rows, not a sum of many.
  const shared = b.shape.length === 2 && a.shape.length > 2 && transA === 0;
  const multiply: Multiply = (left, right, transLeft, transRight) =>
    graph.node('FusedMatMul', [left, right], { transA: transLeft, transB: transRight, alpha });
  const { da, db } = productGradients([a, b], [transA, transB], dy, multiply);
  const dbShared = () => productGradients([asMatrix(graph, a), b], [0, transB], asMatrix(graph, dy), multiply).db();
  return [
    needs(0) ? sumTo(graph, da(), a.shape) : undefined,
    needs(1) ? (shared ? graph.reshape(dbShared(), b.shape) : sumTo(graph, db(), b.shape)) : undefined,
  ];
}

export const productRules: { readonly [K in Product]: Rule<K> } = {
  MatMul: (node) => batched({ ...node, attributes: {} }, 0, 0, 1),
  FusedMatMul: (node) => {
    const { transA = 0, transB = 0, alpha = 1 } = node.attributes;
    return batched(node, transA, transB, alpha);
  },
  Gemm: ({ graph, inputs: [a, b, bias], attributes, dy, needs }) => {
    const { transA = 0, transB = 0, alpha = 1, beta = 1 } = attributes;
    const multiply: Multiply = (left, right, transLeft, transRight) =>
      graph.node('Gemm', [left, right], { transA: transLeft, transB: transRight, alpha });
    const { da, db } = productGradients([a, b], [transA, transB], dy, multiply);
    const scaled = () => (beta === 1 ? dy : graph.node('Mul', [dy, graph.scalar(beta)]));
    return [
      needs(0) ? da() : undefined,
      needs(1) ? db() : undefined,
      needs(2) && bias !== undefined ? sumTo(graph, scaled(), bias.shape) : undefined,
    ];
  },
};
