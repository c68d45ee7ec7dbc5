import type { Gap } from './action-scores.ts';
import { type LearningStep, mean } from './learning-run.ts';
import { hasVariance, type RolledGroup } from './practice-groups.ts';
import type { Rollout } from './rollouts.ts';
import type { SourceFigures } from './trajectory-source.ts';

/** What `practice` tells of a step. Shares are fractions of 1. */
export interface PracticeFigures extends SourceFigures {
  /** Mean reward of the rollouts of questions of other kinds. */
  readonly mixedReward: number;
  /** Share of the practised questions that at least one rollout answered rightly. */
  readonly solvedByAny: number;
  /** Turns with an error / turns, of the practised questions. */
  readonly toolErrorRate: number;
  readonly meanTurns: number;
}

/** A step of `practice`, as it is stored. */
export type PracticeStep = LearningStep<PracticeFigures>;

const total = (rollouts: readonly Rollout[], of: (rollout: Rollout) => number): number =>
  rollouts.reduce((sum, rollout) => sum + of(rollout), 0);

export function practiceFigures(groups: readonly RolledGroup[], gap: Gap): PracticeFigures {
  const practised = groups.filter(({ isMixed }) => !isMixed);
  const own = practised.flatMap(({ rollouts }) => rollouts);
  const all = groups.flatMap(({ rollouts }) => rollouts);
  const mixed = groups.filter(({ isMixed }) => isMixed).flatMap(({ rollouts }) => rollouts);
  const turns = total(own, (rollout) => rollout.turns.length);
  return {
    reward: mean(own.map(({ reward }) => reward)),
    mixedReward: mean(mixed.map(({ reward }) => reward)),
    solvedByAny: mean(practised.map(({ rollouts }) => (rollouts.some(({ reward }) => reward === 1) ? 1 : 0))),
    toolErrorRate: turns === 0 ? 0 : total(own, ({ toolErrors }) => toolErrors) / turns,
    meanTurns: own.length === 0 ? 0 : turns / own.length,
    droppedGroups: groups.filter(({ rollouts }) => !hasVariance(rollouts)).length,
    gap,
    rollouts: all.length,
    tokens: total(all, ({ actionTokens }) => actionTokens),
  };
}
