import type { DifferentiableOp } from '../../gpu-worker/autodiff/rules.ts';
import type { Graph } from '../../gpu-worker/onnx/graph.ts';
import type { Shape, Value } from '../../gpu-worker/onnx/tensor-type.ts';

/** A function of float inputs, to be checked against finite differences. */
export interface Case {
  readonly name: string;
  /** Shapes of the inputs; values are drawn from ±[0.3, 1.3], or from [0.3, 1.3] when `positive`. */
  readonly inputs: readonly (readonly number[])[];
  readonly positive?: boolean;
  /** Shapes as the graph sees them, where some sizes are unknown to it. */
  readonly symbolic?: readonly Shape[];
  build(graph: Graph, inputs: readonly Value[]): Value;
}

type Build = (graph: Graph, inputs: Value[]) => Value;
const make = (name: string, inputs: number[][], build: Build, more: Partial<Case> = {}): Case => ({
  name,
  inputs,
  build: (graph, values) => build(graph, [...values]),
  ...more,
});
const at = (values: readonly Value[], index: number): Value => {
  const value = values[index];
  if (value === undefined) throw new Error(`no input ${index}`);
  return value;
};
const unary = (
  op: 'Neg' | 'Exp' | 'Log' | 'Sqrt' | 'Reciprocal' | 'Sigmoid' | 'Identity',
  positive = false,
): Case[] => [make(op, [[2, 3]], (graph, [x]) => graph.node(op, [x as Value]), { positive })];
const binary = (op: 'Add' | 'Sub' | 'Mul' | 'Div' | 'Min' | 'Max'): Case[] => [
  make(
    `${op} of equal shapes`,
    [
      [2, 3],
      [2, 3],
    ],
    (graph, v) => graph.node(op, [at(v, 0), at(v, 1)]),
  ),
  make(
    `${op} with broadcasting both ways`,
    [
      [2, 1, 3],
      [4, 1],
    ],
    (graph, v) => graph.node(op, [at(v, 0), at(v, 1)]),
  ),
  make(`${op} with a scalar`, [[], [2, 2]], (graph, v) => graph.node(op, [at(v, 0), at(v, 1)])),
];
const reduction = (op: 'ReduceSum' | 'ReduceMean' | 'ReduceMax'): Case[] => [
  make(`${op} that keeps its axis`, [[2, 3, 2]], (g, v) => g.node(op, [at(v, 0), g.integers([-1])], { keepdims: 1 })),
  make(`${op} of two axes`, [[2, 3, 2]], (g, v) => g.node(op, [at(v, 0), g.integers([0, 2])], { keepdims: 0 })),
];
const indices = (graph: Graph, numbers: number[], shape: number[]): Value =>
  graph.node('Reshape', [graph.integers(numbers), graph.integers(shape)]);

