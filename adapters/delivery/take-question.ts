import { storable } from '../../src/domain/storable.ts';
import { InputError, withRemedy } from '../../src/errors.ts';
import { helpMarkdown } from './admin-text.ts';
import type { CommandWords } from './assistant-command.ts';
import type { ChatContext } from './chat-context.ts';
import type { Person } from './inputs.ts';
import type { RateLimit } from './rate-limit.ts';

const NO_FILES = 'I cannot read files yet, only what is written beside them.\n\n';
const TOO_LATE = {
  open: 'Your change came too late: I am at work on what you wrote first, and answer that.',
  over: 'Your change came too late: this question is over, and what you wrote first counts.',
  again: 'To have the new wording answered, ask it in a new message.',
} as const;
const TOO_MUCH = 'That is as many questions as I take within a minute. Please ask again in a minute.';

/** Something that a person wrote and that may be a question. */
export interface Asked {
  readonly workspace: string;
  readonly conversation: string;
  readonly message: string;
  readonly person: Person;
  /** In plain words; empty when it was a mention and nothing else. */
  readonly text: string;
  /** A direct message to the assistant. */
  readonly isDirect: boolean;
  readonly isMention: boolean;
  /** In a conversation that was there before. */
  readonly isReply: boolean;
  readonly hasFiles: boolean;
}

/** What a platform has to say about who is answered, and how people are told something. */
export interface QuestionRules<Some extends Asked> {
  readonly words: CommandWords;
  /** Whether the place is among those that are served. @throws what cannot be known just now */
  isServed(asked: Some): Promise<boolean>;
  /** Whether the person is one who is not answered. @throws what cannot be known just now */
  isUnwelcome(asked: Some): Promise<boolean>;
  /** Tells the person alone; what fails is logged, never thrown. */
  tell(asked: Some, markdown: string): Promise<void>;
}

export interface TakeOptions {
  /** Counts by the clock that the question goes by. */
  readonly limit: RateLimit;
  /** It was missed, and is found now. */
  readonly isLate?: boolean;
}

/** Asks the question in a message, if it is one to answer. Idempotent on the message. */
export async function takeQuestion<Some extends Asked>(
  asked: Some,
  rules: QuestionRules<Some>,
  context: ChatContext,
  { limit, isLate }: TakeOptions,
): Promise<void> {
  const { platform, loop, log } = context;
  const { workspace, conversation, message, person, text, isDirect, hasFiles } = asked;
  if (!(await rules.isServed(asked)) || !(await isMeant(asked, context)) || (await rules.isUnwelcome(asked))) return;
  const tell = (markdown: string) => {
    // A mention may come as a message, too.
    if (context.isFirst(`told ${workspace} ${message}`)) tellLater(asked, rules, context, markdown);
  };
  if (text === '') return tell(`${hasFiles ? NO_FILES : ''}${helpMarkdown(rules.words)}`);
  const verdict = limit.take({ workspace, person: person.key, key: message });
  if (!verdict.isAllowed) return tell(verdict.text);
  if (isLate !== true && (await isTooMuch(asked, context))) return tell(TOO_MUCH);
  try {
    const question = { platform, workspace, conversation, person, key: message, text, isDirect };
    const { questionId, duplicate } = await loop.ask(question);
    log.info({ questionId, duplicate, isLate }, 'asked');
    if (!duplicate)
      context.showProgress(workspace, { questionId, conversation, message, person: person.key, isDirect });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    tell(withRemedy(error));
  }
}

/**
 * Changed before its first turn, a question counts as it is now, and whoever changes it later is told so once; a message that becomes a
 * mention is a question from then on.
 */
export async function takeEdit<Some extends Asked>(
  asked: Some,
  rules: QuestionRules<Some>,
  context: ChatContext,
  options: TakeOptions,
): Promise<void> {
  const { platform, desk, log } = context;
  const question = await desk.questionOf(platform, asked.workspace, asked.message);
  if (question === undefined) {
    if (asked.isMention || asked.isDirect) await takeQuestion(asked, rules, context, options);
    return;
  }
  const { questionId, status } = question;
  // Platforms tell of changes that are none of the words, too.
  if (status === 'cancelled' || asked.text === '' || storable(asked.text).trim() === question.text) return;
  try {
    const isChanged = status === 'open' && (await desk.editQuestion(questionId, asked.text));
    log.info({ questionId, isChanged }, 'a question was edited');
    if (!isChanged && context.isFirst(`too late ${questionId}`))
      tellLater(asked, rules, context, `${TOO_LATE[status === 'open' ? 'open' : 'over']} ${TOO_LATE.again}`);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    tellLater(asked, rules, context, withRemedy(error));
  }
}

/** The message of an open question is gone: so is the question. @param isOwn it was a message of the assistant's */
export async function takeDeletion(
  { workspace, message, isOwn }: { readonly workspace: string; readonly message: string; readonly isOwn: boolean },
  { platform, desk, log, withdrawQuestion }: ChatContext,
): Promise<void> {
  if (isOwn) return desk.forgetPost({ platform, workspace }, message);
  const question = await desk.questionOf(platform, workspace, message);
  if (question?.status !== 'open') return;
  const isCancelled = await withdrawQuestion(question.questionId);
  log.info({ questionId: question.questionId, isCancelled }, 'the message of a question was deleted');
}

function tellLater<Some extends Asked>(
  asked: Some,
  rules: QuestionRules<Some>,
  { inBackground }: ChatContext,
  markdown: string,
): void {
  inBackground('telling somebody', () => rules.tell(asked, markdown));
}

/** A reply without a mention is meant for the assistant where it has answered before. */
async function isMeant(
  { isDirect, isMention, isReply, workspace, conversation }: Asked,
  { platform, desk, settings }: ChatContext,
): Promise<boolean> {
  if (isDirect || isMention) return true;
  return isReply && settings.followUps && (await desk.isEngaged(platform, workspace, conversation));
}

/** What was asked of other processes, and of this one before it was started, counts too. */
async function isTooMuch(
  { workspace, person, message }: Asked,
  { platform, desk, settings }: ChatContext,
): Promise<boolean> {
  const { limits } = settings;
  const { byPerson, inWorkspace } = await desk.askedLately({ platform, workspace }, person.key);
  if (byPerson < limits.person && inWorkspace < limits.workspace) return false;
  return (await desk.questionOf(platform, workspace, message)) === undefined;
}
