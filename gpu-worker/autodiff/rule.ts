import type { Graph } from '../onnx/graph.ts';
import type { AttributesOf, InputsOf, OpName, OutputsOf } from '../onnx/ops.ts';
import type { Shape, Value } from '../onnx/tensor-type.ts';
import { fixedDimOf } from '../onnx/tensor-type.ts';

/** One node of the forward pass, as its rule sees it. */
export interface Backward<K extends OpName> {
  /** Where the rule adds its nodes: the graph of the forward pass itself. */
  readonly graph: Graph;
  readonly inputs: InputsOf<K>;
  readonly outputs: OutputsOf<K>;
  readonly attributes: AttributesOf<K>;
  /** The gradient with respect to the first output, of its shape. */
  readonly dy: Value;
  /** The gradients with respect to all outputs; undefined where nothing flows back. */
  readonly gradients: readonly (Value | undefined)[];
  /** True for an input that needs a gradient. */
  needs(input: number): boolean;
}

/** The vector-Jacobian product of an operator: for each input its gradient, or undefined where none is needed. */
export type Vjp<K extends OpName> = (node: Backward<K>) => readonly (Value | undefined)[];

/**
 * An operator has a rule, or `constant`: its outputs do not change with small changes of its inputs, or `none`: it has a
 * derivative that nobody has written; a gradient through it is an error.
 */
export type Rule<K extends OpName> = Vjp<K> | 'constant' | 'none';

/** Sums a gradient over the axes that broadcasting has added or widened, so that it has `shape` again. */
export function sumTo(graph: Graph, gradient: Value, shape: Shape): Value {
  const added = gradient.shape.length - shape.length;
  const axes = gradient.shape.flatMap((dim, axis) =>
    axis < added || (shape[axis - added] === 1 && dim !== 1) ? [axis] : [],
  );
  if (axes.length === 0) return gradient;
  const summed = graph.node('ReduceSum', [gradient, graph.integers(axes)], { keepdims: added > 0 ? 0 : 1 });
  return graph.reshape(summed, shape);
}

/** Zeros of a shape. */
export const zeros = (graph: Graph, shape: Shape): Value => graph.node('Expand', [graph.scalar(0), graph.dims(shape)]);

/** How many elements a reduction over `axes` puts together. */
export const countOver = (x: Value, axes: readonly number[]): number =>
  axes.reduce((product, axis) => product * fixedDimOf(x, axis), 1);
