import type { Graph } from '../onnx/graph.ts';
import type { Value } from '../onnx/tensor-type.ts';
import type { Rule } from './rule.ts';
import { sumTo } from './sum-to.ts';

/** Matrix products: op swaps the last two axes where the flag is 1. */
type Product = (
  graph: Graph,
  a: Value,
  b: Value,
  flags: { readonly transA: number; readonly transB: number; readonly alpha: number },
) => Value;

const fused: Product = (graph, a, b, flags) => graph.node('FusedMatMul', [a, b], flags);
const gemm: Product = (graph, a, b, flags) => graph.node('Gemm', [a, b], flags);

/** y = alpha · op(a) · op(b): the gradients by a and b, each again one product, in the layout that a and b have. */
function productGradients(
  product: Product,
  graph: Graph,
  [a, b]: readonly [Value, Value],
  g: Value,
  { transA = 0, transB = 0, alpha = 1 }: { transA?: number; transB?: number; alpha?: number },
): [Value, Value] {
  const byA =
    transA === 0
      ? product(graph, g, b, { transA: 0, transB: 1 - transB, alpha })
      : product(graph, b, g, { transA: transB, transB: 1, alpha });
  const byB =
    transB === 0
      ? product(graph, a, g, { transA: 1 - transA, transB: 0, alpha })
      : product(graph, g, a, { transA: 1, transB: transA, alpha });
  return [sumTo(graph, byA, a), sumTo(graph, byB, b)];
}

export const matMulRule: Rule<'MatMul'> = ({ graph, inputs: [a, b], g }) =>
  productGradients(fused, graph, [a, b], g, {});

export const fusedMatMulRule: Rule<'FusedMatMul'> = ({ graph, inputs: [a, b], g, attributes }) =>
  productGradients(fused, graph, [a, b], g, attributes);

export const gemmRule: Rule<'Gemm'> = ({ graph, inputs: [a, b, bias], g, attributes }) => {
  const byProduct = productGradients(gemm, graph, [a, b], g, attributes);
  if (bias === undefined) return byProduct;
  const { beta = 1 } = attributes;
  const scaled = beta === 1 ? g : graph.node('Mul', [g, graph.scalar(beta)]);
  return [...byProduct, sumTo(graph, scaled, bias)];
};
