import type { FlowGrpoStep } from '../train/flow-grpo.ts';
import { hasVariance, type RolledGroup } from './practice-groups.ts';
import type { Rollout } from './rollouts.ts';

/** A step of `practice`, as `metrics.jsonl` stores it. Shares are fractions of 1, times milliseconds. */
export interface PracticeStep {
  readonly step: number;
  /** Since the run began. */
  readonly updates: number;
  readonly skippedUpdates: number;
  /** Mean reward of the practised questions' rollouts, and of those of other kinds. */
  readonly reward: number;
  readonly mixedReward: number;
  /** Share of the practised questions that at least one rollout answered rightly. */
  readonly solvedByAny: number;
  /** Turns with an error / turns, of the practised questions. */
  readonly toolErrorRate: number;
  readonly meanTurns: number;
  /** Groups whose rewards were all equal. */
  readonly droppedGroups: number;
  /** Means over the step's updates. */
  readonly loss: number;
  readonly kl: number;
  readonly clipFraction: number;
  readonly gradNorm: number;
  readonly entropy: number | null;
  readonly learningRate: number;
  /** |log p by the engine − log p by the trainer| of the tokens that are learnt from, before the step's first update. */
  readonly gap: number;
  readonly largestGap: number;
  readonly rollouts: number;
  /** That the planner wrote. */
  readonly tokens: number;
  /** While rolling out. */
  readonly tokensPerSecond: number;
  readonly phases: Readonly<Record<'rollouts' | 'scoring' | 'learning' | 'loading', number>>;
  readonly ms: number;
  readonly secondsLeft: number;
}

/** |log p by the engine − log p by the trainer| over tokens. */
export interface Gap {
  readonly mean: number;
  readonly largest: number;
}

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((a, b) => a + b, 0) / values.length;
const total = (rollouts: readonly Rollout[], of: (rollout: Rollout) => number): number =>
  rollouts.reduce((sum, rollout) => sum + of(rollout), 0);

export function stepOf(
  groups: readonly RolledGroup[],
  learnt: readonly FlowGrpoStep[],
  gap: Gap,
  phases: PracticeStep['phases'],
  run: {
    readonly step: number;
    readonly updates: number;
    readonly skipped: number;
    readonly learningRate: number;
    /** Share of the run that is over, above 0. */
    readonly done: number;
    readonly elapsedMs: number;
  },
): PracticeStep {
  const practised = groups.filter(({ isMixed }) => !isMixed);
  const own = practised.flatMap(({ rollouts }) => rollouts);
  const all = groups.flatMap(({ rollouts }) => rollouts);
  const mixed = groups.filter(({ isMixed }) => isMixed).flatMap(({ rollouts }) => rollouts);
  const turns = total(own, (rollout) => rollout.turns.length);
  const tokens = total(all, ({ actionTokens }) => actionTokens);
  const entropies = learnt.flatMap(({ entropy }) => (entropy === undefined ? [] : [entropy]));
  return {
    step: run.step,
    updates: run.updates,
    skippedUpdates: run.skipped,
    reward: mean(own.map(({ reward }) => reward)),
    mixedReward: mean(mixed.map(({ reward }) => reward)),
    solvedByAny: mean(practised.map(({ rollouts }) => (rollouts.some(({ reward }) => reward === 1) ? 1 : 0))),
    toolErrorRate: turns === 0 ? 0 : total(own, ({ toolErrors }) => toolErrors) / turns,
    meanTurns: own.length === 0 ? 0 : turns / own.length,
    droppedGroups: groups.filter(({ rollouts }) => !hasVariance(rollouts)).length,
    loss: mean(learnt.map(({ loss }) => loss)),
    kl: mean(learnt.map(({ kl }) => kl)),
    clipFraction: mean(learnt.map(({ clipFraction }) => clipFraction)),
    gradNorm: mean(learnt.map(({ gradNorm }) => gradNorm)),
    entropy: entropies.length === 0 ? null : mean(entropies),
    learningRate: run.learningRate,
    gap: gap.mean,
    largestGap: gap.largest,
    rollouts: all.length,
    tokens,
    tokensPerSecond: (tokens / phases.rollouts) * 1_000,
    phases,
    ms: phases.rollouts + phases.scoring + phases.learning + phases.loading,
    secondsLeft: (run.elapsedMs * (1 - run.done)) / run.done / 1_000,
  };
}
