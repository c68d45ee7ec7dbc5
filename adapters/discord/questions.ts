import { helpMarkdown } from '../delivery/admin-text.ts';
import { ask, edit, type QuestionDesk } from '../delivery/questions.ts';
import type { RateLimit } from '../delivery/rate-limit.ts';
import { type DiscordContext, type Handler, PLATFORM } from './context.ts';
import type { Asked } from './parse.ts';
import { renderNotice } from './render.ts';

export const COMMAND = '/foursight';
const NO_FILES = 'I cannot read files yet, only what is written beside them.\n\n';

export interface TakeOptions {
  /** Counts by the clock that the question goes by. */
  readonly limit: RateLimit;
  /** It was missed, and is found now. */
  readonly isLate?: boolean;
}

export const onQuestion: Handler<'question'> = (asked, discord) =>
  takeQuestion(asked, discord, { limit: discord.limit });

/** What asking needs of Discord. */
export const questionDesk = ({ loop, desk, log, settings, showProgress }: DiscordContext): QuestionDesk => ({
  platform: PLATFORM,
  loop,
  desk,
  log,
  limits: settings.limits,
  showProgress,
});

/** Asks the question in a message, if it is one to answer. Idempotent on the message. */
export async function takeQuestion(asked: Asked, discord: DiscordContext, options: TakeOptions): Promise<void> {
  if (!isServed(asked.workspace, asked, discord)) return;
  const addressed = await addressedTo(asked, discord);
  if (addressed === undefined) return;
  if (addressed.text === '') return tellOnce(addressed, discord, notUnderstood(addressed));
  discord.places.note(addressed.conversation, addressed.text);
  const refuse = (markdown: string) => tellOnce(addressed, discord, markdown);
  await ask(addressed, questionDesk(discord), { ...options, refuse });
}

const notUnderstood = ({ hasFiles }: Asked): string => `${hasFiles ? NO_FILES : ''}${helpMarkdown(COMMAND)}`;

/** Tells whoever wrote something; what comes twice is said once. */
function tellOnce({ workspace, message, person }: Asked, discord: DiscordContext, markdown: string): void {
  if (!discord.isFirst(`told ${workspace} ${message}`)) return;
  const place = { workspace, person: person.key };
  discord.inBackground('telling somebody', () => discord.tell(place, renderNotice(markdown)));
}

/** Changed before its answer, a question counts as it is now; a message that becomes a mention is a question from then on. */
export const onEdited: Handler<'edited'> = (asked, discord) => takeEdit(asked, discord, { limit: discord.limit });

export async function takeEdit(asked: Asked, discord: DiscordContext, options: TakeOptions): Promise<void> {
  const refuse = (markdown: string) => tellOnce(asked, discord, markdown);
  if (await edit(asked, questionDesk(discord), refuse)) return;
  if (asked.isMention || asked.isDirect) await takeQuestion(asked, discord, options);
}

export const onDeleted: Handler<'deleted'> = async ({ workspace, message }, discord) => {
  const { desk, log } = discord;
  const question = await desk.questionOf(PLATFORM, workspace, message);
  // Discord does not tell whose message it was.
  if (question === undefined) return desk.forgetPost({ platform: PLATFORM, workspace }, message);
  if (question.status !== 'open') return;
  const isCancelled = await discord.withdrawQuestion(question.questionId);
  log.info({ questionId: question.questionId, isCancelled }, 'the message of a question was deleted');
};

interface Place {
  readonly channel: string;
  readonly isDirect: boolean;
}

/** Whether server and channel are among those that are served; a thread is served where its channel is. */
export function isServed(
  workspace: string,
  { channel, isDirect }: Place,
  { settings, directory }: Pick<DiscordContext, 'settings' | 'directory'>,
): boolean {
  const { guilds, channels } = settings;
  if (!(guilds?.includes(workspace) ?? true)) return false;
  if (isDirect || channels === null) return true;
  return channels.includes(channel) || channels.includes(directory.known(channel)?.parent ?? '');
}

/** What is meant for the bot, in its conversation: what it is called by, and what goes on where it has answered. */
async function addressedTo(asked: Asked, discord: DiscordContext): Promise<Asked | undefined> {
  const { desk, settings, directory } = discord;
  const { workspace, repliesTo, isDirect, isMention } = asked;
  const isInThread = (directory.known(asked.channel)?.parent ?? null) !== null;
  const answered = repliesTo === null || isDirect ? undefined : await desk.answerOf(PLATFORM, workspace, repliesTo);
  const found = answered === undefined || isInThread ? asked : { ...asked, conversation: answered.conversation };
  if (isDirect || isMention) return found;
  if (!settings.followUps || asked.text === '') return undefined;
  if (answered !== undefined) return found;
  return isInThread && (await desk.isEngaged(PLATFORM, workspace, asked.conversation)) ? found : undefined;
}
