import type { PostedAnswer } from '../../../src/domain/chat.ts';
import type { VoteReceipt } from '../../../src/domain/vote.ts';
import { waitFor } from '../../delivery/timers.ts';
import { finalRefusalOf } from '../calls.ts';
import { type Handler, type InputOf, PLATFORM, type SlackContext } from '../context.ts';
import { messagePlace } from '../keys.ts';
import type { Press } from '../parse.ts';
import { renderReasonForm, renderThanks } from '../render.ts';
import { msOf } from '../times.ts';
import { isWelcome, placeIn, placeOfPress } from './people.ts';

/** A reaction may come before it is noted which answer its message is a part of: at the latest by the process that takes over from a lost one. */
const LATER_MS = [250, 500, 1_000, 2_000, 4_000, 8_000, 16_000] as const;
/** An older event, or one from before a restart, may come once more, and what it tells have been taken back since. */
const FRESH_MS = 5_000;

/** A reaction that is a vote was put under a message of the bot's, or taken away. */
export const onVote: Handler<'vote'> = async (input, slack) => {
  const posted = await slack.desk.answerOf(PLATFORM, input.workspace, input.message);
  if (posted !== undefined) return count(input, posted, slack);
  slack.inBackground('a reaction to what is being posted', async () => {
    const later = await answerSoon(input, slack);
    // Others that came in the meantime have been counted before it.
    if (later !== undefined && (await votesThere(input, slack))?.includes(input.vote) === input.isAdded)
      await count(input, later, slack);
  });
};

async function answerSoon(
  { workspace, message }: InputOf<'vote'>,
  slack: SlackContext,
): Promise<PostedAnswer | undefined> {
  for (const ms of LATER_MS) {
    await waitFor(slack.timers, ms, slack.signal);
    if (slack.signal.aborted) return undefined;
    const posted = await slack.desk.answerOf(PLATFORM, workspace, message);
    if (posted !== undefined) return posted;
  }
  return undefined;
}

async function count(input: InputOf<'vote'>, posted: PostedAnswer, slack: SlackContext): Promise<void> {
  const { workspace, person, vote, isAdded, isShared, at } = input;
  if (!(await isWelcome(slack, workspace, person.key, isShared))) return;
  const isOld = at !== null && msOf(at) < Math.max(Date.now() - FRESH_MS, slack.startedAt);
  const there = isAdded && !isOld ? undefined : await votesThere(input, slack);
  // Another skin tone may be left, or the event be an old one that comes once more.
  if (there?.includes(vote) === !isAdded) return;
  const name = (await (await slack.workspaceOf(workspace)).person(person.key))?.name ?? person.name;
  const { answerId, conversation } = posted;
  const given = {
    answerId,
    platform: PLATFORM,
    workspace,
    person: { key: person.key, name },
    means: 'reaction',
  } as const;
  const receipt = await slack.loop.rate({ ...given, ...(isAdded ? { vote } : { vote: 'clear', only: vote }) });
  if (!receipt.changed) return;
  // The other thumb, where it is still there, is what the person says then.
  const left = isAdded ? vote : there?.[0];
  if (!isAdded && left !== undefined) await slack.loop.rate({ ...given, vote: left });
  await slack.tell(placeIn(conversation, workspace, person.key), [renderThanks(left ?? 'clear', answerId)]);
}

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
