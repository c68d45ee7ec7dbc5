import { type GroupMember, type Groups, groupAdvantages, weighGroups } from '../train/flow-grpo-groups.ts';
import type { Rollout } from './rollouts.ts';

/** A question's rollouts. */
export interface RolledGroup {
  /** Of another kind than the one that is practised. */
  readonly isMixed: boolean;
  readonly rollouts: readonly Rollout[];
}

/** Members that a group without variance lends as anchors, and what all anchors weigh beside the groups that teach. */
const ANCHORS_A_GROUP = 2;
const ANCHOR_WEIGHT = 10;

/**
 * One update's groups for each minibatch. Groups without variance are dropped; of the mixed ones among them that were answered
 * rightly, a few members stay as anchors: without an advantage only the KL term counts, which holds the policy to the reference there.
 * @param order in which groups are dealt out, each index once
 */
export function minibatches(groups: readonly RolledGroup[], order: readonly number[], count: number): Groups[] {
  const shuffled = order.flatMap((index) => groups[index] ?? []);
  const teaching = shuffled.filter(({ rollouts }) => hasVariance(rollouts));
  const anchors = shuffled.filter(isAnchor).flatMap(({ rollouts }) => rollouts.slice(0, ANCHORS_A_GROUP));
  const share = <T>(list: readonly T[], part: number) => list.filter((_, index) => index % count === part);
  const parts = Math.min(count, teaching.length);
  return Array.from({ length: parts }, (_, part) => {
    const weighed = weighGroups(share(teaching, part).map(({ rollouts }) => rollouts));
    const held = share(anchors, part).filter(({ turns }) => turns.length > 0);
    const weight = ANCHOR_WEIGHT / held.length;
    const still = held.map(({ turns }): GroupMember => ({ advantage: 0, weight, turns, isAnchor: true }));
    return { ...weighed, members: [...weighed.members, ...still] };
  });
}

export const hasVariance = (rollouts: readonly Rollout[]): boolean =>
  groupAdvantages(rollouts.map(({ reward }) => reward)) !== null;

const isAnchor = ({ isMixed, rollouts }: RolledGroup): boolean =>
  isMixed && !hasVariance(rollouts) && rollouts[0]?.reward === 1;

/** Whether an update reads the group at all. */
export const isLearnt = (group: RolledGroup): boolean => hasVariance(group.rollouts) || isAnchor(group);
