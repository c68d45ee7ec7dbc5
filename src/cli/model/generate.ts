import { z } from 'zod';
import type { LoadedModel } from '../../../gpu-worker/models/model.ts';
import { readConfig } from '../../config.ts';
import { InputError } from '../../errors.ts';
import { inOrder } from '../in-order.ts';
import { readRecords } from '../json-lines.ts';
import { writeJson, writeLine } from '../output.ts';
import { ProgressBar } from '../progress-bar.ts';
import { type ModelOptions, recordsInFlight, withEngine } from './engine-session.ts';
import { tokenIds } from './score.ts';

export interface GenerateOptions extends ModelOptions {
  readonly input: string;
  readonly maxTokens: number;
  readonly temperature: number;
  readonly seed: number;
  readonly json?: true;
}

export const chatMessages = z.array(z.looseObject({ role: z.string() })).min(1, 'at least one message is needed');
const generateRecord = z.union(
  [z.object({ messages: chatMessages, tools: z.array(z.unknown()).optional() }), z.object({ ids: tokenIds })],
  { error: 'it needs `messages` (each with a role) or `ids` (whole numbers)' },
);

/**
 * `model generate`: continues chats or token ids. The seed of line n (from 0) is `seed + n`, so that equal prompts get
 * samples of their own, and a line's sample does not depend on the lines beside it.
 */
export async function generate(options: GenerateOptions): Promise<void> {
  const form = '{"messages": [{"role": "user", "content": "…"}]} or {"ids": [1, 2, 3]}';
  const records = await readRecords(options.input, generateRecord, form);
  const idsOf = (model: LoadedModel) => records.map((record) => promptOf(model, record));
  await withEngine(readConfig(), options, idsOf, async ({ model, engine, prompts, weights }) => {
    const bar = new ProgressBar('generating', prompts.length);
    const generated = inOrder(prompts, recordsInFlight, async (ids, index) => {
      const generation = await engine.generate({
        ids,
        maxTokens: options.maxTokens,
        temperature: options.temperature,
        seed: options.seed + index,
        stopIds: model.config.stopIds,
        ...weights,
      });
      return {
        promptTokens: ids.length,
        ids: generation.ids,
        logprobs: generation.logprobs,
        text: model.tokenizer.decode(generation.ids, { skipSpecialTokens: true }),
        finishReason: generation.finishReason,
      };
    });
    for await (const result of generated) {
      bar.advance(1);
      if (options.json) writeJson(result);
      else writeLine(result.text);
    }
    bar.close();
  });
}

/** The prompt's ids: as given, or the messages rendered up to where the assistant's answer begins. */
function promptOf(model: LoadedModel, record: z.output<typeof generateRecord>): number[] {
  if ('ids' in record) return record.ids;
  if (model.chatTemplate === null)
    throw new InputError(
      'NO_CHAT_TEMPLATE',
      `${model.dir} has no chat template`,
      'Give token ids instead of messages, or use a model that was trained on chats.',
    );
  const { messages, tools } = record;
  const text = model.chatTemplate.render(messages, {
    addGenerationPrompt: true,
    ...(tools === undefined ? {} : { tools }),
  });
  return model.tokenizer.encode(text);
}
