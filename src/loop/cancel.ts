import { endQuestion } from '../db/question-queries.ts';
import type { LoopSetting } from './loop.ts';

/** Ends a question without an answer; the worker that holds it is told, and the conversation goes on. */
export async function cancelQuestion({ db, queue }: LoopSetting, questionId: string): Promise<boolean> {
  const ended = await endQuestion(db, questionId, { status: 'cancelled' });
  if (ended?.nextQuestionId !== undefined) await queue.enqueue(ended.nextQuestionId);
  return ended !== undefined;
}
