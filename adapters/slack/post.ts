import type { KnownBlock } from '@slack/types';
import type { AskedQuestion, Delivery } from '../../src/domain/chat.ts';
import { DeliveryError, messageOf } from '../../src/errors.ts';
import type { ProgressBoard } from '../delivery/progress-board.ts';
import { deliveryError, refusalOf } from './calls.ts';
import type { SlackContext, SlackWorkspace } from './context.ts';
import type { EarlierPosts, EarlierPostsSource } from './earlier-posts.ts';
import { deleteMessage, endStream } from './edit-message.ts';
import { messageKey, messagePlace, threadPlace } from './keys.ts';
import { paced } from './pace.ts';
import { createPostParts, type HeldDelivery, type Target } from './post-parts.ts';
import { renderAnswer, renderFailure, renderReport, type SlackMessage } from './render.ts';
import { tsOf } from './times.ts';

/** Refusals by a place, while the person who asked may still be reached. */
const closedPlaces: readonly (string | undefined)[] = [
  'is_archived',
  'is_inactive',
  'not_in_channel',
  'channel_not_found',
  'restricted_action',
  'restricted_action_read_only_channel',
  'restricted_action_thread_locked',
  'thread_not_found',
];

export interface PostOptions {
  readonly slack: SlackContext;
  readonly board: ProgressBoard;
  readonly earlierPosts: EarlierPostsSource;
}

/** Posts one delivery. @throws DeliveryError */
export type Post = (delivery: Delivery, isHeld: () => boolean) => Promise<void>;

