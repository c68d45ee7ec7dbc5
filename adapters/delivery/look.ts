import type { ChatContext } from './chat-context.ts';
import type { Person } from './inputs.ts';
import { traceMarkdown } from './trace-text.ts';

/** A press that is about a question. */
export interface Look {
  readonly workspace: string;
  readonly person: Person;
  readonly questionId: string;
}

type LookContext = Pick<ChatContext, 'platform' | 'desk' | 'loop' | 'stopQuestion'>;

/** Stops a question of the presser's workspace. @returns what the person is to be told, in Markdown; undefined: nothing */
export async function stopFor(
  { workspace, person, questionId }: Look,
  { platform, desk, stopQuestion }: LookContext,
): Promise<string | undefined> {
  if (!(await desk.isAskedIn(platform, workspace, questionId))) return undefined;
  if (await stopQuestion(questionId, person.key)) return undefined;
  return 'There is nothing left to stop: this question is over.';
}

/** How an answer came about, in Markdown; undefined for a question of another workspace. */
export async function traceFor(
  { workspace, questionId }: Look,
  { platform, desk, loop }: LookContext,
): Promise<string | undefined> {
  if (!(await desk.isAskedIn(platform, workspace, questionId))) return undefined;
  const answer = await loop.answer(questionId);
  return answer === undefined ? 'This answer is not kept any longer.' : traceMarkdown(answer);
}
