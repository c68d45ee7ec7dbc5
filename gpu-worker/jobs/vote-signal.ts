import { createRng, shuffled } from '../tasks/random.ts';
import type { FlowGrpoTrainer } from '../train/flow-grpo.ts';
import { groupedBy } from '../train/flow-grpo-groups.ts';
import { innerProduct } from '../train/sketch.ts';
import { type RatedMember, weighed } from './retrain-groups.ts';

/** An answer to a question that people rated, with the trajectories that come to it. */
interface RatedUnit {
  readonly reward: number;
  readonly members: readonly RatedMember[];
}

/** Dealings of the rewards that the real one is compared with. */
const DEALINGS = 999;

/** Votes whose chance is above this teach nothing: of a hundred teams that vote at random, one is learnt from. */
export const MOST_CHANCE = 0.01;

/**
 * How probable it is that votes without a preference would pull the policy as much in one direction as these do. A permutation
 * test: the rewards are dealt out anew over the rated answers, and what is compared is Σ_{u≠v} A_u A_v ⟨g_u, g_v⟩, the squared length of
 * the policy gradient less what each answer contributes by itself; A are the advantages, g_u the gradient that answer u gives for an
 * advantage of 1. A preference for what the policy can do otherwise adds up over the answers, votes at random cancel out.
 * @param questions the trajectories of each; those that nobody rated do not count
 * @param seed of the dealings
 * @returns in [1 / 1000, 1]; 1 where there is nothing to compare
 */
export async function chanceOfVotes(
  trainer: Pick<FlowGrpoTrainer, 'gradientSketches'>,
  questions: readonly (readonly RatedMember[])[],
  { leastDeviation, seed }: { readonly leastDeviation: number; readonly seed: number },
): Promise<number> {
  const units = questions.map(unitsOf).filter((ofQuestion) => ofQuestion.length > 0);
  const sketches = await trainer.gradientSketches(
    units.flatMap((ofQuestion) => {
      const weight = 1 / ofQuestion.reduce((sum, { members }) => sum + members.length, 0);
      return ofQuestion.map(({ members }) => members.map((member) => ({ ...member, advantage: 1, weight })));
    }),
  );
  const products = sketches.map((a, u) => sketches.map((b, v) => (u === v ? 0 : innerProduct(a, b))));
  const pull = (rewards: readonly number[]): number => {
    const A = advantagesOf(units, rewards, leastDeviation);
    return products.reduce(
      (sum, row, u) => sum + (A[u] as number) * row.reduce((s, p, v) => s + p * (A[v] as number), 0),
      0,
    );
  };
  const rewards = units.flat().map(({ reward }) => reward);
  const real = pull(rewards);
  // Equal sums may differ in their last bits.
  const least = real - 1e-9 * Math.abs(real);
  const rng = createRng(seed);
  const dealings = Array.from({ length: DEALINGS }, () => pull(shuffled(rng, rewards)));
  return (1 + dealings.filter((dealt) => dealt >= least).length) / (1 + DEALINGS);
}

/** The rated answers of a question. */
const unitsOf = (members: readonly RatedMember[]): RatedUnit[] =>
  groupedBy(
    members.filter(({ reward }) => reward !== null),
    ({ answer }) => answer,
  ).map((same) => ({ reward: same[0]?.reward ?? 0, members: same }));

/** The advantage of each rated answer, were these their rewards. */
function advantagesOf(
  units: readonly (readonly RatedUnit[])[],
  rewards: readonly number[],
  leastDeviation: number,
): number[] {
  const left = rewards.values();
  const dealt = units.map((ofQuestion) =>
    ofQuestion.flatMap(({ members }) => {
      const reward = left.next().value ?? 0;
      return members.map((member) => ({ ...member, reward }));
    }),
  );
  return weighed(dealt, leastDeviation).flatMap((group, q) => {
    let next = 0;
    return (units[q] ?? []).map(({ members }) => {
      const advantage = group.members[next]?.advantage ?? 0;
      next += members.length;
      return advantage;
    });
  });
}
