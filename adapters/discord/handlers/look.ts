import { type DiscordContext, type Handler, PLATFORM } from '../context.ts';
import type { InputOf } from '../parse.ts';
import { renderNotice, renderTrace } from '../render.ts';
import { isWelcome } from './people.ts';

const isPrivate = true;

/** Whoever presses is served, and the question one of their workspace. */
const isConcerned = async (input: InputOf<'stop' | 'trace'>, discord: DiscordContext): Promise<boolean> =>
  isWelcome(input, discord) && discord.desk.isAskedIn(PLATFORM, input.workspace, input.questionId);

/** The button under the progress: whoever sees it may stop the question, and is named. */
export const onStop: Handler<'stop'> = async (input, discord) => {
  const reply = discord.replyTo(input);
  if (!(await isConcerned(input, discord))) return reply.taken();
  if (await discord.stopQuestion(input.questionId, input.person.key)) return reply.taken();
  await reply.say(renderNotice('There is nothing left to stop: this question is over.', { isPrivate }));
};

/** How an answer came about, for whoever asks to see it. */
export const onTrace: Handler<'trace'> = async (input, discord) => {
  const reply = discord.replyTo(input);
  if (!(await isConcerned(input, discord))) return reply.taken();
  const answer = await discord.loop.answer(input.questionId);
  await reply.say(
    answer === undefined ? renderNotice('This answer is not kept any longer.', { isPrivate }) : renderTrace(answer),
  );
};
