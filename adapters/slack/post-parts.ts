import type { Delivery, PostedMessage } from '../../src/domain/chat.ts';
import { DeliveryError, messageOf } from '../../src/errors.ts';
import { refusalOf } from './calls.ts';
import type { SlackContext, SlackWorkspace } from './context.ts';
import type { EarlierPosts } from './earlier-posts.ts';
import { deleteMessage, editMessage, withBlocks } from './edit-message.ts';
import { messageKey, messagePlace } from './keys.ts';
import type { SlackMessage } from './render.ts';

export interface HeldDelivery extends Delivery {
  /** False when another process may post it. */
  readonly isHeld: () => boolean;
}

/** @throws DeliveryError when another process may post it */
function assertHeld({ isHeld }: HeldDelivery): void {
  if (isHeld()) return;
  throw new DeliveryError(
    'SLACK_TAKEN_OVER',
    'another process may have taken the delivery over',
    'It is posted there.',
  );
}

/** Where a delivery goes. */
export interface Target {
  readonly channel: string;
  readonly threadTs: string | null;
  /** Nothing of it was posted before this moment. */
  readonly since: string;
}

/** Refusals of a message that is to be changed; another is posted then. */
const unchangeable: readonly (string | undefined)[] = [
  'message_not_found',
  'cant_update_message',
  'edit_window_closed',
  'streaming_state_conflict',
];

/** What is there already. */
interface Before {
  /** undefined: nothing can have been posted but what is known. */
  readonly earlier: EarlierPosts | undefined;
  /** The ts of messages that show progress; one that stands after all other answers of the thread becomes the first part. */
  readonly progress: readonly string[];
}

/** Posts the parts of a delivery that are not there yet, in order. @returns the ts of the last */
export type PostParts = (
  workspace: SlackWorkspace,
  delivery: HeldDelivery,
  target: Target,
  messages: readonly SlackMessage[],
  before: Before,
) => Promise<string | undefined>;

export function createPostParts({ desk, log }: SlackContext): PostParts {
  /** In the place of the progress, or anew. @returns its ts */
  async function postPart(
    workspace: SlackWorkspace,
    delivery: HeldDelivery,
    { channel, threadTs }: Target,
    message: SlackMessage,
    inPlaceOf: string | undefined,
  ): Promise<string> {
    const { client, pace } = workspace;
    const { question } = delivery;
    assertHeld(delivery);
    if (inPlaceOf !== undefined && question !== null) {
      try {
        await editMessage(workspace, { channel, ts: inPlaceOf }, message, question.questionId);
        return inPlaceOf;
      } catch (error) {
        if (!unchangeable.includes(refusalOf(error))) throw error;
        log.info({ channel, cause: messageOf(error) }, 'progress cannot become the answer; it is posted anew');
        await deleteMessage(workspace, { channel, ts: inPlaceOf });
      }
    }
    const answer = await withBlocks(message, (shown) =>
      pace.post(channel, async () => {
        assertHeld(delivery);
        return client.chat.postMessage({
          channel,
          ...(threadTs !== null && { thread_ts: threadTs }),
          ...shown,
          unfurl_links: false,
          unfurl_media: false,
        });
      }),
    );
    if (answer.ts === undefined) throw new TypeError('Slack gave a message no ts');
    return answer.ts;
  }

  const remember = ({ platform, workspace, question }: Delivery, post: PostedMessage): Promise<void> =>
    desk.posted({ platform, workspace, questionId: question?.questionId ?? null }, post);

  return async (
    workspace: SlackWorkspace,
    delivery: HeldDelivery,
    target: Target,
    messages: readonly SlackMessage[],
    { earlier, progress },
  ) => {
    const { channel } = target;
    const done = new Map(earlier?.partsOf(delivery.id));
    const shown = progress.filter((ts) => ![...done.values()].includes(ts));
    const after = messagePlace(delivery.after ?? '')?.ts ?? '';
    const place = done.has(0) ? undefined : shown.find((ts) => ts > after);
    let last: string | undefined;
    for (const [part, message] of messages.entries()) {
      const inPlaceOf = part === 0 ? place : undefined;
      const ts = done.get(part) ?? (await postPart(workspace, delivery, target, message, inPlaceOf));
      await remember(delivery, { message: messageKey({ channel, ts }), kind: delivery.kind, part });
      last = ts;
    }
    for (const ts of shown.filter((one) => one !== place)) {
      await deleteMessage(workspace, { channel, ts });
      const { platform, workspace: key } = delivery;
      await desk.forgetPost({ platform, workspace: key }, messageKey({ channel, ts }));
    }
    return last;
  };
}
