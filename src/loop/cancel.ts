import { endQuestion, firstOpen } from '../db/question-queries.ts';
import type { LoopSetting } from './loop.ts';

/** Ends a question without an answer; the worker that holds it is told, and the conversation goes on. */
export async function cancelQuestion({ db, queue }: LoopSetting, questionId: string): Promise<boolean> {
  const conversationId = await endQuestion(db, questionId, { status: 'cancelled' });
  if (conversationId === undefined) return false;
  const next = await firstOpen(db, conversationId);
  if (next !== undefined) await queue.enqueue(next);
  return true;
}
