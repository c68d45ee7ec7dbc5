import type { Answer } from './progress.ts';
import type { QuestionStatus } from './question.ts';

/** A message that an adapter posted. */
export interface PostedMessage {
  /** The platform's name of the message. */
  readonly message: string;
  readonly kind: 'progress' | 'answer' | 'failure' | 'report';
  /** Of an answer that was split: from 0. */
  readonly part: number;
}

/** A question where it was asked, in the platform's names. */
export interface AskedQuestion {
  readonly questionId: string;
  readonly conversation: string;
  readonly message: string;
  /** Who asked. */
  readonly person: string;
  readonly isDirect: boolean;
}

/** Something to post: an answer, an explained failure, or the report of a night. */
export interface Delivery {
  /** Of the outbox row: to be kept in the posted message, so that a repeated try finds what an earlier one posted. */
  readonly id: string;
  readonly platform: string;
  readonly workspace: string;
  readonly kind: 'answer' | 'failure' | 'report';
  /** null for a report. */
  readonly question: AskedQuestion | null;
  /** Only of kind `answer`. */
  readonly answer: Answer | null;
  /** The answer, the failure or the report, in Markdown. */
  readonly text: string;
  /** 1 for the first try. */
  readonly attempt: number;
  /** What is known to have been posted for this question, by `posted`: progress messages, parts. Oldest first; none of a report. */
  readonly posts: readonly PostedMessage[];
  /**
   * The last message, in the order of their names, of what was posted for other questions of its conversation: an answer does not
   * take the place of progress that was shown before it. null when nothing was.
   */
  readonly after: string | null;
}

/** A workspace, as its platform names it. */
export interface WorkspaceOfPlatform {
  readonly platform: string;
  readonly workspace: string;
}

/** How far to look back. */
export interface LookBack {
  readonly days: number;
  /** Of what is found, the newest. */
  readonly limit: number;
}

/** What a posted message is a part of. */
export interface PostedAnswer {
  readonly answerId: string;
  readonly questionId: string;
  /** The platform's name of it. */
  readonly conversation: string;
  readonly part: number;
}

/** A posted part of an answer, with the votes that stand on that answer. */
export interface RecentAnswer {
  readonly message: string;
  readonly answerId: string;
  readonly votes: readonly {
    readonly person: string;
    readonly vote: 'up' | 'down';
    /** How it was given first: a vote by button stands without a reaction. */
    readonly means: 'reaction' | 'button' | null;
  }[];
}

/** What a chat platform's adapter needs beside the use cases. */
export interface ChatDesk {
  /**
   * Posts what waits for a platform until the signal aborts, and then lets what is being posted end: woken by notices, and by
   * looking again. Up to `concurrency` at a time (8), those of one conversation one after the other and in the order of their
   * questions, also over several processes.
   * @param post resolves once everything is posted; a crash before that was noted repeats it with `attempt + 1`. When it
   * rejects, it is tried again: after `retryAfterMs` of a DeliveryError, otherwise after 1 s, doubling to 60 s. What a final
   * DeliveryError says, what still fails an hour after the first try, or ten times by any other error, is undeliverable.
   * Where it waits before it posts, it looks whether the delivery is still its own: a process that was stopped, or lost the
   * database, for some seconds may find that another one posts it.
   */
  deliver(
    platform: string,
    post: (delivery: Delivery, isHeld: () => boolean) => Promise<void>,
    options: { readonly signal: AbortSignal; readonly concurrency?: number },
  ): Promise<void>;
  /** What could not be posted in the last `days`, newest first: shown to admins. */
  undeliverable(
    platform: string,
    workspace: string,
    days: number,
  ): Promise<readonly { readonly questionId: string | null; readonly why: string; readonly at: Date }[]>;

  /**
   * Remembers a posted message, the question's if it is for one. Idempotent on (platform, workspace, message); said again with
   * another kind or part, the last one counts: a progress message may become the answer.
   */
  posted(where: WorkspaceOfPlatform & { readonly questionId: string | null }, post: PostedMessage): Promise<void>;
  forgetPost(where: WorkspaceOfPlatform, message: string): Promise<void>;
  /** The answer that a message is a part of, and the conversation that it was given in; undefined for other messages. */
  answerOf(platform: string, workspace: string, message: string): Promise<PostedAnswer | undefined>;
  /** Posts of answers of the last `days`, newest first, in all conversations or in one: to compare their reactions after a gap. */
  recentAnswers(
    platform: string,
    workspace: string,
    options: LookBack & { readonly conversation?: string },
  ): Promise<readonly RecentAnswer[]>;
  /** The posts of one answer, however old, in order. */
  partsOf(platform: string, workspace: string, answerId: string): Promise<readonly RecentAnswer[]>;
  /** Conversations with a question in the last `days`, newest first. */
  recentConversations(platform: string, workspace: string, options: LookBack): Promise<readonly string[]>;

  /**
   * Questions whose progress is still shown, in the order of asking: the open ones, to go on after a restart; and those
   * cancelled in the last day of which a progress message is remembered, until `forgetPost`.
   */
  openQuestions(
    platform: string,
    workspace: string,
  ): Promise<readonly (AskedQuestion & { readonly posts: readonly PostedMessage[] })[]>;
  /** Whether a question was asked in it. */
  isEngaged(platform: string, workspace: string, conversation: string): Promise<boolean>;
  /** The question that a message is; undefined for other messages. */
  questionOf(
    platform: string,
    workspace: string,
    message: string,
  ): Promise<{ readonly questionId: string; readonly status: QuestionStatus; readonly text: string } | undefined>;
  /** Whether a question is one of a workspace's: what its people may stop, and look into. */
  isAskedIn(platform: string, workspace: string, questionId: string): Promise<boolean>;
  /**
   * Changes the text of an open question without a committed turn; a worker that holds it begins anew. False when it is too late.
   * @throws InputError for a text that is empty or too long
   */
  editQuestion(questionId: string, text: string): Promise<boolean>;
  /** Questions of the last minute, one that was delivered twice counted once: for limits that hold over processes and restarts. */
  askedLately(
    where: WorkspaceOfPlatform,
    person: string,
  ): Promise<{ readonly byPerson: number; readonly inWorkspace: number }>;

  /** How far a place (a channel, a conversation, …) has been read; places and positions are the adapter's names. */
  readUpTo(platform: string, workspace: string, place: string): Promise<string | undefined>;
  /** Only ever moves forward, in the order of the positions' characters: adapters use names that sort. */
  setReadUpTo(platform: string, workspace: string, place: string, position: string): Promise<void>;
  places(
    platform: string,
    workspace: string,
  ): Promise<readonly { readonly place: string; readonly position: string }[]>;
  /** The workspaces of which it is noted how far a place has been read. */
  workspacesWith(platform: string, place: string): Promise<readonly string[]>;

  /** Keeps what installing in a workspace gave, sealed: a value that JSON can hold. */
  saveInstallation(platform: string, workspace: string, installation: unknown): Promise<void>;
  /**
   * undefined where it is not installed. What an older key has sealed is put under the present one, unless it is only looked at.
   * @throws SealError when it was sealed with a key that is not known
   */
  installation(platform: string, workspace: string, options?: { readonly isLook?: boolean }): Promise<unknown>;
  /** The workspaces with an installation. */
  installations(platform: string): Promise<readonly string[]>;
  removeInstallation(platform: string, workspace: string): Promise<void>;

  /** The database's id of a workspace, made if need be: what Loop's administrative calls take. */
  workspaceId(platform: string, workspace: string): Promise<string>;
}
