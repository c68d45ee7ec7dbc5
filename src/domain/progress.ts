import type { Turn } from './trajectory.ts';

/** An answer as a person gets it. */
export interface Answer {
  readonly questionId: string;
  readonly answerId: string;
  readonly answer: string;
  readonly conversationId: string;
  readonly policyVersion: number;
  readonly stopReason: string;
  readonly turns: readonly PublicTurn[];
  /** From the moment the question was stored to the answer. */
  readonly ms: number;
}

/** A turn without the planner's tokens. */
export type PublicTurn = Omit<Turn, 'planner' | 'reason'>;

/** What happens to a question, in order; the last value is `answered`, `cancelled` or `failed`. */
export type Progress =
  | { readonly type: 'queued'; readonly questionId: string }
  | { readonly type: 'started'; readonly questionId: string; readonly policyVersion: number }
  | { readonly type: 'turn'; readonly questionId: string; readonly turn: PublicTurn }
  | { readonly type: 'answered'; readonly questionId: string; readonly answer: Answer }
  | { readonly type: 'cancelled'; readonly questionId: string }
  | { readonly type: 'failed'; readonly questionId: string; readonly message: string };
