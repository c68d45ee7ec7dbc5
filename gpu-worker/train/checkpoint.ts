import { readSafetensorsHeader, readStoredTensor } from '../models/safetensors.ts';
import type { NamedTensor } from '../models/write-files.ts';
import { writeSafetensors } from '../models/write-files.ts';
import type { Parameter } from './parameters.ts';
import { totalSize } from './parameters.ts';
import { TrainError } from './train-error.ts';
import type { TrainerState } from './trainer.ts';

const arrays = ['weights', 'm', 'v'] as const;
const entryName = (array: string, parameter: string) => `${array}/${parameter}`;

/**
 * Saves a trainer's state as one .safetensors file, whole or not at all: `weights/NAME`, `m/NAME` and `v/NAME` of every
 * parameter, and `step`.
 * @throws ModelError when it cannot be written
 */
export async function saveTrainerState(
  file: string,
  state: TrainerState,
  parameters: readonly Parameter[],
): Promise<void> {
  // The step as two halves of 16 bits: float32 would round large ones.
  const step = Float32Array.of(Math.floor(state.step / 65_536), state.step % 65_536);
  const tensors = new Map<string, NamedTensor>([['step', { dims: [2], data: step }]]);
  for (const array of arrays) {
    let offset = 0;
    for (const { name, dims, size } of parameters) {
      tensors.set(entryName(array, name), { dims, data: state[array].subarray(offset, offset + size) });
      offset += size;
    }
  }
  await writeSafetensors(file, tensors, 'float32');
}

/**
 * @throws ModelError when the file is missing or damaged
 * @throws TrainError when it belongs to other parameters
 */
export function loadTrainerState(file: string, parameters: readonly Parameter[]): TrainerState {
  const stored = readSafetensorsHeader(file);
  const read = (name: string, dims: readonly number[]) => {
    const tensor = stored.get(name);
    if (tensor === undefined || tensor.shape.join() !== dims.join())
      throw new TrainError(
        'CHECKPOINT_OF_OTHER_MODEL',
        `${file} has no ${name} of shape [${dims.join(', ')}]`,
        'Go on with the model and the settings that the checkpoint was saved with, or delete it.',
      );
    return readStoredTensor(name, tensor);
  };
  const flat = (array: string) => {
    const all = new Float32Array(totalSize(parameters));
    let offset = 0;
    for (const { name, dims, size } of parameters) {
      all.set(read(entryName(array, name), dims), offset);
      offset += size;
    }
    return all;
  };
  const [high = 0, low = 0] = read('step', [2]);
  return { step: high * 65_536 + low, weights: flat('weights'), m: flat('m'), v: flat('v') };
}
