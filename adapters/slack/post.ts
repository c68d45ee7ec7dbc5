import type { KnownBlock } from '@slack/types';
import type { AskedQuestion, Delivery } from '../../src/domain/chat.ts';
import { DeliveryError, messageOf } from '../../src/errors.ts';
import type { EarlierPosts } from '../delivery/earlier-posts.ts';
import { createPost, type Post, type PostPlace, type PostSource } from '../delivery/post.ts';
import type { ProgressBoard } from '../delivery/progress-board.ts';
import { deliveryError, refusalOf } from './calls.ts';
import type { SlackContext, SlackWorkspace } from './context.ts';
import type { EarlierPostsSource } from './earlier-posts.ts';
import { deleteMessage, editMessage, endStream, withBlocks } from './edit-message.ts';
import { messageKey, messagePlace, placeOf, threadPlace } from './keys.ts';
import { paced } from './pace.ts';
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

/** Refusals of a message that is to be changed; another is posted then. */
const unchangeable: readonly (string | undefined)[] = [
  'message_not_found',
  'cant_update_message',
  'edit_window_closed',
  'streaming_state_conflict',
];

/** Where a delivery goes. */
interface Target {
  readonly channel: string;
  readonly threadTs: string | null;
  /** Nothing of it was posted before this moment. */
  readonly since: string;
}

export interface SlackPostOptions {
  readonly slack: SlackContext;
  readonly board: ProgressBoard;
  readonly earlierPosts: EarlierPostsSource;
}

/** Posts deliveries in Slack. */
export function createSlackPost({ slack, board, earlierPosts }: SlackPostOptions): Post {
  const { settings, desk, log, compareSoon, inBackground } = slack;

  /** Of many workspaces one has the channel; the others' reports are in the App Home. */
  function reportChannelOf(workspace: string): string | null {
    const [channel = null, owner] = settings.reportChannel?.split(':').reverse() ?? [];
    return owner === workspace || (owner === undefined && !slack.servesMany) ? channel : null;
  }

  function placeAt(
    workspace: SlackWorkspace,
    { channel, threadTs, since }: Target,
    messages: readonly SlackMessage[],
    questionId: string,
  ): PostPlace<SlackMessage> {
    const { client, pace } = workspace;
    const thread = threadTs === null ? {} : { thread_ts: threadTs };
    return {
      messages,
      fresh: () => earlierPosts.fresh(workspace, { channel, threadTs }, since),
      async post(message, assertHeld) {
        const { ts } = await withBlocks(message, (shown) =>
          pace.post(channel, async () => {
            assertHeld();
            return client.chat.postMessage({ channel, ...thread, ...shown, unfurl_links: false, unfurl_media: false });
          }),
        );
        if (ts === undefined) throw new TypeError('Slack gave a message no ts');
        return messageKey({ channel, ts });
      },
      edit: (key, message) => editMessage(workspace, placeOf(key), message, questionId),
      remove: (key) => deleteMessage(workspace, placeOf(key)),
      isUnchangeable: (error) => unchangeable.includes(refusalOf(error)),
      orderOf: (key) => messagePlace(key)?.ts ?? '',
    };
  }

  /** Streams that a lost process, or a call of which nothing was heard, left: they cannot be gone on with. */
  async function removeOrphans(
    workspace: SlackWorkspace,
    { posts }: Delivery,
    question: AskedQuestion,
    { since }: Target,
    { unfinished }: EarlierPosts,
  ): Promise<void> {
    for (const message of unfinished) {
      if (placeOf(message).ts < since || board.isLive(message)) continue;
      await endStream(workspace, placeOf(message), question);
      if (!posts.some((post) => post.message === message)) await deleteMessage(workspace, placeOf(message));
    }
  }

  /** The reactions to press; given up first when the budget is short, since there are buttons. */
  function seed({ client, pace, key }: SlackWorkspace, { channel, ts: timestamp }: ReturnType<typeof placeOf>): void {
    if (pace.seeds.room() < 2) return;
    inBackground('seeding reactions', async () => {
      for (const name of ['+1', '-1']) {
        await paced(pace.seeds, () => client.reactions.add({ channel, timestamp, name })).catch((error: unknown) => {
          if (refusalOf(error) !== 'already_reacted')
            log.info({ workspace: key, cause: messageOf(error) }, 'a reaction could not be put under an answer');
        });
      }
    });
  }

  const source: PostSource<SlackMessage> = {
    async reportPlace(delivery) {
      const workspace = await slack.workspaceOf(delivery.workspace);
      const channel = reportChannelOf(workspace.key);
      if (channel === null) return null;
      const target = { channel, threadTs: null, since: reportSince() };
      return placeAt(workspace, target, renderReport(delivery.id, delivery.text), '');
    },
    async replyPlace(delivery, question) {
      const workspace = await slack.workspaceOf(delivery.workspace);
      const { conversation, message, questionId } = question;
      const target: Target = { ...threadOf(question), since: askedAt(message).ts };
      return {
        ...placeAt(workspace, target, messagesOf(delivery), questionId),
        leftBehind: () => earlierPosts.leftBehind(workspace, conversation),
        tidy: (earlier) => removeOrphans(workspace, delivery, question, target, earlier),
        seed: (last) => seed(workspace, placeOf(last)),
      };
    },
    async directPlace(delivery, { message, person, questionId }, error) {
      const workspace = await slack.workspaceOf(delivery.workspace);
      const opened = await workspace.client.conversations.open({ users: person }).catch((cause: unknown) => {
        log.warn({ cause: messageOf(cause) }, 'nobody can be told directly what could not be posted');
        throw error;
      });
      const channel = opened.channel?.id;
      const [first, ...others] = messagesOf(delivery);
      if (channel === undefined || first === undefined) throw error;
      const asked = askedAt(message);
      const why = `You asked me in <#${asked.channel}>, where I cannot answer (${refusalOf(error)}):`;
      const said: KnownBlock = { type: 'context', elements: [{ type: 'mrkdwn', text: why }] };
      const messages = [{ ...first, blocks: [said, ...first.blocks] }, ...others];
      return placeAt(workspace, { channel, threadTs: null, since: asked.ts }, messages, questionId);
    },
    isClosed: (error) => closedPlaces.includes(refusalOf(error)),
    errorOf: (error, { kind }) => deliveryError(error, kind),
  };
  return createPost({ source, board, desk, log, compareSoon });
}

const unknownPlace = (message: string) =>
  new DeliveryError('SLACK_PLACE_UNKNOWN', `${message} is no message of Slack's`, 'Ask again.', { isFinal: true });

function threadOf({ conversation, message }: AskedQuestion) {
  const thread = threadPlace(conversation);
  if (thread === undefined) throw unknownPlace(message);
  return thread;
}

function askedAt(message: string) {
  const asked = messagePlace(message);
  if (asked === undefined) throw unknownPlace(message);
  return asked;
}

function messagesOf({ kind, answer, text, id }: Delivery): SlackMessage[] {
  if (kind === 'answer' && answer !== null) return renderAnswer(id, answer);
  return kind === 'failure' ? renderFailure(id, text) : renderReport(id, text);
}

/** Reports are looked for in the posts of the last two hours, longer than any delivery is tried. */
const reportSince = (): string => tsOf(Date.now() - 2 * 3_600_000);
