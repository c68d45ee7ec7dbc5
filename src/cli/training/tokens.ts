import type { LoadedModel } from '../../../gpu-worker/models/model.ts';
import { InputError } from '../../errors.ts';

/**
 * @param where what is checked, e.g. `data.jsonl, example 3`
 * @throws InputError for a sequence that is too long for the model, or tokens that it does not have
 */
export function checkTokens(ids: readonly number[], { config }: LoadedModel, where: string): void {
  const wrong = (problem: string, remedy: string) => new InputError('EXAMPLE_INVALID', `${where}: ${problem}`, remedy);
  if (ids.length > config.maxPositions)
    throw wrong(`${ids.length} tokens; the model takes ${config.maxPositions}`, 'Shorten the example or leave it out.');
  const unknown = ids.find((token) => token >= config.vocabSize);
  if (unknown !== undefined)
    throw wrong(
      `token ${unknown} is outside the model's vocabulary of ${config.vocabSize}`,
      'Tokenise the data with the tokenizer of this model.',
    );
}
