import { stopFor, traceFor } from '../../delivery/look.ts';
import type { Handler } from '../context.ts';
import { renderNotice } from '../render.ts';
import { isWelcome, placeOfPress } from './people.ts';

/** The button under the progress: whoever sees it may stop the question, and is named. */
export const onStop: Handler<'stop'> = async (input, slack) => {
  if (!(await isWelcome(slack, input.workspace, input.person.key))) return;
  const told = await stopFor(input, slack);
  if (told === undefined) return;
  // Slack waits for the stop, not for what is said of it.
  slack.inBackground('telling somebody', () => slack.tell(placeOfPress(input), renderNotice(told)));
};

/** How an answer came about, for whoever asks to see it. */
export const onTrace: Handler<'trace'> = async (input, slack) => {
  if (!(await isWelcome(slack, input.workspace, input.person.key))) return;
  const told = await traceFor(input, slack);
  if (told !== undefined) await slack.tell(placeOfPress(input), renderNotice(told));
};
