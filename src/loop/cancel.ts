import { endQuestion, firstOpen } from '../db/question-queries.ts';
import { messageOf } from '../errors.ts';
import type { LoopSetting } from './loop.ts';

/** Ends a question without an answer; the worker that holds it is told, and the conversation goes on. */
export async function cancelQuestion({ db, queue, log }: LoopSetting, questionId: string): Promise<boolean> {
  const conversationId = await endQuestion(db, questionId, { status: 'cancelled' });
  if (conversationId === undefined) return false;
  try {
    const next = await firstOpen(db, conversationId);
    if (next !== undefined) await queue.enqueue(next);
  } catch (error) {
    // It is cancelled all the same: the sweep goes on with the conversation.
    log.warn({ questionId, cause: messageOf(error) }, 'the next question could not be queued yet');
  }
  return true;
}
