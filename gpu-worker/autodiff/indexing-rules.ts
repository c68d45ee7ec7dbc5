import type { Value } from '../onnx/tensor-type.ts';
import { axisOf, dimOf, GraphError } from '../onnx/tensor-type.ts';
import type { Rule } from './rule.ts';
import { zeros } from './rule.ts';

type Indexing = 'Gather' | 'GatherElements' | 'ScatterElements' | 'ScatterND' | 'RotaryEmbedding';

export const indexingRules: { readonly [K in Indexing]: Rule<K> } = {
  // Rows that were read several times collect the sum. The gathered axes are moved to the front, where ScatterND works.
  Gather: ({ graph, inputs: [x, indices], attributes: { axis = 0 }, dy }) => {
    const at = axisOf(x, axis);
    const others = x.shape.flatMap((_, i) => (i === at ? [] : [i]));
    const gathered = indices.shape.map((_, i) => at + i);
    const rest = dy.shape.flatMap((_, i) => (gathered.includes(i) ? [] : [i]));
    const updates = at === 0 ? dy : graph.node('Transpose', [dy], { perm: [...gathered, ...rest] });
    const empty = zeros(graph, [dimOf(x, at), ...others.map((i) => dimOf(x, i))]);
    const rows = graph.reshape(indices, [...indices.shape, 1]);
    const sums = graph.node('ScatterND', [empty, rows, updates], { reduction: 'add' });
    const back = x.shape.map((_, i) => (i === at ? 0 : 1 + others.indexOf(i)));
    return [at === 0 ? sums : graph.node('Transpose', [sums], { perm: back })];
  },
  GatherElements: ({ graph, inputs: [x, indices], attributes: { axis = 0 }, dy }) => [
    graph.node('ScatterElements', [zeros(graph, x.shape), indices, dy], { axis, reduction: 'add' }),
  ],
  ScatterElements: ({ graph, inputs: [, indices, updates], attributes, dy, needs }) => {
    const { axis = 0, reduction = 'none' } = attributes;
    return [
      needs(0)
        ? keptPart(reduction, dy, () =>
            graph.node('ScatterElements', [dy, indices, zeros(graph, updates.shape)], { axis }),
          )
        : undefined,
      undefined,
      needs(2) ? graph.node('GatherElements', [dy, indices], { axis }) : undefined,
    ];
  },
  ScatterND: ({ graph, inputs: [, indices, updates], attributes: { reduction = 'none' }, dy, needs }) => {
    if (needs(2) && indices.shape.at(-1) !== 1)
      throw new GraphError('ScatterND has a derivative for single indices only');
    const rows = () => graph.reshape(indices, indices.shape.slice(0, -1));
    return [
      needs(0)
        ? keptPart(reduction, dy, () => graph.node('ScatterND', [dy, indices, zeros(graph, updates.shape)]))
        : undefined,
      undefined,
      needs(2) ? graph.node('Gather', [dy, rows()], { axis: 0 }) : undefined,
    ];
  },
  // A rotation: its transpose turns back.
  RotaryEmbedding: ({ graph, inputs: [, positions, cosines, sines], attributes, dy }) => [
    graph.node('RotaryEmbedding', [dy, positions, cosines, graph.node('Neg', [sines])], attributes),
  ],
};

/** What flows back to the tensor that a scatter wrote into: everything where it added, all but the overwritten otherwise. */
function keptPart(reduction: string, dy: Value, overwritten: () => Value): Value {
  if (reduction === 'add') return dy;
  if (reduction === 'none') return overwritten();
  throw new GraphError(`a scatter with the reduction ${reduction} has no derivative`);
}
