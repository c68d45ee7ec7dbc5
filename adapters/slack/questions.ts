import {
  type QuestionRules,
  type TakeOptions,
  takeDeletion,
  takeEdit,
  takeQuestion,
} from '../delivery/take-question.ts';
import type { Handler, SlackContext } from './context.ts';
import { threadPlace } from './keys.ts';
import type { Asked } from './parse.ts';
import { commandWords, renderNotice } from './render.ts';

export const onQuestion: Handler<'question'> = (asked, slack) => takeAsked(asked, slack, { limit: slack.limit });
export const onEdited: Handler<'edited'> = (asked, slack) => takeEdited(asked, slack, { limit: slack.limit });
export const onDeleted: Handler<'deleted'> = takeDeletion;

export const takeAsked = (asked: Asked, slack: SlackContext, options: TakeOptions): Promise<void> =>
  takeQuestion(asked, rulesOf(slack), slack, options);

export const takeEdited = (asked: Asked, slack: SlackContext, options: TakeOptions): Promise<void> =>
  takeEdit(asked, rulesOf(slack), slack, options);

const rulesOf = (slack: SlackContext): QuestionRules<Asked> => ({
  words: commandWords,
  isServed: async (asked) => isServed(asked, slack),
  isUnwelcome: (asked) => isUnwelcome(asked, slack),
  tell: (asked, markdown) => slack.tell(privately(asked), renderNotice(markdown)),
});

/** Whether workspace and channel are among those that are served. */
function isServed({ workspace, channel, isDirect }: Asked, { settings }: SlackContext): boolean {
  const { workspaces, channels } = settings;
  return (workspaces?.includes(workspace) ?? true) && (isDirect || (channels?.includes(channel) ?? true));
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

const privately = ({ workspace, person, channel, conversation, isReply, isDirect }: Asked) => ({
  workspace,
  person: person.key,
  channel,
  // What is said to one person alone is not shown in a thread that nobody has begun.
  threadTs: isReply || isDirect ? (threadPlace(conversation)?.threadTs ?? null) : null,
});