export function createPost({ slack, board, earlierPosts }: PostOptions): Post {
  const { settings, log } = slack;
  const postParts = createPostParts(slack);

  /** Of many workspaces one has the channel; the others' reports are in the App Home. */
  function reportChannelOf(workspace: string): string | null {
    const [channel = null, owner] = settings.reportChannel?.split(':').reverse() ?? [];
    return owner === workspace || (owner === undefined && !slack.servesMany) ? channel : null;
  }

  async function postReport(workspace: SlackWorkspace, delivery: HeldDelivery): Promise<void> {
    const channel = reportChannelOf(workspace.key);
    if (channel === null) return;
    const target = { channel, threadTs: null, since: sinceOf() };
    const earlier = delivery.attempt > 1 ? await earlierPosts.fresh(workspace, target, target.since) : undefined;
    const messages = renderReport(delivery.id, delivery.text);
    await postParts(workspace, delivery, target, messages, { earlier, progress: [] });
  }

  async function postReply(workspace: SlackWorkspace, delivery: HeldDelivery, question: AskedQuestion): Promise<void> {
    const thread = threadPlace(question.conversation);
    const asked = messagePlace(question.message);
    if (thread === undefined || asked === undefined)
      throw new DeliveryError('SLACK_PLACE_UNKNOWN', `${question.message} is no message of Slack's`, 'Ask again.', {
        isFinal: true,
      });
    const target: Target = { ...thread, since: asked.ts };
    const messages = messagesOf(delivery);
    try {
      await replyTo(workspace, delivery, question, target, messages);
    } catch (error) {
      if (question.isDirect || !closedPlaces.includes(refusalOf(error))) throw error;
      await postPrivately(workspace, delivery, question, { asked, error, messages });
    }
  }

  async function replyTo(
    workspace: SlackWorkspace,
    delivery: HeldDelivery,
    question: AskedQuestion,
    target: Target,
    messages: readonly SlackMessage[],
  ): Promise<void> {
    const { questionId } = question;
    const shown = await board.take(questionId);
    const earlier = await earlierOf(workspace, delivery, question, target, shown?.isCertain);
    if (earlier !== undefined) await removeOrphans(workspace, delivery, question, target, earlier);
    const known = delivery.posts.filter(({ kind }) => kind === 'progress').map(({ message }) => message);
    const progress = [
      ...[shown?.message ?? '', ...known].flatMap((message) => messagePlace(message)?.ts ?? []),
      ...(earlier?.progressOf(questionId) ?? []),
    ];
    const last = await postParts(workspace, delivery, target, messages, { earlier, progress: [...new Set(progress)] });
    if (delivery.kind === 'answer' && last !== undefined) seed(workspace, target.channel, last);
  }

  /** What was posted before; undefined when nothing can have been but what is known. */
  async function earlierOf(
    workspace: SlackWorkspace,
    { attempt }: Delivery,
    { conversation }: AskedQuestion,
    target: Target,
    isCertain: boolean | undefined,
  ): Promise<EarlierPosts | undefined> {
    if (attempt > 1 || isCertain === false) return earlierPosts.fresh(workspace, target, target.since);
    return isCertain === undefined ? earlierPosts.leftBehind(workspace, conversation) : undefined;
  }

  /** Streams that a lost process, or a call of which nothing was heard, left: they cannot be gone on with. */
  async function removeOrphans(
    workspace: SlackWorkspace,
    { posts }: Delivery,
    question: AskedQuestion,
    { channel, since }: Target,
    { unfinished }: EarlierPosts,
  ): Promise<void> {
    for (const ts of unfinished) {
      const message = messageKey({ channel, ts });
      if (ts < since || board.isLive(message)) continue;
      await endStream(workspace, { channel, ts }, question);
      if (!posts.some((post) => post.message === message)) await deleteMessage(workspace, { channel, ts });
    }
  }

  /** Where the thread takes nothing any more, whoever asked gets the answer directly, so that it is seen somewhere. */
  async function postPrivately(
    workspace: SlackWorkspace,
    delivery: HeldDelivery,
    { person }: AskedQuestion,
    {
      asked,
      error,
      messages,
    }: {
      readonly asked: { readonly channel: string; readonly ts: string };
      readonly error: unknown;
      readonly messages: readonly SlackMessage[];
    },
  ): Promise<void> {
    const { client } = workspace;
    const opened = await client.conversations.open({ users: person }).catch((cause: unknown) => {
      log.warn({ cause: messageOf(cause) }, 'nobody can be told directly what could not be posted');
      throw error;
    });
    const channel = opened.channel?.id;
    if (channel === undefined) throw error;
    const target: Target = { channel, threadTs: null, since: asked.ts };
    const earlier = delivery.attempt > 1 ? await earlierPosts.fresh(workspace, target, asked.ts) : undefined;
    const why = `You asked me in <#${asked.channel}>, where I cannot answer (${refusalOf(error)}):`;
    const [first, ...others] = messages;
    if (first === undefined) throw error;
    const said: KnownBlock = { type: 'context', elements: [{ type: 'mrkdwn', text: why }] };
    const explained = { ...first, blocks: [said, ...first.blocks] };
    await postParts(workspace, delivery, target, [explained, ...others], { earlier, progress: [] });
  }

  /** The reactions to press; given up first when the budget is short, since there are buttons. */
  function seed({ client, pace, key }: SlackWorkspace, channel: string, timestamp: string): void {
    if (pace.seeds.room() < 2) return;
    slack.inBackground('seeding reactions', async () => {
      for (const name of ['+1', '-1']) {
        await paced(pace.seeds, () => client.reactions.add({ channel, timestamp, name })).catch((error: unknown) => {
          if (refusalOf(error) !== 'already_reacted')
            log.info({ workspace: key, cause: messageOf(error) }, 'a reaction could not be put under an answer');
        });
      }
    });
  }

  return async (given, isHeld) => {
    const delivery: HeldDelivery = { ...given, isHeld };
    const { question } = delivery;
    try {
      const workspace = await slack.workspaceOf(delivery.workspace);
      if (question === null) await postReport(workspace, delivery);
      else await postReply(workspace, delivery, question);
    } catch (error) {
      const failure = deliveryError(error, delivery.kind);
      if (failure.isFinal && question !== null) board.drop(question.questionId);
      throw failure;
    }
    if (question === null) return;
    board.drop(question.questionId);
    const { workspace, attempt } = delivery;
    // An earlier try may have posted it, and people have rated it while nobody knew which answer it was.
    if (attempt > 1) slack.inBackground('comparing votes', () => slack.compareVotes(workspace, question.conversation));
  };
}

function messagesOf({ kind, answer, text, id }: Delivery): SlackMessage[] {
  if (kind === 'answer' && answer !== null) return renderAnswer(id, answer);
  return kind === 'failure' ? renderFailure(id, text) : renderReport(id, text);
}

/** Reports are looked for in the posts of the last two hours, longer than any delivery is tried. */
const sinceOf = (): string => tsOf(Date.now() - 2 * 3_600_000);
