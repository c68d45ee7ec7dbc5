import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { gradients } from '../../gpu-worker/autodiff/gradients.ts';
import { encode } from '../../gpu-worker/onnx/encode.ts';
import { Graph } from '../../gpu-worker/onnx/graph.ts';
import { elementTypeCodes } from '../../gpu-worker/onnx/infer.ts';
import { randomNumbers } from '../../gpu-worker/train/random.ts';
import { type Case, cases } from './cases.ts';

const sizeOf = (dims: readonly number[]) => dims.reduce((a, b) => a * b, 1);

/** The weighted sum of the case's result, and its gradient by each input: by the rules, and by central differences. */
async function bothGradients(item: Case): Promise<{ analytic: number[][]; numeric: number[][] }> {
  const random = randomNumbers(7);
  const graph = new Graph('case');
  const inputs = item.inputs.map((dims, i) => graph.input(`x${i}`, 'float32', item.symbolic?.[i] ?? dims));
  const y = item.build(graph, inputs);
  const weights = graph.input('weights', 'float32', y.shape);
  const axes = graph.integers(y.shape.map((_, axis) => axis));
  const product = graph.node('Mul', [y, weights]);
  const loss = y.shape.length === 0 ? product : graph.node('ReduceSum', [product, axes], { keepdims: 0 });
  graph.output('y', y);
  graph.output('loss', loss);
  for (const [i, gradient] of gradients(graph, loss, inputs).entries()) graph.output(`d${i}`, gradient);
  const session = await InferenceSession.create(encode(graph), { logSeverityLevel: 3 });
  const draw = () => (item.positive === true || random() < 0.5 ? 1 : -1) * (0.3 + random());
  const data = item.inputs.map((dims) => Float32Array.from({ length: sizeOf(dims) }, draw));
  const feeds = (weight: Tensor) => ({
    weights: weight,
    ...Object.fromEntries(data.map((values, i) => [`x${i}`, new Tensor('float32', values, item.inputs[i] ?? [])])),
  });
  const shapeSession = await InferenceSession.create(encode(withoutGradient(item)), { logSeverityLevel: 3 });
  const plain = feeds(new Tensor('float32', [0], [1]));
  const { weights: _, ...onlyInputs } = plain;
  const dims = (await shapeSession.run(onlyInputs)).y?.dims ?? [];
  const weight = new Tensor(
    'float32',
    Float32Array.from({ length: sizeOf(dims) }, () => random() * 2 - 1),
    dims,
  );
  const results = await session.run(feeds(weight));
  const step = 4e-3;
  const lossAt = async () => Number((await session.run(feeds(weight), ['loss'])).loss?.data[0]);
  const numeric: number[][] = [];
  for (const values of data) {
    const row: number[] = [];
    for (let i = 0; i < values.length; i += 1) {
      const before = values[i] ?? 0;
      values[i] = before + step;
      const above = await lossAt();
      values[i] = before - step;
      const below = await lossAt();
      values[i] = before;
      row.push((above - below) / (2 * step));
    }
    numeric.push(row);
  }
  return { analytic: data.map((_, i) => Array.from(results[`d${i}`]?.data as Float32Array)), numeric };
}

function withoutGradient(item: Case): Graph {
  const graph = new Graph('forward');
  const inputs = item.inputs.map((dims, i) => graph.input(`x${i}`, 'float32', item.symbolic?.[i] ?? dims));
  graph.output('y', item.build(graph, inputs));
  return graph;
}

describe('rules agree with central differences', () => {
  for (const item of Object.values(cases).flat()) {
    it(item.name, async () => {
      const { analytic, numeric } = await bothGradients(item);
      analytic.forEach((row, i) => {
        expect(row.length).toBe(numeric[i]?.length);
        const peak = Math.max(...row.map(Math.abs), 1e-3);
        for (const [j, value] of row.entries())
          expect(Math.abs(value - (numeric[i]?.[j] ?? Number.NaN)) / peak).toBeLessThan(5e-3);
      });
    });
  }
});

describe('gradients', () => {
  it('refuse a parameter that the loss does not depend on', () => {
    const graph = new Graph('independent');
    const x = graph.input('x', 'float32', [2]);
    const z = graph.input('z', 'float32', [3]);
    const loss = graph.node('ReduceSum', [x, graph.integers([0])], { keepdims: 0 });
    expect(() => gradients(graph, loss, [x, z])).toThrow('does not depend on z');
  });

  it('refuse a way through an operator without a derivative, and a result that is no scalar', () => {
    const graph = new Graph('steps');
    const x = graph.input('x', 'float32', [2]);
    const y = graph.node('Cast', [graph.node('Less', [x, graph.scalar(0)])], { to: elementTypeCodes.float32 });
    const loss = graph.node('ReduceSum', [y, graph.integers([0])], { keepdims: 0 });
    expect(() => gradients(graph, loss, [x])).toThrow('a gradient passes Less');
    expect(() => gradients(graph, y, [x])).toThrow('not []');
  });
});
