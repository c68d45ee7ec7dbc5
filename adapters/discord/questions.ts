import type { QuestionRules, TakeOptions } from '../delivery/take-question.ts';
import { takeDeletion, takeEdit, takeQuestion } from '../delivery/take-question.ts';
import { commandWords } from './commands.ts';
import type { DiscordContext, Handler } from './context.ts';
import { placeOf } from './keys.ts';
import type { Asked } from './parse.ts';
import { renderNotice } from './render.ts';

export const onQuestion: Handler<'question'> = (asked, discord) => takeAsked(asked, discord, { limit: discord.limit });
export const onEdited: Handler<'edited'> = (asked, discord) => takeEdited(asked, discord, { limit: discord.limit });

export async function takeAsked(written: Asked, discord: DiscordContext, options: TakeOptions): Promise<void> {
  const asked = await inConversation(written, discord);
  // Without a mention it may be there and not be readable, or be a picture for somebody else.
  if (asked.text === '' && !asked.isMention && !asked.isDirect) return;
  discord.places.note(asked.conversation, asked.text);
  await takeQuestion(asked, rulesOf(discord), discord, options);
}

export async function takeEdited(written: Asked, discord: DiscordContext, options: TakeOptions): Promise<void> {
  await takeEdit(await inConversation(written, discord), rulesOf(discord), discord, options);
}

/** Discord does not tell whose message it was. */
export const onDeleted: Handler<'deleted'> = async ({ workspace, message }, discord) => {
  const isOwn = (await discord.desk.questionOf(discord.platform, workspace, message)) === undefined;
  await takeDeletion({ workspace, message, isOwn }, discord);
};

const rulesOf = (discord: DiscordContext): QuestionRules<Asked> => ({
  words: commandWords,
  isServed: (asked) => isServed(asked.workspace, asked, discord),
  isUnwelcome: async () => false,
  tell: ({ workspace, person, message }, markdown) =>
    discord.tell({ workspace, person: person.key, otherwise: placeOf(message) }, renderNotice(markdown)),
});

/** A reply in a channel to an answer goes on with what was answered. */
async function inConversation(asked: Asked, { platform, desk, directory }: DiscordContext): Promise<Asked> {
  const { workspace, channel, isDirect, repliesTo } = asked;
  if (isDirect || repliesTo === null || (directory.known(channel)?.parent ?? null) !== null) return asked;
  const answered = await desk.answerOf(platform, workspace, repliesTo);
  return answered === undefined ? asked : { ...asked, conversation: answered.conversation };
}

interface Place {
  readonly channel: string;
  readonly isDirect: boolean;
}

/** Whether server and channel are among those that are served; a thread is served where its channel is. @throws what cannot be known just now */
export async function isServed(
  workspace: string,
  { channel, isDirect }: Place,
  { settings, directory }: Pick<DiscordContext, 'settings' | 'directory'>,
): Promise<boolean> {
  const { workspaces, channels } = settings;
  if (!(workspaces?.includes(workspace) ?? true)) return false;
  if (isDirect || channels === null || channels.includes(channel)) return true;
  const thread = await directory.look(channel);
  return channels.includes(thread?.parent ?? '') || thread?.isDirect === true;
}
