import { InferenceSession, Tensor } from 'onnxruntime-node';
import { messageOf } from '../../src/errors.ts';
import type { ElementType } from '../onnx/tensor-type.ts';
import { RuntimeError } from './runtime-error.ts';

export { Tensor };

export interface SessionOptions {
  /** CPU threads of one operator; default 1. */
  readonly threads?: number;
  /** Default `all`. Fewer rewrites make a large graph's creation faster. */
  readonly optimization?: 'disabled' | 'basic' | 'extended' | 'layout' | 'all';
  /** Plans memory by the shapes of the first run; default true. Off where shapes change from run to run. */
  readonly memoryPattern?: boolean;
  /** Keeps freed memory for the next run; default true. */
  readonly arena?: boolean;
  /** Folder of the files in which initializers lie, where the model is given as bytes. */
  readonly folder?: string;
}

/** Tensors by the names of a graph's inputs or outputs. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** One graph, ready to run. Lives in a thread's program: `run` blocks its thread. */
export interface Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /**
   * Runs the graph. With `results`, only the named outputs are computed, into the tensors given or, where null, into
   * those returned; an output may be given the memory of an input only if its operator allows it.
   * @throws RuntimeError with ONNX Runtime's message
   */
  run(feeds: Tensors, results?: Readonly<Record<string, Tensor | null>>): Promise<Tensors>;
  close(): Promise<void>;
}

/**
 * Makes a session from an encoded model or its file.
 * @throws RuntimeError when ONNX Runtime refuses the model
 */
export async function openSession(model: Uint8Array | string, options: SessionOptions = {}): Promise<Session> {
  const session = await create(model, options);
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    async run(feeds, results) {
      try {
        return (await (results === undefined ? session.run(feeds) : session.run(feeds, results))) as Tensors;
      } catch (cause) {
        throw new RuntimeError('SESSION_RUN_FAILED', `the graph failed: ${messageOf(cause)}`, reportIt, { cause });
      }
    },
    close: () => session.release(),
  };
}

const reportIt = 'This is a defect or a lack of memory; restart the worker, and please report it if it comes again.';

async function create(model: Uint8Array | string, options: SessionOptions): Promise<InferenceSession> {
  const settings: InferenceSession.SessionOptions = {
    intraOpNumThreads: options.threads ?? 1,
    interOpNumThreads: 1,
    graphOptimizationLevel: options.optimization ?? 'all',
    enableMemPattern: options.memoryPattern ?? true,
    enableCpuMemArena: options.arena ?? true,
    logSeverityLevel: 3,
    extra: {
      session: {
        // Threads that wait for work in a loop take the processor from the database beside them.
        intra_op: { allow_spinning: '0' },
        ...(options.folder === undefined ? {} : { model_external_initializers_file_folder_path: options.folder }),
      },
    },
  };
  try {
    return typeof model === 'string'
      ? await InferenceSession.create(model, settings)
      : await InferenceSession.create(model, settings);
  } catch (cause) {
    throw new RuntimeError(
      'SESSION_REFUSED',
      `ONNX Runtime refused the graph: ${messageOf(cause)}`,
      'Check that the model folder is whole; if it is, please report this.',
      { cause },
    );
  }
}

type TensorData = Float32Array | Int32Array | BigInt64Array | Uint8Array;

/** A tensor on the CPU over `data`, which is not copied. */
export function tensor(
  type: Extract<ElementType, 'float32' | 'int32' | 'int64' | 'uint8'>,
  data: TensorData,
  dims: readonly number[],
): Tensor {
  return new Tensor(type, data, dims);
}
