import { z } from 'zod';

/** `retrain`: on the votes of a workspace; `practice`: on questions with a checker. */
export const runKindSchema = z.enum(['retrain', 'practice']);
export type RunKind = z.infer<typeof runKindSchema>;

/** `done`: it made a candidate, whatever the gate said of it; `no update`: there was nothing to learn from. */
export const runStatusSchema = z.enum(['queued', 'running', 'done', 'no update', 'failed']);
export type RunStatus = z.infer<typeof runStatusSchema>;

export const isOpenRun = (status: RunStatus): boolean => status === 'queued' || status === 'running';

const limit = z.number().positive();

/** What `practice` was asked for. It ends when one of steps and minutes is reached. */
export const practiceWishSchema = z.object({
  /** A kind of generated questions; null: `items`. */
  task: z.string().nullable(),
  items: z.array(z.object({ question: z.string(), answers: z.array(z.string()) })).default([]),
  minutes: limit.nullable(),
  steps: limit.int().nullable(),
  /** Of the task, a step. */
  questions: limit.int().default(48),
  maxTurns: limit.int(),
  seed: z.number().int().nonnegative(),
});
export type PracticeWish = z.output<typeof practiceWishSchema>;

/** How `retrain` learns, where it is to be otherwise than usual, by the names of its `--config` file. */
export const retrainLearningSchema = z.strictObject({
  /** Rounds of rollouts. */
  steps: limit.int().max(100).exactOptional(),
  /** Of a question, a step. */
  members: limit.int().min(2).max(64).exactOptional(),
  /** Updates a step. */
  minibatches: limit.int().max(64).exactOptional(),
  /** Generated questions a step, on which the policy is held to the live one, and what all of them weigh beside all rated ones. */
  anchors: limit.int().max(1_000).exactOptional(),
  anchorWeight: limit.exactOptional(),
  train: z
    .strictObject({
      learningRate: limit.exactOptional(),
      adamEpsilon: limit.exactOptional(),
      /** Of the KL term. */
      beta: z.number().nonnegative().exactOptional(),
    })
    .exactOptional(),
});
export type RetrainLearning = z.output<typeof retrainLearningSchema>;

/** What `retrain` was asked for. */
export const retrainWishSchema = z.object({
  /** A person, or the nightly schedule. */
  by: z.enum(['admin', 'schedule']),
  seed: z.number().int().nonnegative(),
  learning: retrainLearningSchema.exactOptional(),
});
export type RetrainWish = z.output<typeof retrainWishSchema>;

/** A step's figures as they are stored: numbers, or numbers by name. */
export type StepMetrics = Readonly<Record<string, number | null | Readonly<Record<string, number>>>>;

/** What the votes of a workspace come to, as a dry run and a run's report say it. */
export interface RatedFigures {
  /** Votes that stand and that no completed run has counted. */
  readonly votes: number;
  readonly up: number;
  readonly down: number;
  /** Answers with such votes, and the people who gave them. */
  readonly answers: number;
  readonly people: number;
  /** Left out: answers to direct messages whose author did not opt in, and answers without a planner's record. */
  readonly direct: number;
  readonly unusable: number;
  /** Mean and standard deviation of the answers' rewards, in [0, 1]. */
  readonly meanReward: number;
  readonly rewardDeviation: number;
  /** Why no update would be made; null when there is enough to learn from. */
  readonly noUpdate: string | null;
}

/** A rated answer as a person may read it. */
export interface RatedText {
  readonly question: string;
  readonly answer: string;
  readonly up: number;
  readonly down: number;
}

/** Two policies on the same questions of a kind. Accuracies are fractions. */
export interface GateComparison {
  readonly version: number;
  readonly accuracy: number;
  readonly onlyCandidate: number;
  readonly onlyOpponent: number;
  readonly difference: number;
  /** One-sided, 90 %. */
  readonly lowerBound: number;
}

export interface GateKind {
  readonly kind: string;
  readonly total: number;
  /** Accuracy. */
  readonly candidate: number;
  readonly opponents: readonly GateComparison[];
}

/** What a candidate's gate found. */
export interface GateReport {
  readonly passed: boolean;
  /** Why it was refused. */
  readonly reasons: readonly string[];
  readonly summary: string;
  readonly kinds: readonly GateKind[];
  readonly overall: GateKind;
  readonly ms: number;
}

/** What a run leaves behind beside its steps. */
export interface RunReport {
  readonly rated?: RatedFigures;
  /** Mean reward in the first and in the last step. */
  readonly rewardBefore?: number;
  readonly rewardAfter?: number;
  /** Share of the gate's questions that are answered. */
  readonly gateDone?: number;
  readonly gate?: GateReport;
}

/** A run of training as people see it. */
export interface RunSummary {
  readonly runId: string;
  readonly kind: RunKind;
  readonly status: RunStatus;
  readonly reason: string | null;
  readonly parent: number;
  /** The candidate that it made. */
  readonly policyVersion: number | null;
  readonly steps: number;
  readonly startedAt: string;
  readonly endedAt: string | null;
}

export interface RunDetail extends RunSummary {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly report: RunReport;
  readonly metrics: readonly StepMetrics[];
}
