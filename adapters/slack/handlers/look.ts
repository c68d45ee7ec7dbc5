import { type Handler, type InputOf, PLATFORM, type SlackContext } from '../context.ts';
import { renderNotice, renderTrace } from '../render.ts';
import { isWelcome, placeOfPress } from './people.ts';

/** Whoever presses is welcome, and the question one of their workspace. */
async function isConcerned(
  { workspace, person, questionId }: InputOf<'stop' | 'trace'>,
  slack: SlackContext,
): Promise<boolean> {
  if (!(await isWelcome(slack, workspace, person.key))) return false;
  return slack.desk.isAskedIn(PLATFORM, workspace, questionId);
}

/** The button under the progress: whoever sees it may stop the question, and is named. */
export const onStop: Handler<'stop'> = async (input, slack) => {
  if (!(await isConcerned(input, slack))) return;
  if (await slack.stopQuestion(input.questionId, input.person.key)) return;
  await slack.tell(placeOfPress(input), renderNotice('There is nothing left to stop: this question is over.'));
};

/** How an answer came about, for whoever asks to see it. */
export const onTrace: Handler<'trace'> = async (input, slack) => {
  if (!(await isConcerned(input, slack))) return;
  const answer = await slack.loop.answer(input.questionId);
  const told = answer === undefined ? renderNotice('This answer is not kept any longer.') : renderTrace(answer);
  await slack.tell(placeOfPress(input), told);
};
