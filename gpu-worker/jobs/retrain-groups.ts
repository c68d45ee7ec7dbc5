import { poolAdvantages, rewardOf, type Votes } from '../../src/domain/reward.ts';
import { type GroupMember, type Groups, groupAdvantages, type PlannerTurn } from '../train/flow-grpo-groups.ts';

/** A trajectory of a rated question. */
export interface RatedMember {
  /** Normalised. */
  readonly answer: string;
  /** On its answer, the same for equal answers of a question; null when nobody rated it. */
  readonly votes: Votes | null;
  readonly turns: readonly PlannerTurn[];
  /** c of the dual clip, for a trajectory that another policy may have sampled. */
  readonly dualClip?: number;
}

/** A question's trajectories with their advantages. */
export interface WeighedGroup {
  readonly members: readonly Omit<GroupMember, 'weight'>[];
}

/**
 * Advantages of a step's questions, each with the rewards of its rated members, at least one. Where people part a question's answers, they are
 * measured by each other; the other questions form the pool, in which each counts as much as another.
 */
export function ratedAdvantages(rewards: readonly (readonly number[])[], leastDeviation: number): number[][] {
  const own = rewards.map((ofQuestion) => groupAdvantages(ofQuestion, leastDeviation));
  // Without variance all of a question's rewards are the same.
  const pool = poolAdvantages(rewards.flatMap(([reward = 0], q) => (own[q] === null ? [reward] : []))).values();
  return rewards.map((ofQuestion, q) => {
    const parted = own[q] ?? null;
    if (parted !== null) return parted;
    const shared = pool.next().value ?? 0;
    return ofQuestion.map(() => shared);
  });
}

/**
 * A step's questions with their advantages. Members that nobody rated have none: for them, as for anchors, only the KL counts.
 * Questions without a rated member are dropped.
 */
export function weighed(questions: readonly (readonly RatedMember[])[], leastDeviation: number): WeighedGroup[] {
  const kept = questions.filter((members) => members.some(({ votes }) => votes !== null));
  const advantages = ratedAdvantages(kept.map(rewardsOf), leastDeviation);
  return kept.map((members, q) => {
    const rated = (advantages[q] ?? []).values();
    return {
      members: members.map(({ votes, turns, dualClip }) => ({
        advantage: votes === null ? 0 : (rated.next().value ?? 0),
        turns,
        ...(dualClip !== undefined && { dualClip }),
      })),
    };
  });
}

const rewardsOf = (members: readonly RatedMember[]): number[] =>
  members.flatMap(({ votes }) => (votes === null ? [] : [rewardOf(votes)]));

/**
 * One update's groups for each minibatch: a share of the questions, each 1/N, and of the anchors, together `anchorWeight`.
 * @param order in which the questions are dealt out, each index once
 */
export function dealtOut(
  groups: readonly WeighedGroup[],
  order: readonly number[],
  anchors: readonly (readonly PlannerTurn[])[],
  settings: { readonly minibatches: number; readonly anchorWeight: number },
): Groups[] {
  const shuffled = order.flatMap((index) => groups[index] ?? []);
  const parts = Math.min(settings.minibatches, shuffled.length);
  const share = <T>(list: readonly T[], part: number) => list.filter((_, index) => index % parts === part);
  return Array.from({ length: parts }, (_, part) => {
    const own = share(shuffled, part);
    const held = share(anchors, part);
    const members = own.flatMap((group) =>
      group.members.map((member) => ({ ...member, weight: 1 / (own.length * group.members.length) })),
    );
    const weight = settings.anchorWeight / held.length;
    const still = held.map((turns) => ({ advantage: 0, weight, turns, isAnchor: true }));
    return { members: [...members, ...still], kept: own.length, dropped: 0 };
  });
}
