import { z } from 'zod';
import type { LoadedModel } from '../../../gpu-worker/models/model.ts';
import { readConfig } from '../../config.ts';
import { inOrder } from '../in-order.ts';
import { readRecords } from '../json-lines.ts';
import { writeJson, writeLine } from '../output.ts';
import { ProgressBar } from '../progress-bar.ts';
import { type ModelOptions, recordsInFlight, withEngine } from './engine-session.ts';

export interface ScoreOptions extends ModelOptions {
  readonly input: string;
  readonly temperature: number;
  readonly json?: true;
}

export const tokenIds = z.array(z.number().int().min(0)).min(1, 'at least one token is needed');
const scoreRecord = z.union([z.object({ ids: tokenIds }), z.object({ text: z.string().min(1) })], {
  error: 'it needs `ids` (whole numbers) or `text`',
});

/** `model score`: log-probabilities of every token but the first, natural logarithms. */
export async function score(options: ScoreOptions): Promise<void> {
  const records = await readRecords(options.input, scoreRecord, '{"ids": [1, 2, 3]} or {"text": "…"}');
  const idsOf = ({ tokenizer }: LoadedModel) =>
    records.map((record) => ('ids' in record ? record.ids : tokenizer.encode(record.text, { addSpecialTokens: true })));
  await withEngine(readConfig(), options, idsOf, async ({ engine, prompts, weights }) => {
    const bar = new ProgressBar('scoring', prompts.length);
    const scored = inOrder(prompts, recordsInFlight, async (ids) => {
      // The first token is predicted from nothing.
      if (ids.length < 2) return { ids, logprobs: [] };
      const logprobs = await engine.score({ ids, temperature: options.temperature, ...weights });
      return { ids, logprobs: [...logprobs] };
    });
    for await (const result of scored) {
      bar.advance(1);
      if (options.json) writeJson(result);
      else writeLine(summary(result.logprobs));
    }
    bar.close();
  });
}

function summary(logprobs: readonly number[]): string {
  const sum = logprobs.reduce((total, value) => total + value, 0);
  const perplexity = Math.exp(-sum / Math.max(1, logprobs.length));
  return `${logprobs.length} tokens, log-probability ${sum.toFixed(4)}, perplexity ${perplexity.toFixed(4)}`;
}
