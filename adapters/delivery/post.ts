import type { AskedQuestion, ChatDesk, Delivery } from '../../src/domain/chat.ts';
import type { DeliveryError } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import type { ComparedAnswer } from './catch-up.ts';
import type { EarlierPosts } from './earlier-posts.ts';
import { type HeldDelivery, type PostCalls, postParts } from './post-parts.ts';
import type { ProgressBoard } from './progress-board.ts';

/** Posts one delivery. @throws DeliveryError */
export type Post = (delivery: Delivery, isHeld: () => boolean) => Promise<void>;

/** Where a delivery goes. */
export interface PostPlace<Message> extends PostCalls<Message> {
  /** The delivery as messages, in order. */
  readonly messages: readonly Message[];
  /** What has been posted there until now. */
  fresh(): Promise<EarlierPosts>;
}

/** Where a question is answered. */
export interface ReplyPlace<Message> extends PostPlace<Message> {
  /** What an earlier process left there; it need not be as it is just now. */
  leftBehind(): Promise<EarlierPosts>;
  /** Removes what a lost process, or a call of which nothing was heard, left and that cannot be gone on with. */
  tidy(earlier: EarlierPosts): Promise<void>;
  /** Puts the reactions to press under an answer. @param last the key of its last part */
  seed(last: string): void;
}

/** What a platform has to say about where, and how, deliveries are posted. */
export interface PostSource<Message> {
  /** null: reports are not posted. */
  reportPlace(delivery: Delivery): Promise<PostPlace<Message> | null>;
  /** @throws DeliveryError */
  replyPlace(delivery: Delivery, question: AskedQuestion): Promise<ReplyPlace<Message>>;
  /** Where a place takes nothing any more, whoever asked gets the answer directly, so that it is seen somewhere. @throws the error where that cannot be */
  directPlace(delivery: Delivery, question: AskedQuestion, error: unknown): Promise<PostPlace<Message>>;
  /** Whether the place refuses, while the person who asked may still be reached. */
  isClosed(error: unknown): boolean;
  errorOf(error: unknown, delivery: Delivery): DeliveryError;
}

export interface PostOptions<Message> {
  readonly source: PostSource<Message>;
  readonly board: Pick<ProgressBoard, 'take' | 'drop'>;
  readonly desk: Pick<ChatDesk, 'posted' | 'forgetPost'>;
  readonly log: Log;
  /** Makes the votes on an answer what the reactions there say, in the background and until it has succeeded. */
  readonly compareSoon: (workspace: string, answer: ComparedAnswer) => void;
}

export function createPost<Message>(options: PostOptions<Message>): Post {
  const { source, board, compareSoon } = options;

  /** Nobody else posts there for a question: only an earlier try can have. */
  async function postAlone(delivery: HeldDelivery, place: PostPlace<Message>): Promise<void> {
    const earlier = delivery.attempt > 1 ? await place.fresh() : undefined;
    await postParts(delivery, place.messages, place, { earlier, progress: [] }, options);
  }

  async function postReport(delivery: HeldDelivery): Promise<void> {
    const place = await source.reportPlace(delivery);
    if (place !== null) await postAlone(delivery, place);
  }

  async function postReply(delivery: HeldDelivery, question: AskedQuestion): Promise<void> {
    const place = await source.replyPlace(delivery, question);
    try {
      await replyIn(place, delivery, question);
    } catch (error) {
      if (question.isDirect || !source.isClosed(error)) throw error;
      await postAlone(delivery, await source.directPlace(delivery, question, error));
    }
  }

  async function replyIn(
    place: ReplyPlace<Message>,
    delivery: HeldDelivery,
    { questionId }: AskedQuestion,
  ): Promise<void> {
    const shown = await board.take(questionId);
    const earlier = await earlierIn(place, delivery, shown?.isCertain);
    if (earlier !== undefined) await place.tidy(earlier);
    const progress = [
      ...(typeof shown?.message === 'string' ? [shown.message] : []),
      ...delivery.posts.flatMap(({ kind, message }) => (kind === 'progress' ? [message] : [])),
      ...(earlier?.progressOf(questionId) ?? []),
    ];
    const before = { earlier, progress: [...new Set(progress)] };
    const last = await postParts(delivery, place.messages, place, before, options);
    if (delivery.kind === 'answer' && last !== undefined) place.seed(last);
  }

  /** What was posted before; undefined when nothing can have been but what is known. */
  async function earlierIn(
    place: ReplyPlace<Message>,
    { attempt }: Delivery,
    isCertain: boolean | undefined,
  ): Promise<EarlierPosts | undefined> {
    if (attempt > 1 || isCertain === false) return place.fresh();
    return isCertain === undefined ? place.leftBehind() : undefined;
  }

  return async (given, isHeld) => {
    const delivery: HeldDelivery = { ...given, isHeld };
    const { question, workspace, attempt, answer } = delivery;
    try {
      if (question === null) await postReport(delivery);
      else await postReply(delivery, question);
    } catch (error) {
      const failure = source.errorOf(error, delivery);
      if (failure.isFinal && question !== null) board.drop(question.questionId);
      throw failure;
    }
    if (question === null) return;
    board.drop(question.questionId);
    // An earlier try may have posted it, and people have rated it while nobody knew which answer it was.
    if (attempt > 1 && answer !== null) {
      const { answerId } = answer;
      compareSoon(workspace, { conversation: question.conversation, answerId });
    }
  };
}
