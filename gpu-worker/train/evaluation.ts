import type { Example, MicroBatch } from './micro-batch.ts';
import { TrainError } from './train-error.ts';
import type { BatchResult } from './train-program.ts';

export interface Evaluation {
  /** − Σ weights · log p over all examples; 0 from `score` and where the objective's value is computed outside. */
  readonly loss: number;
  /** For each example log p(ids[t] | ids[<t]) at every t with a weight, 0 elsewhere. */
  readonly logProbabilities: readonly Float32Array[];
  /** Likewise the entropy of the distribution that predicts the token; all 0 unless the objective has an entropy bonus. */
  readonly entropies: readonly Float32Array[];
}

/** @throws TrainError for a sequence that is too long or a token that is not in the vocabulary */
export function checkExamples(examples: readonly Example[], maxLength: number, vocabSize: number): void {
  for (const { ids } of examples) {
    if (ids.length > maxLength + 1)
      throw new TrainError(
        'SEQUENCE_TOO_LONG',
        `a sequence of ${ids.length} tokens; the most is ${maxLength + 1}`,
        'Shorten or leave out such sequences.',
      );
    const wrong = ids.find((id) => !Number.isInteger(id) || id < 0 || id >= vocabSize);
    if (wrong !== undefined)
      throw new TrainError(
        'TOKEN_UNKNOWN',
        `token ${wrong}; the vocabulary has ${vocabSize}`,
        'Tokenize the data with the tokenizer of this model.',
      );
  }
}

/** The workers' results in the order of the examples. */
export function gathered(
  examples: readonly Example[],
  plan: readonly (readonly MicroBatch[])[],
  results: readonly BatchResult[],
): Evaluation {
  const inOrder = (part: 'logProbabilities' | 'entropies') => {
    const ordered = examples.map(({ ids }) => new Float32Array(ids.length));
    plan.forEach((batches, worker) => {
      batches.forEach(({ origins }, i) => {
        const values = results[worker]?.[part][i] ?? [];
        for (let row = 0; row < values.length; row++) {
          const target = ordered[origins[2 * row] ?? -1];
          if (target !== undefined) target[origins[2 * row + 1] ?? -1] = values[row] ?? Number.NaN;
        }
      });
    });
    return ordered;
  };
  return {
    loss: results.reduce((sum, { loss }) => sum + loss, 0),
    logProbabilities: inOrder('logProbabilities'),
    entropies: inOrder('entropies'),
  };
}
