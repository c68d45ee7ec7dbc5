import type { Value } from '../onnx/tensor-type.ts';
import { axisOf, fixedDimOf, integersOf } from '../onnx/tensor-type.ts';
import type { Rule } from './rule.ts';
import { sumTo, zeros } from './rule.ts';

type ShapeOp = 'Reshape' | 'Expand' | 'Transpose' | 'Unsqueeze' | 'Squeeze' | 'Concat' | 'Split' | 'Slice' | 'Pad';

const clampTo = (size: number, index: number): number => Math.min(Math.max(index < 0 ? index + size : index, 0), size);

export const shapeRules: { readonly [K in ShapeOp]: Rule<K> } = {
  Reshape: ({ graph, inputs: [x], dy }) => [graph.reshape(dy, x.shape)],
  Expand: ({ graph, inputs: [x], dy }) => [sumTo(graph, dy, x.shape)],
  Transpose: ({ graph, attributes: { perm = [] }, dy }) => [
    graph.node('Transpose', [dy], { perm: perm.map((_, axis) => perm.indexOf(axis)) }),
  ],
  Unsqueeze: ({ graph, inputs: [x], dy }) => [graph.reshape(dy, x.shape)],
  Squeeze: ({ graph, inputs: [x], dy }) => [graph.reshape(dy, x.shape)],
  Concat: ({ graph, inputs, attributes: { axis = 0 }, dy }) => {
    if (inputs.length === 1) return [dy];
    const sizes = inputs.map((part: Value) => fixedDimOf(part, axis));
    return graph.apply('Split', [dy, graph.integers(sizes)], { axis });
  },
  Split: ({ graph, outputs, attributes: { axis = 0 }, gradients }) => {
    const parts = outputs.map((output: Value, i: number) => gradients[i] ?? zeros(graph, output.shape));
    return [graph.node('Concat', parts, { axis })];
  },
  Slice: ({ graph, inputs: [x, starts, ends, axes], dy }) => {
    const rank = x.shape.length;
    const pads = new Array<number>(2 * rank).fill(0);
    const [from, to] = [integersOf(starts), integersOf(ends)];
    integersOf(axes).forEach((axis, i) => {
      const size = fixedDimOf(x, axis);
      const at = axisOf(x, axis);
      pads[at] = clampTo(size, from[i] ?? 0);
      pads[at + rank] = size - clampTo(size, to[i] ?? size);
    });
    return [graph.node('Pad', [dy, graph.integers(pads)])];
  },
  Pad: ({ graph, inputs: [x, pads], dy }) => {
    const before = integersOf(pads).slice(0, x.shape.length);
    const axes = before.flatMap((_, axis) => (dy.shape[axis] === x.shape[axis] ? [] : [axis]));
    if (axes.length === 0) return [dy];
    const starts = axes.map((axis) => before[axis] ?? 0);
    const ends = axes.map((axis, i) => (starts[i] ?? 0) + fixedDimOf(x, axis));
    return [graph.node('Slice', [dy, graph.integers(starts), graph.integers(ends), graph.integers(axes)])];
  },
};
