import type { Graph } from '../onnx/graph.ts';
import type { Value } from '../onnx/tensor-type.ts';

/** Sums `g` over the axes along which `x` was repeated to become as large: the opposite of broadcasting. */
export function sumTo(graph: Graph, g: Value, x: Value): Value {
  const added = g.shape.length - x.shape.length;
  const axes = g.shape.flatMap((dim, axis) => (axis < added || x.shape[axis - added] !== dim ? [axis] : []));
  if (axes.length === 0) return g;
  if (axes.length === added) return graph.node('ReduceSum', [g, graph.integers(axes)], { keepdims: 0 });
  const sum = graph.node('ReduceSum', [g, graph.integers(axes)], { keepdims: 1 });
  return added === 0 ? sum : reshapeLike(graph, sum, x);
}

/** `g` in the shape of `x`. */
export function reshapeLike(graph: Graph, g: Value, x: Value): Value {
  const unknown = x.shape.filter((dim) => typeof dim === 'string').length;
  return unknown < 2 ? graph.reshape(g, x.shape) : graph.node('Reshape', [g, graph.shapeOf(x)]);
}

export const zerosLike = (graph: Graph, x: Value): Value => graph.node('Expand', [graph.scalar(0), graph.shapeOf(x)]);
