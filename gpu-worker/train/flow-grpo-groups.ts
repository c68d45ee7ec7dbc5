/** One planner turn: what it saw and what it wrote. */
export interface PlannerTurn {
  readonly promptIds: readonly number[];
  /** With the stop token. At least one. */
  readonly actionIds: readonly number[];
  /** Of the action's tokens, at the temperature they were sampled with. */
  readonly oldLogProbabilities: readonly number[];
}

export interface RewardedTrajectory {
  /** In [0, 1], for the whole trajectory. */
  readonly reward: number;
  readonly turns: readonly PlannerTurn[];
}

/** A trajectory with what the objective needs of its group. */
export interface GroupMember {
  /** A_i */
  readonly advantage: number;
  /** 1 / (N · G) */
  readonly weight: number;
  /** In place of the settings' dual clip: for trajectories that another policy sampled. */
  readonly dualClip?: number;
  /** Only holds the policy to the reference: no entropy bonus, which its weight would multiply. */
  readonly isAnchor?: boolean;
  readonly turns: readonly PlannerTurn[];
}

export interface Groups {
  readonly members: readonly GroupMember[];
  readonly kept: number;
  readonly dropped: number;
}

const advantageEpsilon = 1e-6;

/**
 * A_i = (R_i − mean R) / (std R + 1e-6) with the population's standard deviation (arXiv 2510.05592, section 3.2). A group
 * whose rewards are all equal teaches nothing: null.
 * @param leastDeviation a standard deviation under it counts as this: small differences stay smaller
 */
export function groupAdvantages(rewards: readonly number[], leastDeviation = 0): number[] | null {
  // Compared, not computed: the mean of equal numbers may differ from them in the last bit.
  if (rewards.every((reward) => reward === rewards[0])) return null;
  const G = rewards.length;
  const mean = rewards.reduce((sum, R) => sum + R, 0) / G;
  const std = Math.sqrt(rewards.reduce((sum, R) => sum + (R - mean) ** 2, 0) / G);
  return rewards.map((R) => (R - mean) / (Math.max(std, leastDeviation) + advantageEpsilon));
}

/** Advantages over each group's trajectories. Groups without variance are dropped: they count neither in the sum nor in N. */
export function weighGroups(groups: readonly (readonly RewardedTrajectory[])[]): Groups {
  const kept = groups.flatMap((trajectories) => {
    const advantages = groupAdvantages(trajectories.map(({ reward }) => reward));
    return advantages === null ? [] : [{ trajectories, advantages }];
  });
  const N = kept.length;
  const members = kept.flatMap(({ trajectories, advantages }) =>
    trajectories.map(({ turns }, i) => ({
      advantage: advantages[i] as number,
      weight: 1 / (N * trajectories.length),
      turns,
    })),
  );
  return { members, kept: N, dropped: groups.length - N };
}

/** The values of one key together, in the order of their first appearance. */
export function groupedBy<T, K>(items: Iterable<T>, keyOf: (item: T) => K): T[][] {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return [...groups.values()];
}
