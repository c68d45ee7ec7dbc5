import type { Value } from '../onnx/tensor-type.ts';
import { axisOf, dimOf, fixedDimOf, GraphError, integersOf } from '../onnx/tensor-type.ts';
import type { Rule } from './rule.ts';
import { reshapeLike, zerosLike } from './sum-to.ts';

/** y = x[indices] along the first axis; an index may occur several times. */
export const gatherRule: Rule<'Gather'> = ({ graph, inputs: [x, indices], attributes: { axis = 0 }, g }) => {
  if (axisOf(x, axis) !== 0) throw new GraphError(`the gradient of Gather along axis ${axis} is not written`);
  const paths = graph.node('Unsqueeze', [indices, graph.integers([indices.shape.length])]);
  return [graph.node('ScatterND', [zerosLike(graph, x), paths, g], { reduction: 'add' })];
};

export const gatherElementsRule: Rule<'GatherElements'> = ({ graph, inputs: [x, indices], attributes, g }) => [
  graph.node('ScatterElements', [zerosLike(graph, x), indices, g], { ...attributes, reduction: 'add' }),
];

export const concatRule: Rule<'Concat'> = ({ graph, inputs, attributes: { axis = 0 }, g }) => {
  if (inputs.length < 2) return [g];
  const sizes = graph.integers(inputs.map((part: Value) => fixedDimOf(part, axis)));
  return graph.apply('Split', [g, sizes], { axis });
};

export const splitRule: Rule<'Split'> = ({ graph, outputs, attributes: { axis = 0 }, gradients }) => [
  graph.node(
    'Concat',
    outputs.map((part: Value, i: number) => gradients[i] ?? zerosLike(graph, part)),
    { axis },
  ),
];

export const sliceRule: Rule<'Slice'> = ({ graph, inputs: [x, starts, , axes], outputs: [y], g }) => {
  const rank = x.shape.length;
  const pads = Array<number>(2 * rank).fill(0);
  const from = integersOf(starts);
  integersOf(axes).forEach((given, i) => {
    const axis = axisOf(x, given);
    const size = fixedDimOf(x, axis);
    const start = from[i] ?? 0;
    const first = start < 0 ? start + size : start;
    pads[axis] = first;
    pads[axis + rank] = size - first - Number(dimOf(y, axis));
  });
  return [graph.node('Pad', [g, graph.integers(pads)])];
};

export const padRule: Rule<'Pad'> = ({ graph, inputs: [x, pads], g }) => {
  const axes = x.shape.flatMap((dim, axis) => (typeof dim === 'number' ? [axis] : []));
  const before = integersOf(pads);
  const starts = axes.map((axis) => before[axis] ?? 0);
  const ends = axes.map((axis, i) => (starts[i] ?? 0) + fixedDimOf(x, axis));
  return [graph.node('Slice', [g, graph.integers(starts), graph.integers(ends), graph.integers(axes)])];
};

export const transposeRule: Rule<'Transpose'> = ({ graph, attributes: { perm = [] }, g }) => [
  graph.node('Transpose', [g], { perm: perm.map((_, axis) => perm.indexOf(axis)) }),
];

export const reshapeRule: Rule<'Reshape' | 'Unsqueeze' | 'Squeeze'> = ({ graph, inputs: [x], g }) => [
  reshapeLike(graph, g, x),
];
