import { FoursightError } from '../../src/errors.ts';

/** A model folder, or a file of one, cannot be used. */
export class ModelError extends FoursightError {
  override readonly name = 'ModelError';
}

/** The file at `path` is not what it should be: `problem` says in which way. */
export function invalidFile(path: string, problem: string, cause?: unknown): ModelError {
  return new ModelError(
    'MODEL_FILE_INVALID',
    `${path}: ${problem}`,
    'Fetch the file again (`foursight model pull NAME`) or copy it from where the model was made.',
    cause === undefined ? undefined : { cause },
  );
}

/** The model is sound, but of a kind that the decoder does not know. */
export function unsupported(path: string, problem: string): ModelError {
  return new ModelError(
    'MODEL_UNSUPPORTED',
    `${path}: ${problem}`,
    'Use a model of the Qwen2, Qwen3, Llama or Mistral architecture without the named feature.',
  );
}
