import type { FlowGrpoTrainer } from '../train/flow-grpo.ts';
import type { Groups } from '../train/flow-grpo-groups.ts';
import type { Gap } from './action-scores.ts';
import type { PolicyEngines } from './policy-engines.ts';

export type Phase = 'rollouts' | 'scoring' | 'learning' | 'loading';

/** What a source tells of a step's trajectories. Shares are fractions of 1. */
export interface SourceFigures {
  /** Mean reward of what is practised. */
  readonly reward: number;
  /** Groups whose rewards were all equal. */
  readonly droppedGroups: number;
  readonly gap: Gap;
  readonly rollouts: number;
  /** That the planner wrote. */
  readonly tokens: number;
}

/** A step's trajectories, weighed: an update for each of `batches`. */
export interface Collected<Figures extends SourceFigures> {
  readonly batches: readonly Groups[];
  readonly figures: Figures;
}

/** What a source works with. */
export interface Workshop {
  readonly engines: PolicyEngines;
  readonly trainer: FlowGrpoTrainer;
  /** Counts the milliseconds since the last call, or since the step began, as this phase's. */
  readonly endPhase: (phase: Phase) => void;
  readonly signal?: AbortSignal;
}

/** Where a run's trajectories come from. Equal states, seeds and weights give equal trajectories. */
export interface TrajectorySource<Figures extends SourceFigures> {
  /** Rolls out with the weights that the engines hold, rewards, and scores by the trainer. @param step from 1 */
  collect(step: number, workshop: Workshop): Promise<Collected<Figures>>;
  /** All that later steps depend on, as a JSON value. */
  state(): unknown;
  restore(state: unknown): void;
}
