import type { AskedQuestion, ChatDesk } from '../../src/domain/chat.ts';
import type { Loop } from '../../src/domain/ports.ts';
import type { Log } from '../../src/log.ts';
import type { RateLimit } from './rate-limit.ts';
import type { VoteOfReaction } from './reaction-votes.ts';
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
  /** Makes the votes in a conversation what the reactions there say. @throws what reading it throws */
  compareVotes(workspace: string, conversation: string): Promise<void>;
  /** Goes on in the background; close() waits for it. Failures are logged. */
  inBackground(what: string, work: () => Promise<unknown>): void;
}
