import type { Votes } from '../../src/domain/reward.ts';
import { createRng, type Rng } from '../tasks/random.ts';
import type { FlowGrpoTrainer } from '../train/flow-grpo.ts';
import { groupedBy } from '../train/flow-grpo-groups.ts';
import { innerProduct } from '../train/sketch.ts';
import { type RatedMember, ratedAdvantages } from './retrain-groups.ts';

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
 * How probable it is that votes at random would agree with each other on the answers as much as these do. A permutation test of homogeneity:
 * the single votes are dealt out anew over the answers, each getting as many as it has; what is compared is Σ_a (up_a − n_a p)² / n_a. One vote
 * an answer says nothing of agreement: 1.
 * @returns in [1 / 1000, 1]
 */
export function chanceOfAgreement(rated: readonly Votes[], seed: number): number {
  const counts = rated.map(({ up, down }) => up + down);
  const votes = rated.flatMap(({ up, down }) => [...Array<number>(up).fill(1), ...Array<number>(down).fill(0)]);
  const p = votes.reduce((a, b) => a + b, 0) / votes.length;
  const spread = (): number => {
    let next = 0;
    return counts.reduce((sum, n) => {
      let up = 0;
      for (const end = next + n; next < end; next += 1) up += votes[next] as number;
      return n === 0 ? sum : sum + (up - n * p) ** 2 / n;
    }, 0);
  };
  const real = spread();
  const rng = createRng(seed);
  return chanceOf(real, () => {
    shuffle(rng, votes);
    return spread();
  });
}

/**
 * How probable it is that votes without a preference would pull the policy as much in one direction as these do. A permutation
 * test: the rewards are dealt out anew over the rated answers, and what is compared is Σ_{u≠v} A_u A_v ⟨g_u, g_v⟩, the squared length of
 * the policy gradient less what each answer contributes by itself; A are the advantages, g_u the gradient that answer u gives for an
 * advantage of 1. A preference for what the policy can do otherwise adds up over the answers, votes at random cancel out.
 * @param questions the trajectories of each; those that nobody rated do not count
 * @param seed of the dealings
 * @returns in [1 / 1000, 1]; 1 where there is nothing to compare
 */
export async function chanceOfPull(
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
  const products = sketches.map((a) => Float64Array.from(sketches, (b) => (a === b ? 0 : innerProduct(a, b))));
  const pull = (rewards: readonly number[]): number => {
    const A = advantagesOf(units, rewards, leastDeviation);
    let sum = 0;
    products.forEach((row, u) => {
      const A_u = A[u] as number;
      for (let v = 0; v < row.length; v += 1) sum += A_u * (A[v] as number) * (row[v] as number);
    });
    return sum;
  };
  const rewards = units.flat().map(({ reward }) => reward);
  const real = pull(rewards);
  const rng = createRng(seed);
  return chanceOf(real, () => {
    shuffle(rng, rewards);
    return pull(rewards);
  });
}

/** The share of dealings, the real one among them, that come to as much. */
function chanceOf(real: number, deal: () => number): number {
  // Equal sums may differ in their last bits.
  const least = real - 1e-9 * Math.abs(real);
  const dealt = Array.from({ length: DEALINGS }, deal);
  return (1 + dealt.filter((value) => value >= least).length) / (1 + DEALINGS);
}

/** Fisher and Yates', in place. */
function shuffle(rng: Rng, list: number[]): void {
  for (let i = list.length - 1; i > 0; i -= 1) {
    const j = Math.floor(rng.next() * (i + 1));
    [list[i], list[j]] = [list[j] as number, list[i] as number];
  }
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
  let next = 0;
  const dealt = units.map((ofQuestion) =>
    ofQuestion.flatMap(({ members }) => {
      const reward = rewards[next] as number;
      next += 1;
      return members.map(() => reward);
    }),
  );
  return ratedAdvantages(dealt, leastDeviation).flatMap((ofMembers, q) => {
    let member = 0;
    return (units[q] ?? []).map(({ members }) => {
      const advantage = ofMembers[member] as number;
      member += members.length;
      return advantage;
    });
  });
}
