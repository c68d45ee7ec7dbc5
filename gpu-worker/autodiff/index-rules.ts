import type { Value } from '../onnx/tensor-type.ts';
import { axisOf, dimOf, fixedDimOf, GraphError, integersOf } from '../onnx/tensor-type.ts';
import type { Rule } from './rule.ts';
import { reshapeLike, zerosLike } from './sum-to.ts';

/** y = x[indices] along any axis; an index may occur several times. The gathered axes go to the front, where ScatterND adds. */
export const gatherRule: Rule<'Gather'> = ({ graph, inputs: [x, indices], attributes: { axis = 0 }, g }) => {
  const at = axisOf(x, axis);
  const paths = graph.node('Unsqueeze', [indices, graph.integers([indices.shape.length])]);
  if (at === 0) return [graph.node('ScatterND', [zerosLike(graph, x), paths, g], { reduction: 'add' })];
  const others = x.shape.flatMap((_, i) => (i === at ? [] : [i]));
  const gathered = indices.shape.map((_, i) => at + i);
  const rest = g.shape.flatMap((_, i) => (gathered.includes(i) ? [] : [i]));
  const updates = graph.node('Transpose', [g], { perm: [...gathered, ...rest] });
  const empty = graph.node('Transpose', [zerosLike(graph, x)], { perm: [at, ...others] });
  const sums = graph.node('ScatterND', [empty, paths, updates], { reduction: 'add' });
  return [graph.node('Transpose', [sums], { perm: x.shape.map((_, i) => (i === at ? 0 : 1 + others.indexOf(i))) })];
};

/** All of `g` flows back to a tensor that was added to, and all but the overwritten entries to one that was written to. */
function survivors(reduction: string, g: Value, overwritten: () => Value): Value {
  if (reduction === 'add') return g;
  if (reduction === 'none') return overwritten();
  throw new GraphError(`the gradient of a scatter with the reduction ${reduction} is not written`);
}

export const scatterElementsRule: Rule<'ScatterElements'> = ({
  graph,
  inputs: [, indices, updates],
  attributes,
  g,
}) => {
  const { axis = 0, reduction = 'none' } = attributes;
  const cleared = () => graph.node('ScatterElements', [g, indices, zerosLike(graph, updates)], { axis });
  return [survivors(reduction, g, cleared), undefined, graph.node('GatherElements', [g, indices], { axis })];
};

export const scatterNdRule: Rule<'ScatterND'> = ({ graph, inputs: [, indices, updates], attributes, g }) => {
  if (dimOf(indices, -1) !== 1) throw new GraphError('the gradient of ScatterND is written for single indices only');
  const cleared = () => graph.node('ScatterND', [g, indices, zerosLike(graph, updates)]);
  const rows = graph.node('Squeeze', [indices, graph.integers([-1])]);
  return [
    survivors(attributes.reduction ?? 'none', g, cleared),
    undefined,
    graph.node('Gather', [g, rows], { axis: 0 }),
  ];
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
