import { TrainError } from './train-error.ts';

/** Tensors by name, float32, row-major. */
export type TensorMap = ReadonlyMap<string, { readonly dims: readonly number[]; readonly data: Float32Array }>;

/** A trained tensor: a graph input of this name, and a graph output with its gradient. */
export interface Parameter {
  readonly name: string;
  readonly dims: readonly number[];
  readonly size: number;
}

export const totalSize = (parameters: readonly Parameter[]): number =>
  parameters.reduce((sum, { size }) => sum + size, 0);

export const parametersOf = (shapes: ReadonlyMap<string, readonly number[]>): Parameter[] =>
  [...shapes].map(([name, dims]) => ({ name, dims, size: dims.reduce((a, b) => a * b, 1) }));

/** All parameters one after the other. @throws TrainError when one is missing or has another shape */
export function flattened(parameters: readonly Parameter[], tensors: TensorMap): Float32Array {
  const flat = new Float32Array(totalSize(parameters));
  let offset = 0;
  for (const { name, dims, size } of parameters) {
    const tensor = tensors.get(name);
    if (tensor === undefined || tensor.dims.join() !== dims.join())
      throw new TrainError(
        'WEIGHTS_DO_NOT_FIT',
        `${name} should be [${dims.join(', ')}] and is ${tensor === undefined ? 'missing' : `[${tensor.dims.join(', ')}]`}`,
        'Check that the weights belong to this model and these LoRA settings.',
      );
    flat.set(tensor.data, offset);
    offset += size;
  }
  return flat;
}

/** Copies of the parts of `flat`. */
export function tensorsOf(parameters: readonly Parameter[], flat: Float32Array): TensorMap {
  let offset = 0;
  return new Map(
    parameters.map(({ name, dims, size }) => {
      const data = Float32Array.from(flat.subarray(offset, offset + size));
      offset += size;
      return [name, { dims, data }] as const;
    }),
  );
}
