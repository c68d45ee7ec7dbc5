import { z } from 'zod';
import type { Queryable } from '../db/database.ts';
import { placeOf } from '../db/place-queries.ts';
import { listPolicies } from '../db/policy-queries.ts';
import { firstOpen, insertQuestion } from '../db/question-queries.ts';
import type { AskReceipt } from '../domain/ports.ts';
import { type NewQuestion, newQuestionSchema } from '../domain/question.ts';
import { storable } from '../domain/storable.ts';
import { InputError, messageOf } from '../errors.ts';
import type { LoopSetting } from './loop.ts';

/**
 * Stores a question, then queues it unless an earlier one of its conversation is open: the end of that one does it then.
 * @throws InputError for a question that is empty or too long; DatabaseError
 */
export async function askQuestion({ db, queue, log }: LoopSetting, given: NewQuestion): Promise<AskReceipt> {
  const parsed = newQuestionSchema.safeParse({ ...given, text: storable(given.text) });
  if (!parsed.success) throw questionInvalid(parsed.error);
  const question = parsed.data;
  const stored = await db.transaction(async (tx) => {
    const place = await placeOf(tx, question);
    await checkPolicy(tx, place.workspaceId, question.policyVersion);
    return insertQuestion(tx, question, place);
  });
  if (!stored.duplicate) {
    try {
      if ((await firstOpen(db, stored.conversationId)) === stored.questionId) await queue.enqueue(stored.questionId);
    } catch (error) {
      // It is stored: the sweep queues it when the queue is back.
      log.warn({ questionId: stored.questionId, cause: messageOf(error) }, 'a question could not be queued yet');
    }
  }
  return stored;
}

export const questionInvalid = (cause: z.ZodError): InputError =>
  new InputError('QUESTION_INVALID', z.prettifyError(cause), 'Ask in one to 4,000 characters.', { cause });

/** @throws InputError for a version that the workspace does not have; 0, the base model, is always there */
async function checkPolicy(db: Queryable, workspaceId: string, version: number | null): Promise<void> {
  if (version === null || version === 0) return;
  const policies = await listPolicies(db, workspaceId);
  if (policies.some((policy) => policy.version === version)) return;
  throw new InputError(
    'POLICY_UNKNOWN',
    `there is no policy version ${version}`,
    '`foursight policy list` shows which there are.',
  );
}
