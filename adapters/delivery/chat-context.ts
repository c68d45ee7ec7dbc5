import type { AskedQuestion, ChatDesk } from '../../src/domain/chat.ts';
import type { Loop } from '../../src/domain/ports.ts';
import type { Log } from '../../src/log.ts';
import type { Background } from './background.ts';
import type { CatchUp, ComparedAnswer } from './catch-up.ts';
import { Lanes } from './lanes.ts';
import type { ProgressBoard } from './progress-board.ts';
import { RateLimit } from './rate-limit.ts';
import { type ReactionAliases, reactionVotes, type VoteOfReaction } from './reaction-votes.ts';
import { RecentSet } from './recent-set.ts';
import type { Timers } from './timers.ts';

/** What the environment decides, for every platform. */
export interface ChatSettings {
  /** Ids of the workspaces that are served; null: all. */
  readonly workspaces: readonly string[] | null;
  /** Ids of the people who may administer beside the workspace's own admins. */
  readonly admins: readonly string[];
  /** Whether a conversation that it has answered in may go on without a mention. */
  readonly followUps: boolean;
  /** Questions a minute. */
  readonly limits: { readonly person: number; readonly workspace: number };
}

/** What handlers work with on every platform. */
export interface ChatContext {
  readonly platform: string;
  readonly loop: Loop;
  readonly desk: ChatDesk;
  readonly settings: ChatSettings;
  readonly log: Log;
  readonly timers: Timers;
  readonly voteOf: VoteOfReaction;
  /** How much one person and one workspace may ask. */
  readonly limit: RateLimit;
  /** When the adapter was made, in ms: what came before it may be told once more. */
  readonly startedAt: number;
  /** Aborts when the adapter closes. */
  readonly signal: AbortSignal;
  /** True when it is asked for the first time of late about something: what a platform tells twice is said once. */
  isFirst(what: string): boolean;
  /** Shows how an open question is getting on from here on; a second time for the same question does nothing. */
  showProgress(workspace: string, question: AskedQuestion): void;
  /** Cancels a question and says in the place of its progress who did; false when it was over. */
  stopQuestion(questionId: string, by: string): Promise<boolean>;
  /** Cancels a question whose message is gone, and takes its progress away; false when it was over. */
  withdrawQuestion(questionId: string): Promise<boolean>;
  /** Votes are stored one after the other, whoever tells of them: one lane a message and person. */
  readonly votes: Lanes;
  /** Makes the votes on an answer what the reactions there say, in the background and until it has succeeded. @param afterMs for how long to wait before */
  compareSoon(workspace: string, answer: ComparedAnswer, afterMs?: number): void;
  /** Goes on in the background; close() waits for it. Failures are logged. */
  inBackground(what: string, work: () => Promise<unknown>): void;
}

/** Things that were said once. */
const REMEMBERED = 5_000;

export interface ChatContextOptions {
  readonly platform: string;
  readonly loop: Loop;
  readonly desk: ChatDesk;
  readonly settings: ChatSettings;
  /** Reactions that count as votes beside the thumbs. */
  readonly reactions: ReactionAliases;
  readonly log: Log;
  readonly timers: Timers;
  readonly signal: AbortSignal;
  readonly background: Background;
  /** Made with this context, and so after it. */
  readonly board: () => ProgressBoard;
  readonly catchUp: () => CatchUp;
}

export function createChatContext(options: ChatContextOptions): ChatContext {
  const { platform, loop, desk, settings, reactions, log, timers, signal, background, board, catchUp } = options;
  const seen = new RecentSet(REMEMBERED);

  async function cancel(questionId: string, by: string | null): Promise<boolean> {
    board().endedBy(questionId, by);
    const isCancelled = await loop.cancel(questionId);
    if (!isCancelled) board().endedBy(questionId, undefined);
    return isCancelled;
  }

  return {
    ...{ platform, loop, desk, settings, log, timers, signal },
    voteOf: reactionVotes(reactions),
    limit: perMinute(settings.limits, timers.now),
    startedAt: Date.now(),
    isFirst: (what) => seen.add(what),
    showProgress: (workspace, question) => board().show(workspace, question, null),
    stopQuestion: cancel,
    withdrawQuestion: (questionId) => cancel(questionId, null),
    votes: new Lanes(),
    compareSoon: (workspace, answer, afterMs) =>
      background.run('comparing votes', () => catchUp().compareSoon(workspace, answer, afterMs)),
    inBackground: (what, work) => background.run(what, work),
  };
}

/** How much may be asked, by any clock. @param now in ms */
export function perMinute({ person, workspace }: ChatSettings['limits'], now: () => number): RateLimit {
  const windowMs = 60_000;
  return new RateLimit({
    perPerson: { count: person, windowMs },
    perWorkspace: { count: workspace, windowMs },
    now,
  });
}
