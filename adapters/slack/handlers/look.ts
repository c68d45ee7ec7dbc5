import type { Handler } from '../context.ts';
import { renderNotice, renderTrace } from '../render.ts';
import { isWelcome, placeOfPress } from './people.ts';

/** The button under the progress: whoever sees it may stop the question, and is named. */
export const onStop: Handler<'stop'> = async (input, slack) => {
  if (!(await isWelcome(slack, input.workspace, input.person.key))) return;
  if (await slack.stopQuestion(input.questionId, input.person.key)) return;
  await slack.tell(placeOfPress(input), renderNotice('There is nothing left to stop: this question is over.'));
};

/** How an answer came about, for whoever asks to see it. */
export const onTrace: Handler<'trace'> = async (input, slack) => {
  if (!(await isWelcome(slack, input.workspace, input.person.key))) return;
  const answer = await slack.loop.answer(input.questionId);
  const told = answer === undefined ? renderNotice('This answer is not kept any longer.') : renderTrace(answer);
  await slack.tell(placeOfPress(input), told);
};
