import { changeText } from '../db/question-queries.ts';
import { newQuestionSchema } from '../domain/question.ts';
import { storable } from '../domain/storable.ts';
import { questionInvalid } from './ask.ts';
import type { LoopSetting } from './loop.ts';

/**
 * Changes a question until a turn of it is committed: whoever works on it is told and begins anew. False when it is too late.
 * @throws InputError for a text that is empty or too long
 */
export async function editQuestion({ db }: LoopSetting, questionId: string, given: string): Promise<boolean> {
  const parsed = newQuestionSchema.pick({ text: true }).safeParse({ text: storable(given) });
  if (!parsed.success) throw questionInvalid(parsed.error);
  return changeText(db, questionId, parsed.data.text);
}
