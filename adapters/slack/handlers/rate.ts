import type { VoteReceipt } from '../../../src/domain/vote.ts';
import { countReaction } from '../../delivery/count-reaction.ts';
import { finalRefusalOf } from '../calls.ts';
import { type Handler, type InputOf, PLATFORM, type SlackContext } from '../context.ts';
import { messagePlace } from '../keys.ts';
import type { Press } from '../parse.ts';
import { renderReasonForm, renderThanks } from '../render.ts';
import { msOf } from '../times.ts';
import { isWelcome, placeIn, placeOfPress } from './people.ts';

/** A reaction that is a vote was put under a message of the bot's, or taken away. */
export const onVote: Handler<'vote'> = (input, slack) =>
  countReaction<InputOf<'vote'>>(
    input,
    {
      atOf: ({ at }) => (at === null ? null : msOf(at)),
      isWelcome: ({ workspace, person, isShared }) => isWelcome(slack, workspace, person.key, isShared),
      votesThere: (reaction, message) => votesThere({ ...reaction, message }, slack),
      nameOf: async ({ workspace, person }) => (await (await slack.workspaceOf(workspace)).person(person.key))?.name,
      thank: ({ workspace, person }, { conversation, answerId }, counted) =>
        slack.tell(placeIn(conversation, workspace, person.key), [renderThanks(counted, answerId)]),
    },
    slack,
  );

/** What a person's reactions under the message mean; undefined when Slack refuses to tell. @throws when it cannot just now */
async function votesThere(
  { workspace, message, person }: InputOf<'vote'>,
  slack: SlackContext,
): Promise<readonly ('up' | 'down')[] | undefined> {
  const place = messagePlace(message);
  if (place === undefined) return undefined;
  const { client, pace } = await slack.workspaceOf(workspace);
  try {
    const { message: found } = await pace.read(() =>
      client.reactions.get({ channel: place.channel, timestamp: place.ts, full: true }),
    );
    return (found?.reactions ?? []).flatMap(({ name = '', users = [] }) =>
      users.includes(person.key) ? (slack.voteOf(name) ?? []) : [],
    );
  } catch (error) {
    if (finalRefusalOf(error) === undefined) throw error;
    slack.log.warn({ err: error, message }, 'the reactions to a message cannot be looked up');
    return undefined;
  }
}

const ratePressed = (
  { workspace, person, answerId }: Press & { readonly answerId: string },
  vote: 'up' | 'down',
  slack: SlackContext,
): Promise<VoteReceipt> => slack.loop.rate({ answerId, platform: PLATFORM, workspace, person, vote, means: 'button' });

/** A feedback button was pressed. */
export const onRated: Handler<'rated'> = async (input, slack) => {
  if (!(await isWelcome(slack, input.workspace, input.person.key))) return;
  const { changed } = await ratePressed(input, input.vote, slack);
  slack.inBackground('thanking for a vote', async () => {
    // The form says that the rating is noted, as the thanks would.
    if (input.vote === 'down' && (await openReasonForm(input, slack))) return;
    await slack.tell(placeOfPress(input), [renderThanks(changed ? input.vote : 'same', input.answerId)]);
  });
};

/** Slack opens a form only within three seconds of the press. @returns whether it is open */
async function openReasonForm(
  { workspace, answerId, conversation, triggerId }: Press & { readonly answerId: string },
  slack: SlackContext,
): Promise<boolean> {
  try {
    const { client } = await slack.workspaceOf(workspace);
    await client.views.open({ trigger_id: triggerId, view: renderReasonForm(answerId, conversation) });
    return true;
  } catch (error) {
    slack.log.warn({ err: error, answerId }, 'the form for a reason cannot be opened');
    return false;
  }
}

/** The button under the thanks for a 👎. */
export const onReasonWanted: Handler<'reasonWanted'> = async (input, slack) => {
  if (!(await openReasonForm(input, slack)))
    await slack.tell(placeOfPress(input), [renderThanks('down', input.answerId)]);
};

/** The form was sent. It is about a 👎, so there is one, whatever has become of it meanwhile. */
export const onReason: Handler<'reason'> = async (input, slack) => {
  const { workspace, person, answerId, conversation, reason } = input;
  if (reason === null || !(await isWelcome(slack, workspace, person.key))) return;
  await slack.loop.rate({ answerId, platform: PLATFORM, workspace, person, vote: 'down', reason, means: 'button' });
  if (conversation === null) return;
  slack.inBackground('thanking for a reason', () =>
    slack.tell(placeIn(conversation, workspace, person.key), [renderThanks('reason', answerId)]),
  );
};
