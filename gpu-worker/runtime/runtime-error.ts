import { FoursightError } from '../../src/errors.ts';

/** ONNX Runtime or the thread that it runs in failed. */
export class RuntimeError extends FoursightError {
  override readonly name = 'RuntimeError';
}
