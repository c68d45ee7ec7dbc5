import { TrainError } from './train-error.ts';
import type { TrainerState } from './trainer.ts';

const ARRAYS = 3;
const FLOAT_BYTES = 4;

/** The arrays of a trainer's state, float32, little-endian: weights, m, v. The step is kept beside it. */
export function stateBytes({ weights, m, v }: TrainerState): Buffer {
  return Buffer.concat([weights, m, v].map((array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength)));
}

/** @throws TrainError when the bytes cannot be those of three arrays */
export function stateOfBytes(bytes: Buffer, step: number): TrainerState {
  if (bytes.length === 0 || bytes.length % (ARRAYS * FLOAT_BYTES) !== 0)
    throw new TrainError(
      'CHECKPOINT_DAMAGED',
      `a checkpoint of ${bytes.length} bytes holds no three arrays of equal length`,
      'Start the run anew.',
    );
  // A copy: the bytes of a row may begin anywhere in their buffer.
  const all = new Float32Array(new Uint8Array(bytes).buffer);
  const size = all.length / ARRAYS;
  const part = (index: number) => all.slice(index * size, (index + 1) * size);
  return { step, weights: part(0), m: part(1), v: part(2) };
}
