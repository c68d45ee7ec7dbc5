import { stopFor, traceFor } from '../../delivery/look.ts';
import type { Handler } from '../context.ts';
import { isWelcome } from './people.ts';

/** The button under the progress: whoever sees it may stop the question, and is named. */
export const onStop: Handler<'stop'> = async (input, discord) => {
  const told = (await isWelcome(input, discord)) ? await stopFor(input, discord) : undefined;
  await discord.replyTo(input).saying(told);
};

/** How an answer came about, for whoever asks to see it. */
export const onTrace: Handler<'trace'> = async (input, discord) => {
  const told = (await isWelcome(input, discord)) ? await traceFor(input, discord) : undefined;
  await discord.replyTo(input).saying(told);
};
