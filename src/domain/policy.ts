import type { GateReport } from './training.ts';

/** Where a policy version stands. `live` is derived from the promotions log, it is not stored. */
export type PolicyStatus = 'live' | 'candidate' | 'refused' | 'retired';

/** An immutable policy version as people see it. */
export interface PolicySummary {
  /** 0 is the base model without training of the workspace's own. */
  readonly version: number;
  readonly status: PolicyStatus;
  readonly parent: number | null;
  readonly baseModel: string;
  /** `base`: the base model itself; `lora`; `full`. */
  readonly kind: 'base' | 'lora' | 'full';
  readonly createdAt: string;
  readonly promotedAt: string | null;
  readonly reason: string | null;
}

/** A row of the log of promotions. */
export interface Promotion {
  readonly version: number;
  readonly reason: string;
  /** The run whose gate let it through; null when a person did it. */
  readonly runId: string | null;
  readonly promotedAt: string;
}

/** What a gate measured of a version. Accuracy is a fraction. */
export interface PolicyEvaluation {
  readonly benchmark: string;
  readonly accuracy: number;
  readonly correct: number;
  readonly total: number;
  readonly runId: string | null;
  readonly evaluatedAt: string;
}

/** `none`: it has not been through its gate, or, as version 0, needs none. */
export type GateOutcome = 'none' | 'passed' | 'refused';

export interface PolicyDetail extends PolicySummary {
  readonly gate: GateOutcome;
  readonly gateReport: GateReport | null;
  /** The run that made it. */
  readonly runId: string | null;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Newest first. */
  readonly evaluations: readonly PolicyEvaluation[];
  /** When and why it was made live, newest first. */
  readonly promotions: readonly Promotion[];
}

export interface PromotionWish {
  readonly workspaceId: string;
  readonly version: number;
  /** Without a gate's pass. */
  readonly force: boolean;
  /** Why; null: that a person wanted it. */
  readonly reason: string | null;
}

export interface RollbackWish {
  readonly workspaceId: string;
  readonly reason: string | null;
}

export interface PromotionReceipt {
  /** The version that answers the next question. */
  readonly version: number;
  /** The one that did before. */
  readonly previous: number;
  readonly reason: string;
}

/**
 * The versions to go back to, the live one last: the log of promotions with every return to the version before undone.
 * @param log the versions made live, oldest first
 */
export function liveStack(log: readonly number[]): number[] {
  const stack = [0];
  for (const version of log) {
    if (version === stack.at(-2)) stack.pop();
    else if (version !== stack.at(-1)) stack.push(version);
  }
  return stack;
}
