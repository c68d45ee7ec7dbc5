import type { ChatDesk, Delivery, PostedMessage } from '../../src/domain/chat.ts';
import { DeliveryError, messageOf } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import type { EarlierPosts } from './earlier-posts.ts';

export interface HeldDelivery extends Delivery {
  /** False when another process may post it. */
  readonly isHeld: () => boolean;
}

/** @throws DeliveryError when another process may post it */
function assertHeld({ isHeld }: HeldDelivery): void {
  if (isHeld()) return;
  throw new DeliveryError(
    'DELIVERY_TAKEN_OVER',
    'another process may have taken the delivery over',
    'It is posted there.',
  );
}

/** How a platform posts in one place. Messages are named by their keys. */
export interface PostCalls<Message> {
  /** @param assertHeld to be called after each wait, right before it is posted. @returns its key */
  post(message: Message, assertHeld: () => void): Promise<string>;
  /** Changes a message that showed progress. */
  edit(key: string, message: Message): Promise<void>;
  /** Takes a message away; one that is gone already is no matter. */
  remove(key: string): Promise<void>;
  /** Whether a refused change may not be made at all: another message is posted then. */
  isUnchangeable(error: unknown): boolean;
  /** Sorts as text: which of two messages came later. Empty for no message. */
  orderOf(key: string): string;
}

/** What is there already. */
export interface Before {
  /** undefined: nothing can have been posted but what is known. */
  readonly earlier: EarlierPosts | undefined;
  /** Messages that show progress; one that stands after all other answers of the conversation becomes the first part. */
  readonly progress: readonly string[];
}

export interface PostPartsOptions {
  readonly desk: Pick<ChatDesk, 'posted' | 'forgetPost'>;
  readonly log: Log;
}

/** Posts the parts of a delivery that are not there yet, in order. @returns the key of the last. @throws what the calls throw */
export async function postParts<Message>(
  delivery: HeldDelivery,
  messages: readonly Message[],
  calls: PostCalls<Message>,
  { earlier, progress }: Before,
  { desk, log }: PostPartsOptions,
): Promise<string | undefined> {
  const { platform, workspace, question } = delivery;

  /** In the place of the progress, or anew. @returns its key */
  async function postPart(message: Message, inPlaceOf: string | undefined): Promise<string> {
    assertHeld(delivery);
    if (inPlaceOf !== undefined) {
      try {
        await calls.edit(inPlaceOf, message);
        return inPlaceOf;
      } catch (error) {
        if (!calls.isUnchangeable(error)) throw error;
        log.info(
          { message: inPlaceOf, cause: messageOf(error) },
          'progress cannot become the answer; it is posted anew',
        );
        await calls.remove(inPlaceOf);
      }
    }
    return calls.post(message, () => assertHeld(delivery));
  }

  const note = (post: PostedMessage): Promise<void> =>
    desk.posted({ platform, workspace, questionId: question?.questionId ?? null }, post);

  const done = new Map(earlier?.partsOf(delivery.id));
  const shown = progress.filter((key) => ![...done.values()].includes(key));
  const after = delivery.after === null ? '' : calls.orderOf(delivery.after);
  const place = done.has(0) ? undefined : shown.find((key) => calls.orderOf(key) > after);
  let last: string | undefined;
  for (const [part, message] of messages.entries()) {
    const key = done.get(part) ?? (await postPart(message, part === 0 ? place : undefined));
    await note({ message: key, kind: delivery.kind, part });
    last = key;
  }
  for (const key of shown.filter((one) => one !== place)) {
    await calls.remove(key);
    await desk.forgetPost({ platform, workspace }, key);
  }
  return last;
}
