import type { VoteReceipt } from '../../../src/domain/vote.ts';
import { SETTLED_MS } from '../../delivery/catch-up.ts';
import { countReaction } from '../../delivery/count-reaction.ts';
import { finalRefusalOf } from '../calls.ts';
import { votesOf } from '../catch-up.ts';
import type { DiscordContext, Handler } from '../context.ts';
import { placeOf } from '../keys.ts';
import type { InputOf, Press } from '../parse.ts';
import { isServed } from '../questions.ts';
import { renderReasonForm, renderThanks } from '../render.ts';
import { isWelcome } from './people.ts';

/** A reaction that is a vote was put under a message of the bot's, or taken away. It is seen to be noted: nothing is said of it. */
export const onVote: Handler<'vote'> = (input, discord) =>
  countReaction<InputOf<'vote'>>(
    input,
    {
      // Discord does not say when, and tells some things twice: what was taken back meanwhile is not to come back.
      atOf: () => 0,
      isWelcome: ({ workspace, channel }) =>
        isServed(workspace, { channel, isDirect: discord.directory.known(channel)?.isDirect ?? false }, discord),
      votesThere: (reaction, message) => votesThere({ ...reaction, message }, discord),
      nameOf: async () => undefined,
      thank: async () => undefined,
    },
    discord,
  );

/** What a person's reactions under the message mean; undefined when Discord refuses to tell. @throws when it cannot just now */
async function votesThere(
  { message, person }: InputOf<'vote'>,
  discord: DiscordContext,
): Promise<readonly ('up' | 'down')[] | undefined> {
  try {
    return await votesOf(discord, placeOf(message), person.key);
  } catch (error) {
    if (finalRefusalOf(error) === undefined) throw error;
    discord.log.warn({ err: error, message }, 'the reactions to a message cannot be looked up');
    return undefined;
  }
}

/** A moderator took reactions away, those who gave them being told to nobody: what is left counts. */
export const onCleared: Handler<'cleared'> = async ({ workspace, message }, discord) => {
  const posted = await discord.desk.answerOf(discord.platform, workspace, message);
  if (posted !== undefined) discord.compareSoon(workspace, posted, SETTLED_MS);
};

const ratePressed = (
  { workspace, person, answerId }: Press & { readonly answerId: string },
  vote: { readonly vote: 'up' | 'down'; readonly reason?: string },
  { loop, platform }: DiscordContext,
): Promise<VoteReceipt> => loop.rate({ answerId, platform, workspace, person, means: 'button', ...vote });

/** A button under an answer was pressed. The vote is stored before Discord is told that it was. */
export const onRated: Handler<'rated'> = async (input, discord) => {
  const { answerId, vote } = input;
  const reply = discord.replyTo(input);
  if (!(await isWelcome(input, discord))) return reply.taken();
  const { changed } = await ratePressed(input, { vote }, discord);
  // The form says that the rating is noted, as the thanks would.
  if (vote === 'down') await reply.showForm(renderReasonForm(answerId), renderThanks('down', answerId));
  else await reply.say([renderThanks(changed ? vote : 'same', answerId)]);
};

/** The button under the thanks for a 👎. */
export const onReasonWanted: Handler<'reasonWanted'> = (input, discord) =>
  discord.replyTo(input).showForm(renderReasonForm(input.answerId), renderThanks('down', input.answerId));

/** The form was sent. It is about a 👎, so there is one, whatever has become of it meanwhile. */
export const onReason: Handler<'reason'> = async (input, discord) => {
  const { answerId, reason } = input;
  const reply = discord.replyTo(input);
  if (!(await isWelcome(input, discord))) return reply.taken();
  if (reason !== null) await ratePressed(input, { vote: 'down', reason }, discord);
  await reply.say([renderThanks(reason === null ? 'down' : 'reason', answerId)]);
};