/** Every operator with a rule has its cases; the type checker refuses one without. */
export const cases: Readonly<Record<DifferentiableOp, readonly Case[]>> = {
  Add: binary('Add'),
  Sub: binary('Sub'),
  Mul: [...binary('Mul'), make('Mul of a value with itself', [[3]], (g, v) => g.node('Mul', [at(v, 0), at(v, 0)]))],
  Div: binary('Div'),
  Min: binary('Min'),
  Max: binary('Max'),
  Neg: unary('Neg'),
  Exp: unary('Exp'),
  Log: unary('Log', true),
  Sqrt: unary('Sqrt', true),
  Reciprocal: unary('Reciprocal'),
  Sigmoid: unary('Sigmoid'),
  Identity: unary('Identity'),
  QuickGelu: [1, 1.7].map((alpha) =>
    make(`QuickGelu with alpha ${alpha}`, [[2, 3]], (g, v) => g.node('QuickGelu', [at(v, 0)], { alpha })),
  ),
  Softmax: [make('Softmax', [[2, 4]], (g, v) => g.node('Softmax', [at(v, 0)], { axis: -1 }))],
  LogSoftmax: [make('LogSoftmax', [[2, 4]], (g, v) => g.node('LogSoftmax', [at(v, 0)], { axis: -1 }))],
  SimplifiedLayerNormalization: [
    make('SimplifiedLayerNormalization', [[2, 3, 4], [4]], (g, v) =>
      g.node('SimplifiedLayerNormalization', [at(v, 0), at(v, 1)], { axis: -1, epsilon: 1e-6 }),
    ),
  ],
  ReduceSum: reduction('ReduceSum'),
  ReduceMean: reduction('ReduceMean'),
  ReduceMax: reduction('ReduceMax'),
  MatMul: [
    make(
      'MatMul of batches',
      [
        [2, 3, 4],
        [2, 4, 2],
      ],
      (g, v) => g.node('MatMul', [at(v, 0), at(v, 1)]),
    ),
    make(
      'MatMul of a batch with one matrix',
      [
        [2, 3, 4],
        [4, 2],
      ],
      (g, v) => g.node('MatMul', [at(v, 0), at(v, 1)]),
    ),
    make(
      'MatMul of one matrix with a batch',
      [
        [3, 4],
        [2, 4, 2],
      ],
      (g, v) => g.node('MatMul', [at(v, 0), at(v, 1)]),
    ),
    make(
      'MatMul with unknown rows',
      [
        [2, 3, 4],
        [4, 2],
      ],
      (g, v) => g.node('MatMul', [at(v, 0), at(v, 1)]),
      {
        symbolic: [
          ['batch', 'time', 4],
          [4, 2],
        ],
      },
    ),
  ],
  FusedMatMul: [0, 1].flatMap((transA) =>
    [0, 1].map((transB) =>
      make(
        `FusedMatMul with transposes ${transA}, ${transB}`,
        [transA === 1 ? [2, 4, 3] : [2, 3, 4], transB === 1 ? [2, 2, 4] : [2, 4, 2]],
        (g, v) => g.node('FusedMatMul', [at(v, 0), at(v, 1)], { transA, transB, alpha: 0.7 }),
      ),
    ),
  ),
  Gemm: [0, 1].flatMap((transA) =>
    [0, 1].map((transB) =>
      make(
        `Gemm with transposes ${transA}, ${transB} and a bias`,
        [transA === 1 ? [4, 3] : [3, 4], transB === 1 ? [2, 4] : [4, 2], [2]],
        (g, v) => g.node('Gemm', [at(v, 0), at(v, 1), at(v, 2)], { transA, transB, alpha: 0.7, beta: 0.6 }),
      ),
    ),
  ),
  Reshape: [
    make('Reshape', [[2, 3]], (g, v) => g.reshape(at(v, 0), [3, 2])),
    make('Reshape with unknown sizes', [[2, 3, 2]], (g, v) => g.reshape(at(v, 0), ['rows', 2]), {
      symbolic: [['batch', 'time', 2]],
    }),
  ],
  Expand: [make('Expand', [[3, 1]], (g, v) => g.node('Expand', [at(v, 0), g.integers([2, 3, 2])]))],
  Transpose: [make('Transpose', [[2, 3, 4]], (g, v) => g.node('Transpose', [at(v, 0)], { perm: [2, 0, 1] }))],
  Unsqueeze: [make('Unsqueeze', [[2, 3]], (g, v) => g.node('Unsqueeze', [at(v, 0), g.integers([1])]))],
  Squeeze: [make('Squeeze', [[2, 1, 3]], (g, v) => g.node('Squeeze', [at(v, 0), g.integers([1])]))],
  Concat: [
    make(
      'Concat',
      [
        [2, 3],
        [2, 1],
      ],
      (g, v) => g.node('Concat', [at(v, 0), at(v, 1)], { axis: -1 }),
    ),
  ],
  Split: [
    make('Split, one part unused', [[2, 4]], (g, v) => {
      const [, second] = g.apply('Split', [at(v, 0), g.integers([1, 3])], { axis: 1 }) as readonly Value[];
      return g.node('Exp', [second as Value]);
    }),
  ],
  Slice: [
    make('Slice', [[3, 4]], (g, v) =>
      g.node('Slice', [at(v, 0), g.integers([1, -3]), g.integers([3, -1]), g.integers([0, 1])]),
    ),
  ],
  Pad: [make('Pad', [[2, 3]], (g, v) => g.node('Pad', [at(v, 0), g.integers([1, 0, 0, 2])]))],
  Where: [
    make('Where', [[2, 3], [3]], (g, v) =>
      g.node('Where', [g.node('Less', [at(v, 0), g.scalar(0)]), at(v, 0), at(v, 1)]),
    ),
  ],
  Gather: [
    make('Gather of rows, one of them twice', [[4, 2]], (g, v) =>
      g.node('Gather', [at(v, 0), indices(g, [1, 3, 1, 0, 2, 1], [2, 3])], { axis: 0 }),
    ),
    make('Gather along the middle axis', [[2, 3, 2]], (g, v) =>
      g.node('Gather', [at(v, 0), g.integers([2, 0, 2, 2])], { axis: 1 }),
    ),
  ],
  GatherElements: [
    make('GatherElements', [[2, 3]], (g, v) =>
      g.node('GatherElements', [at(v, 0), indices(g, [2, 2, 0, 1], [2, 2])], { axis: 1 }),
    ),
  ],
  ScatterElements: ['none', 'add'].map((reduction) =>
    make(
      `ScatterElements with reduction ${reduction}`,
      [
        [2, 3],
        [2, 2],
      ],
      (g, v) =>
        g.node('ScatterElements', [at(v, 0), indices(g, [2, 1, 0, 1], [2, 2]), at(v, 1)], { axis: 1, reduction }),
    ),
  ),
  ScatterND: ['none', 'add'].map((reduction) =>
    make(
      `ScatterND with reduction ${reduction}`,
      [
        [4, 2],
        [2, 2],
      ],
      (g, v) => g.node('ScatterND', [at(v, 0), indices(g, [3, 1], [2, 1]), at(v, 1)], { reduction }),
    ),
  ),
  RotaryEmbedding: [
    make('RotaryEmbedding', [[1, 2, 3, 4]], (g, v) => {
      const angles = Float32Array.from({ length: 6 }, (_, i) => 0.4 * i);
      const positions = indices(g, [0, 2, 1], [1, 3]);
      const table = (f: (x: number) => number) => g.floats(angles.map(f), [3, 2]);
      return g.node('RotaryEmbedding', [at(v, 0), positions, table(Math.cos), table(Math.sin)]);
    }),
  ],
  Cast: [
    make('Cast through float64', [[2, 3]], (g, v) =>
      g.node('Cast', [g.node('Cast', [at(v, 0)], { to: 11 })], { to: 1 }),
    ),
  ],
};
