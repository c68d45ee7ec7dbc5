import { z } from 'zod';
import type { LoadedModel } from '../../../gpu-worker/models/model.ts';
import type { SftExample } from '../../../gpu-worker/train/sft.ts';
import { InputError } from '../../errors.ts';
import { readRecords } from '../json-lines.ts';
import { checkTokens } from '../training/tokens.ts';

const id = z.number().int().min(0);
const record = z.union(
  [
    z
      .object({ ids: z.array(id).min(2, 'at least two tokens are needed'), mask: z.array(z.literal([0, 1])) })
      .refine(({ ids, mask }) => ids.length === mask.length, 'ids and mask differ in length'),
    z.object({
      messages: z.array(z.looseObject({ role: z.string() })).min(1),
      tools: z.array(z.unknown()).optional(),
    }),
  ],
  { error: 'it needs `ids` and as long a `mask` of 0 and 1, or `messages` (each with a role)' },
);
type ChatRecord = Extract<z.output<typeof record>, { messages: unknown }>;

/** @throws InputError for lines of another form, examples without anything to learn, tokens that the model does not have */
export async function readExamples(file: string, model: LoadedModel): Promise<SftExample[]> {
  const form = '{"ids": [1, 2, 3], "mask": [0, 1, 1]} or {"messages": [{"role": "user", "content": "…"}, …]}';
  const records = await readRecords(file, record, form);
  return records.map((given, index) => {
    const where = `${file}, example ${index + 1}`;
    const example = 'ids' in given ? given : chatExample(given, model, where);
    checkTokens(example.ids, model, where);
    // The first token is predicted from nothing.
    const mask = example.mask.map((on, t) => (t === 0 ? 0 : on));
    if (!mask.includes(1))
      throw new InputError(
        'NOTHING_TO_LEARN',
        `${where}: its mask leaves no token to learn`,
        'Set the mask to 1 at a token after the first, or leave the example out.',
      );
    return { ids: example.ids, mask };
  });
}

/**
 * The chat's tokens, with the loss on what the assistant wrote: each answer up to and with its stop token. Prompt and
 * answer are tokenised apart, as they are when the model generates.
 */
export function chatExample({ messages, tools }: ChatRecord, model: LoadedModel, where: string): SftExample {
  const { chatTemplate, tokenizer, config } = model;
  const wrong = (problem: string, remedy: string) => new InputError('CHAT_INVALID', `${where}: ${problem}`, remedy);
  if (chatTemplate === null)
    throw wrong(`${model.dir} has no chat template`, 'Give `ids` and `mask` instead of messages.');
  const given = tools === undefined ? {} : { tools };
  const whole = chatTemplate.render(messages, given);
  const ids: number[] = [];
  const mask: number[] = [];
  const append = (text: string, learnt: boolean) => {
    const added = tokenizer.encode(text);
    const lastStop = added.findLastIndex((token) => config.stopIds.includes(token));
    const end = lastStop === -1 ? added.length : lastStop + 1;
    added.forEach((token, i) => {
      ids.push(token);
      mask.push(learnt && i < end ? 1 : 0);
    });
  };
  let done = 0;
  messages.forEach(({ role }, index) => {
    if (role !== 'assistant') return;
    const prompt = chatTemplate.render(messages.slice(0, index), { ...given, addGenerationPrompt: true });
    const answered = chatTemplate.render(messages.slice(0, index + 1), given);
    if (!whole.startsWith(answered) || !answered.startsWith(prompt))
      throw wrong(
        'the template writes earlier messages differently once later ones follow',
        'Give one line for each answer, with the messages before it.',
      );
    append(whole.slice(done, prompt.length), false);
    append(whole.slice(prompt.length, answered.length), true);
    done = answered.length;
  });
  if (done === 0) throw wrong('no message is the assistant’s', 'Add the answer that is to be learnt.');
  return { ids, mask };
}
