import { encode } from '../../gpu-worker/onnx/encode.ts';
import { Graph } from '../../gpu-worker/onnx/graph.ts';
import { moving } from '../../gpu-worker/runtime/message.ts';
import { RuntimeError } from '../../gpu-worker/runtime/runtime-error.ts';
import { openSession, tensor } from '../../gpu-worker/runtime/session.ts';

export type ToyProgram = Awaited<ReturnType<typeof open>>;

/** A program around the graph y = x wᵀ that keeps w between calls. */
export async function open({ width, fail = false }: { width: number; fail?: boolean }) {
  if (fail) throw new RuntimeError('TOY_REFUSED', `a width of ${width} is refused`, 'Take another one.');
  const graph = new Graph('toy');
  const x = graph.input('x', 'float32', ['rows', width]);
  const w = graph.input('w', 'float32', ['outputs', width]);
  graph.output('y', graph.node('Gemm', [x, w], { transB: 1 }));
  const session = await openSession(encode(graph));
  let weights = tensor('float32', new Float32Array(width), [1, width]);
  const run = async (rows: Float32Array) => {
    const { y } = await session.run({ x: tensor('float32', rows, [rows.length / width, width]), w: weights });
    return y?.data as Float32Array;
  };
  return {
    put(data: Float32Array) {
      weights = tensor('float32', data, [data.length / width, width]);
    },
    async run(rows: Float32Array) {
      const y = (await run(rows)).slice();
      return moving(y, [y.buffer]);
    },
    async repeat({ rows, times }: { rows: Float32Array; times: number }) {
      for (let i = 0; i < times; i++) await run(rows);
    },
    wrongShape: () => session.run({ x: tensor('float32', new Float32Array(3), [1, 3]), w: weights }),
    die: () => process.exit(3),
    close: () => session.close(),
  };
}
