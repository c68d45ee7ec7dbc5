import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { encode, liveParts } from '../../gpu-worker/onnx/encode.ts';
import { Graph } from '../../gpu-worker/onnx/graph.ts';

const floats = (data: number[], dims: number[]) => new Tensor('float32', Float32Array.from(data), dims);

describe('graph', () => {
  it('runs in ONNX Runtime with sizes known only at run time', async () => {
    const graph = new Graph('linear');
    const x = graph.input('x', 'float32', ['batch', 'time', 2]);
    const w = graph.input('w', 'float32', [3, 2]);
    const y = graph.node('Gemm', [graph.reshape(x, ['rows', 2]), w], { transB: 1, alpha: 0.5 });
    graph.output('y', graph.reshape(y, ['batch', 'time', 3]));
    graph.output('again', y);
    expect(y.shape).toEqual(['rows', 3]);
    const session = await InferenceSession.create(encode(graph));
    const results = await session.run({ x: floats([1, 2, 3, 4], [1, 2, 2]), w: floats([1, 0, 0, 1, 1, 1], [3, 2]) });
    expect(results.y?.dims).toEqual([1, 2, 3]);
    expect(Array.from((results.again as Tensor).data as Float32Array)).toEqual([0.5, 1, 1.5, 1.5, 2, 3.5]);
  });

  it('refuses what does not fit together when it is added', () => {
    const graph = new Graph('wrong');
    const x = graph.input('x', 'float32', ['rows', 2]);
    expect(() => graph.node('Gemm', [x, x], {})).toThrow('2 and rows');
    expect(() => graph.node('Add', [x, graph.input('y', 'float32', [3])])).toThrow('no common shape');
    expect(() => graph.input('x', 'float32', [1])).toThrow('two values named x');
    expect(() => graph.reshape(graph.input('z', 'float32', [4]), [5])).toThrow('[4] reshaped to [5]');
  });

  it('leaves out nodes and constants that no output needs', () => {
    const graph = new Graph('dead');
    const x = graph.input('x', 'float32', [2]);
    graph.node('Exp', [graph.node('Add', [x, graph.scalar(3)])]);
    graph.output('y', graph.node('Neg', [x]));
    expect(liveParts(graph).nodes.map((node) => node.op)).toEqual(['Neg']);
  });
});
