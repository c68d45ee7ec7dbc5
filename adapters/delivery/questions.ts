import type { AskedQuestion, ChatDesk } from '../../src/domain/chat.ts';
import type { Loop } from '../../src/domain/ports.ts';
import { InputError, withRemedy } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import type { Person } from './inputs.ts';
import type { RateLimit } from './rate-limit.ts';

const TOO_MUCH = 'That is as many questions as I take within a minute. Please ask again in a minute.';

/** A question as somebody wrote it. */
export interface WrittenQuestion {
  readonly workspace: string;
  readonly conversation: string;
  readonly message: string;
  readonly person: Person;
  readonly text: string;
  readonly isDirect: boolean;
}

/** What asking needs of a platform. */
export interface QuestionDesk {
  readonly platform: string;
  readonly loop: Pick<Loop, 'ask'>;
  readonly desk: Pick<ChatDesk, 'askedLately' | 'questionOf' | 'editQuestion'>;
  readonly log: Log;
  /** Questions a minute, counted over all processes. */
  readonly limits: { readonly person: number; readonly workspace: number };
  showProgress(workspace: string, question: AskedQuestion): void;
}

export interface AskOptions {
  /** Counts by the clock that the question goes by. */
  readonly limit: RateLimit;
  /** It was missed, and is found now. */
  readonly isLate?: boolean | undefined;
  /** Tells whoever asked why it is not taken. */
  readonly refuse: (markdown: string) => void;
}

/** What was asked of other processes, and of this one before it was started, counts too. */
async function isTooMuch(
  { workspace, person, message }: WrittenQuestion,
  { platform, desk, limits }: QuestionDesk,
): Promise<boolean> {
  const { byPerson, inWorkspace } = await desk.askedLately({ platform, workspace }, person.key);
  if (byPerson < limits.person && inWorkspace < limits.workspace) return false;
  return (await desk.questionOf(platform, workspace, message)) === undefined;
}

/** Asks, unless it is more than one person or workspace may. Idempotent on the message. @returns the question's id; undefined when it was refused */
export async function ask(
  written: WrittenQuestion,
  desk: QuestionDesk,
  { limit, isLate, refuse }: AskOptions,
): Promise<string | undefined> {
  const { workspace, conversation, message, person, text, isDirect } = written;
  const verdict = limit.take({ workspace, person: person.key, key: message });
  if (!verdict.isAllowed) return void refuse(verdict.text);
  if (isLate !== true && (await isTooMuch(written, desk))) return void refuse(TOO_MUCH);
  try {
    const { platform } = desk;
    const { questionId, duplicate } = await desk.loop.ask({
      ...{ platform, workspace, conversation, person, key: message, text, isDirect },
    });
    desk.log.info({ questionId, duplicate, isLate }, 'asked');
    if (!duplicate) desk.showProgress(workspace, { questionId, conversation, message, person: person.key, isDirect });
    return questionId;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return void refuse(withRemedy(error));
  }
}

/** Changes an open question. @returns false where the message is no question yet */
export async function edit(
  { workspace, message, text }: WrittenQuestion,
  { platform, desk, log }: QuestionDesk,
  refuse: (markdown: string) => void,
): Promise<boolean> {
  const question = await desk.questionOf(platform, workspace, message);
  if (question === undefined) return false;
  const { questionId, status } = question;
  if (status !== 'open' || text === '') return true;
  try {
    log.info({ questionId, isChanged: await desk.editQuestion(questionId, text) }, 'a question was edited');
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    refuse(withRemedy(error));
  }
  return true;
}
