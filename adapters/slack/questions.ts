import { InputError, withRemedy } from '../../src/errors.ts';
import { helpMarkdown } from '../delivery/admin-text.ts';
import type { RateLimit } from '../delivery/rate-limit.ts';
import { type Handler, PLATFORM, type SlackContext } from './context.ts';
import { threadPlace } from './keys.ts';
import type { Asked } from './parse.ts';
import { PREFIX, renderNotice, type SlackMessage } from './render.ts';

const NO_FILES = 'I cannot read files yet, only what is written beside them.\n\n';
const TOO_MUCH = 'That is as many questions as I take within a minute. Please ask again in a minute.';

export const onQuestion: Handler<'question'> = (asked, slack) => takeQuestion(asked, slack, { limit: slack.limit });

export interface TakeOptions {
  /** Counts by the clock that the question goes by. */
  readonly limit: RateLimit;
  /** It was missed, and is found now. */
  readonly isLate?: boolean;
}

/** Asks the question in a message, if it is one to answer. Idempotent on the message. */
export async function takeQuestion(asked: Asked, slack: SlackContext, { limit, isLate }: TakeOptions): Promise<void> {
  const { loop, log } = slack;
  const { workspace, conversation, message, person, text, isDirect, hasFiles } = asked;
  if (!isServed(asked, slack) || !(await isForBot(asked, slack)) || (await isUnwelcome(asked, slack))) return;
  const tell = (messages: readonly SlackMessage[]) => {
    // A mention comes as a message, too.
    if (!slack.isFirst(`told ${workspace} ${message}`)) return;
    slack.inBackground('telling somebody', () => slack.tell(privately(asked), messages));
  };
  if (text === '') return tell(renderNotice(`${hasFiles ? NO_FILES : ''}${helpMarkdown(PREFIX)}`));
  const verdict = limit.take({ workspace, person: person.key, key: message });
  if (!verdict.isAllowed) return tell(renderNotice(verdict.text));
  if (isLate !== true && (await isTooMuch(asked, slack))) return tell(renderNotice(TOO_MUCH));
  try {
    const { questionId, duplicate } = await loop.ask({
      platform: PLATFORM,
      workspace,
      conversation,
      person,
      key: message,
      text,
      isDirect,
    });
    log.info({ questionId, duplicate, isLate }, 'asked');
    if (!duplicate) slack.showProgress(workspace, { questionId, conversation, message, person: person.key, isDirect });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    tell(renderNotice(withRemedy(error)));
  }
}

/** Changed before its answer, a question counts as it is now; a message that becomes a mention is a question from then on. */
export const onEdited: Handler<'edited'> = (asked, slack) => takeEdit(asked, slack, { limit: slack.limit });

export async function takeEdit(asked: Asked, slack: SlackContext, options: TakeOptions): Promise<void> {
  const { desk, log } = slack;
  const question = await desk.questionOf(PLATFORM, asked.workspace, asked.message);
  if (question === undefined) {
    if (asked.isMention || asked.isDirect) await takeQuestion(asked, slack, options);
    return;
  }
  if (question.status !== 'open' || asked.text === '') return;
  try {
    const isChanged = await desk.editQuestion(question.questionId, asked.text);
    log.info({ questionId: question.questionId, isChanged }, 'a question was edited');
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    slack.inBackground('telling somebody', () => slack.tell(privately(asked), renderNotice(withRemedy(error))));
  }
}

export const onDeleted: Handler<'deleted'> = async ({ workspace, message, isOwn }, slack) => {
  const { desk, log } = slack;
  if (isOwn) return desk.forgetPost({ platform: PLATFORM, workspace }, message);
  const question = await desk.questionOf(PLATFORM, workspace, message);
  if (question?.status !== 'open') return;
  const isCancelled = await slack.withdrawQuestion(question.questionId);
  log.info({ questionId: question.questionId, isCancelled }, 'the message of a question was deleted');
};

/** Whether workspace and channel are among those that are served. */
export function isServed({ workspace, channel, isDirect }: Asked, { settings }: SlackContext): boolean {
  const { workspaces, channels } = settings;
  return (workspaces?.includes(workspace) ?? true) && (isDirect || (channels?.includes(channel) ?? true));
}

/** A reply without a mention is meant for the bot where it has answered before. */
async function isForBot(
  { isDirect, isMention, isReply, workspace, conversation }: Asked,
  { desk, settings }: SlackContext,
): Promise<boolean> {
  if (isDirect || isMention) return true;
  return isReply && settings.followUps && (await desk.isEngaged(PLATFORM, workspace, conversation));
}

/** People of other organisations, unless they are to be answered, and bots. */
async function isUnwelcome({ workspace, person, isStranger }: Asked, slack: SlackContext): Promise<boolean> {
  if (slack.settings.strangers) return false;
  if (isStranger) return true;
  if (!workspace.startsWith('E')) return false;
  // All teams of an organisation are its own: Slack itself has to tell who is of another.
  const known = await (await slack.workspaceOf(workspace)).person(person.key);
  return known?.isStranger === true;
}

/** What was asked of other processes, and of this one before it was started, counts too. */
async function isTooMuch({ workspace, person, message }: Asked, { desk, settings }: SlackContext): Promise<boolean> {
  const { limits } = settings;
  const { byPerson, inWorkspace } = await desk.askedLately({ platform: PLATFORM, workspace }, person.key);
  if (byPerson < limits.person && inWorkspace < limits.workspace) return false;
  return (await desk.questionOf(PLATFORM, workspace, message)) === undefined;
}

const privately = ({ workspace, person, channel, conversation, isReply, isDirect }: Asked) => ({
  workspace,
  person: person.key,
  channel,
  // What is said to one person alone is not shown in a thread that nobody has begun.
  threadTs: isReply || isDirect ? (threadPlace(conversation)?.threadTs ?? null) : null,
});
