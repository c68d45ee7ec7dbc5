import type { PersonOfPlatform } from './person.ts';
import type { PolicyDetail, PolicySummary, PromotionReceipt, PromotionWish, RollbackWish } from './policy.ts';
import type { Answer, Progress } from './progress.ts';
import type { NewQuestion, QuestionStatus } from './question.ts';
import type { PracticeWish, RatedFigures, RatedText, RetrainWish, RunDetail, RunSummary } from './training.ts';
import type { FlowOutcome, Turn } from './trajectory.ts';
import type { NewVote, VoteReceipt } from './vote.ts';

/** What a receiver of a question is told at once. */
export interface AskReceipt {
  readonly questionId: string;
  readonly conversationId: string;
  /** True when this very message had been received before. */
  readonly duplicate: boolean;
}

/** What is told at once of a run that was asked for. */
export interface TrainReceipt {
  readonly runId: string;
  /** False when another run of the workspace is open: `runId` is that one's. */
  readonly started: boolean;
}

/** The use cases, as chat adapters, HTTP and the commands see them. */
export interface Loop {
  /** Stores the question and queues it. Idempotent on (platform, key). @throws InputError */
  ask(question: NewQuestion): Promise<AskReceipt>;
  /** Stops a question that has no answer yet; false when it is already over or unknown. */
  cancel(questionId: string): Promise<boolean>;
  /** Every step from the first on, those already past included; ends after the last one. @throws InputError for an unknown id */
  watch(questionId: string, options?: { signal?: AbortSignal }): AsyncIterable<Progress>;
  answer(questionId: string): Promise<Answer | undefined>;
  /** Where a question stands; undefined for an unknown one. */
  standing(questionId: string): Promise<QuestionStanding | undefined>;
  /** @throws InputError for an unknown answer */
  rate(vote: NewVote): Promise<VoteReceipt>;
  policies(workspaceId: string): Promise<readonly PolicySummary[]>;
  /** Opens a run on the workspace's votes. @param runId of the caller's own, when the call may be repeated */
  retrain(workspaceId: string, wish: RetrainWish, runId?: string): Promise<TrainReceipt>;
  practise(workspaceId: string, wish: PracticeWish, runId?: string): Promise<TrainReceipt>;
  /** What a run would be trained on. */
  rated(workspaceId: string): Promise<RatedFigures>;
  /** The same in words, for those who ask to see them. */
  ratedTexts(workspaceId: string): Promise<readonly RatedText[]>;
  /** Newest first. */
  runs(workspaceId: string, limit: number): Promise<readonly RunSummary[]>;
  /** @param afterStep only the figures of later steps @throws InputError for an unknown run */
  run(runId: string, afterStep?: number): Promise<RunDetail>;
  /** Lets a run end after its step with what it has learnt; false when it is over. */
  stopRun(runId: string): Promise<boolean>;
  /** @throws InputError for an unknown version */
  policy(workspaceId: string, version: number): Promise<PolicyDetail>;
  /**
   * Makes a version the one that answers the next question.
   * @throws InputError for an unknown version, the live one, and one whose gate did not pass unless forced
   */
  promote(wish: PromotionWish): Promise<PromotionReceipt>;
  /** Makes the version live that was live before the present one. @throws InputError when there was none */
  rollback(wish: RollbackWish): Promise<PromotionReceipt>;
  /** Whether a person's direct messages may be trained on. */
  trainsOnDirect(person: PersonOfPlatform): Promise<boolean>;
  /** Remembers whether they may, also of a person who has not been here yet. */
  setTrainsOnDirect(person: PersonOfPlatform, trainsOnDirect: boolean): Promise<void>;
  status(): Promise<ServiceStatus>;
}

/** Where a question stands, without waiting. */
export interface QuestionStanding {
  readonly questionId: string;
  readonly status: QuestionStatus;
  readonly answer: Answer | null;
  /** Why it failed. */
  readonly message: string | null;
}

export interface RoleStatus {
  readonly role: 'chat' | 'worker';
  readonly instance: string;
  readonly seenAt: string;
}

/** What `foursight status` and `/readyz` report. */
export interface ServiceStatus {
  readonly ready: boolean;
  readonly roles: readonly RoleStatus[];
  readonly queue: {
    readonly backend: 'postgres' | 'redis';
    readonly waiting: number;
    readonly active: number;
    readonly failed: number;
  };
  readonly questions: { readonly open: number; readonly answered: number; readonly failed: number };
  /** Of all chat platforms: what is to be posted, and what could not be in the last week. */
  readonly outbox: { readonly waiting: number; readonly undeliverable: number };
  readonly livePolicy: number;
  /** The last run of training of this machine's workspace. */
  readonly lastRun: RunSummary | null;
}

/** An earlier question of the conversation, for follow-ups. */
export interface PastQuestion {
  readonly text: string;
  readonly turns: readonly Turn[];
  readonly answer: string;
}

/** A question that this worker holds and is to answer. */
export interface OpenTrajectory {
  readonly trajectoryId: string;
  readonly questionId: string;
  readonly workspaceId: string;
  readonly conversationId: string;
  readonly text: string;
  /** The person's clock and zone come from the moment of asking. */
  readonly askedAt: Date;
  readonly policyVersion: number;
  /** Oldest first. */
  readonly past: readonly PastQuestion[];
  /** Turns that an earlier worker committed before it was lost. */
  readonly turns: readonly Turn[];
  /** Grows with every worker that takes the trajectory over; a write with an older one is refused. */
  readonly epoch: number;
}

/** How a worker stores what it does. Every call is idempotent; a worker that has lost the trajectory is told so. */
export interface Journal {
  /**
   * Takes the question. `wait`: an earlier question of its conversation is still open (its end will queue this one);
   * `over`: it has been answered, cancelled or failed.
   */
  begin(questionId: string, worker: string): Promise<OpenTrajectory | 'wait' | 'over'>;
  /** `lost`: another worker took over, or the question was cancelled or changed; stop working on it. */
  appendTurn(held: OpenTrajectory, turn: Turn): Promise<'stored' | 'lost'>;
  /** Stores the answer, its outbox row and the end of the question in one transaction, then queues the conversation's next question. */
  finish(held: OpenTrajectory, outcome: FlowOutcome): Promise<'stored' | 'lost'>;
  /** Ends the question with an explained, visible failure. */
  fail(questionId: string, message: string): Promise<void>;
  /** Resolves when the question is cancelled, or its text changed; never rejects; stops listening on abort. */
  interrupted(held: OpenTrajectory, signal: AbortSignal): Promise<void>;
  /** Whether the question is to be begun anew, because its text was changed. */
  isBegunAnew(held: OpenTrajectory): Promise<boolean>;
}

/** The facts a workspace asked to remember. */
export interface NoteStore {
  remember(workspaceId: string, note: { text: string; questionId: string | null }): Promise<void>;
  /** Newest first. */
  list(
    workspaceId: string,
  ): Promise<readonly { readonly id: string; readonly text: string; readonly createdAt: Date }[]>;
}

/** One chat platform, as the composition sees it. */
export interface ChatAdapter {
  readonly name: string;
  start(): Promise<void>;
  close(): Promise<void>;
}
