import type { PastQuestion } from '../../src/domain/ports.ts';
import type { Puzzle } from '../../src/domain/puzzle.ts';
import type { ToolMetadata } from '../../src/domain/tool.ts';
import type { PlannerRecord, StopReason, Turn, Verdict } from '../../src/domain/trajectory.ts';

/** Something in the question that an action can name: a number, a unit, a place, a date, … */
export interface Entity {
  /** 1 for the first entity of the question. */
  readonly slot: number;
  /** The family's own word, e.g. `number`, `unit`, `place`. */
  readonly kind: string;
  /** Where it stands in the question's text, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** The canonical value that goes into a command. */
  readonly value: string;
}

/** What the query analysis, run once a question, hands to the other agents. */
export interface Analysis {
  /** The question or the analysis in the words that the planner's prompt shows. */
  readonly text: string;
  readonly entities: readonly Entity[];
  /** The numbers and the target, when the question is a number puzzle: `combine` plays with them. */
  readonly puzzle?: Puzzle;
}

/** What every agent sees. */
export interface FlowState {
  /** The question as the person wrote it. */
  readonly question: string;
  readonly askedAt: Date;
  /** The person's IANA time zone. */
  readonly zone: string;
  /** Earlier questions of the conversation, oldest first. */
  readonly past: readonly PastQuestion[];
  readonly tools: readonly ToolMetadata[];
  /** Committed turns of this trajectory, oldest first: the memory. */
  readonly turns: readonly Turn[];
  /** Turns that the budget still allows, this one included. */
  readonly turnsLeft: number;
  /** Of the trajectory; an agent that samples derives its own from this and the turn's number. */
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** The state once the question has been analysed. */
export interface AnalysedState extends FlowState {
  readonly analysis: Analysis;
}

/** The planner's choice for the next turn. */
export interface PlannedAction {
  readonly subGoal: string;
  /** A tool's name, as the planner wrote it; it may not exist. */
  readonly tool: string;
  /** What the executor makes the command from: for the starter the arguments with slots, otherwise context in prose. */
  readonly context: string;
  /** True when the planner takes this to be the last action needed. */
  readonly final: boolean;
}

/** What one call of the planner gave: an action, or output that could not be read as one. */
export type Plan = {
  /** The tokens, for training; null for a planner that is not a model of ours. */
  readonly record: PlannerRecord | null;
} & (
  | { readonly action: PlannedAction; readonly problem?: undefined }
  | {
      readonly action?: undefined;
      /** Why the output could not be read, in words that help the planner. */
      readonly problem: string;
      /** The output as far as it is text. */
      readonly text: string;
    }
);

/** A turn before the verifier has seen it. */
export type UnverifiedTurn = Omit<Turn, 'verdict' | 'reason' | 'ms'>;

export interface Verification {
  readonly verdict: Verdict;
  /** In a few words. */
  readonly reason: string;
}

/** The four agents of a family, with the query analysis that precedes them. They may throw only when generation fails or on abort. */
export interface Agents {
  analyse(state: FlowState): Promise<Analysis>;
  /** The planner: the only agent that is trained. */
  plan(state: AnalysedState): Promise<Plan>;
  /**
   * The executor: the command for the chosen tool.
   * @throws ToolError when the action cannot be made a command, e.g. it names a slot that does not exist
   */
  execute(state: AnalysedState, action: PlannedAction, tool: ToolMetadata): Promise<string>;
  /** Sees the newest turn beside the memory, which does not hold it yet; `plan` is what led to it. */
  verify(state: AnalysedState, turn: UnverifiedTurn, plan: Plan): Promise<Verification>;
  /** The final answer; when `stopReason` is not `verified` it says plainly what was not reached. Never empty. */
  generate(state: AnalysedState, stopReason: StopReason): Promise<string>;
}

/** Token generation as it is handed to the agents; an `Engine`'s `generate` fits. */
export type Generate = (request: {
  readonly ids: readonly number[];
  readonly maxTokens: number;
  readonly temperature: number;
  readonly seed: number;
  readonly stopIds: readonly number[];
  readonly signal?: AbortSignal;
}) => Promise<{
  readonly ids: readonly number[];
  readonly logprobs: readonly number[];
  readonly finishReason: 'stop' | 'length';
}>;
