import type { AskedQuestion } from '../../src/domain/chat.ts';
import type { Progress } from '../../src/domain/progress.ts';
import { messageOf } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import type { EditedMessage } from './edit-budget.ts';

/** What became of the message that showed a question's progress. */
export interface ShownProgress {
  /** Its key; null: none was posted. */
  readonly message: string | null;
  /** False: one may have been posted all the same. */
  readonly isCertain: boolean;
}

/** The message that shows a question's progress; there is none where the budget is short. */
export interface LiveMessage {
  show(step: Progress): void;
  /** Nothing more is shown: what comes next is the answer. */
  freeze(): void;
  /** The last that is shown; whoever wants may edit the message from then on. Never rejects. */
  end(): Promise<ShownProgress>;
  /** The key of the message; null while there is none. */
  readonly message: string | null;
}

/** What has happened so far, oldest first. */
export type Steps = readonly Progress[];

/** How a platform shows progress in a message. */
export interface LiveCalls {
  /** Whether posting one, and editing it, leaves enough of the budget to answers. */
  hasRoom(): boolean;
  /**
   * The ways to post the first state, in the order in which they are tried. Each resolves with the message's key, or with undefined
   * where it is no way here.
   * @param assertOpen to be called after each wait, right before it is posted
   */
  readonly begin: readonly ((steps: Steps, assertOpen: () => void) => Promise<string | undefined>)[];
  /** Shows the newest state. @param isOver true once nothing may be shown any more */
  update(message: string, steps: Steps, isOver: () => boolean): Promise<void>;
  /** The last of it, after which anybody may edit the message. */
  end(message: string, steps: Steps): Promise<void>;
  /** Whether what failed may have been posted all the same. */
  isUncertain(error: unknown): boolean;
  /** How long the platform wants to be left alone, in ms; undefined when it did not say. */
  retryAfterOf(error: unknown): number | undefined;
}

export interface LiveMessageOptions {
  readonly question: AskedQuestion;
  readonly calls: LiveCalls;
  /** Of the workspace's budget. */
  readonly slot: EditedMessage;
  /** A message of an earlier process, which is gone on with. */
  readonly earlier: string | null;
  /** Notes that a message shows the progress of the question. */
  readonly note: (message: string) => Promise<void>;
  /** Whether what failed may succeed in a while; what is refused for good is not tried again. */
  readonly isPassing: (error: unknown) => boolean;
  readonly log: Log;
}

/** The answer is there, or about to be: nothing may be shown over it. */
class TooLate extends Error {}

export function createLiveMessage(options: LiveMessageOptions): LiveMessage {
  const { calls, slot, earlier, note, isPassing, log } = options;
  const { questionId } = options.question;
  const steps: Progress[] = [];
  let message: string | null = earlier;
  let isCertain = true;
  let isOver = false;
  /** The ways to begin that were not refused for good. */
  let ways = calls.begin;
  /** The message takes no more of it. */
  let isRefused = false;
  /** The newest try to begin: there is another with the next step where the budget was short. */
  let begun: Promise<void> | undefined;
  let isBeginning = false;
  let sending: Promise<unknown> = Promise.resolve();

  /** Another process may have posted the answer meanwhile. */
  const assertOpen = () => {
    if (isOver) throw new TooLate('the question is over');
  };

  async function begin(): Promise<void> {
    if (ways.length === 0 || !calls.hasRoom()) return;
    for (const way of ways) {
      const posted = await way([...steps], assertOpen).catch((error: unknown) => notPosted(way, error));
      if (posted === undefined) continue;
      message = posted;
      return note(posted);
    }
  }

  function notPosted(way: (typeof ways)[number], error: unknown): undefined {
    if (error instanceof TooLate) return;
    if (calls.isUncertain(error)) isCertain = false;
    if (!isPassing(error)) ways = ways.filter((one) => one !== way);
    log.info({ questionId, cause: messageOf(error) }, 'progress could not be shown in this way');
  }

  async function send(): Promise<'sent' | { readonly retryAfterMs: number }> {
    if (isOver || isRefused || message === null) return 'sent';
    try {
      await calls.update(message, [...steps], () => isOver);
      return 'sent';
    } catch (error) {
      const retryAfterMs = calls.retryAfterOf(error);
      if (retryAfterMs !== undefined) return { retryAfterMs };
      if (isPassing(error)) throw error;
      isRefused = true;
      log.warn({ questionId, cause: messageOf(error) }, 'progress is refused; no more of it is shown');
      return 'sent';
    }
  }

  function refresh(): void {
    if (isOver || isRefused || message === null) return;
    slot.show(() => {
      const work = send();
      sending = work.catch(() => undefined);
      return work;
    });
  }

  return {
    get message() {
      return message;
    },
    show(step) {
      steps.push(step);
      if (message !== null) return refresh();
      // What nothing was heard of may have been posted: another would be a second one.
      if (isBeginning || !isCertain) return;
      isBeginning = true;
      const shown = steps.length;
      begun = begin()
        .catch((error: unknown) => {
          log.warn({ questionId, cause: messageOf(error) }, 'progress cannot be shown');
        })
        .then(() => {
          isBeginning = false;
          if (steps.length > shown) refresh();
        });
    },
    freeze() {
      isOver = true;
    },
    async end() {
      isOver = true;
      await begun;
      await sending;
      if (message !== null)
        await calls
          .end(message, steps)
          .catch((error: unknown) =>
            log.info({ questionId, cause: messageOf(error) }, 'progress could not be ended yet'),
          );
      return { message, isCertain };
    },
  };
}
