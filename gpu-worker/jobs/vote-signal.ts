import { rewardOf, type Votes } from '../../src/domain/reward.ts';
import { createRng, type Rng } from '../tasks/random.ts';
import type { FlowGrpoTrainer } from '../train/flow-grpo.ts';
import { groupedBy } from '../train/flow-grpo-groups.ts';
import { innerProduct } from '../train/sketch.ts';
import { TrainError } from '../train/train-error.ts';
import { type RatedMember, ratedAdvantages } from './retrain-groups.ts';

/** An answer to a question that people rated, with the trajectories that come to it. */
interface RatedUnit {
  readonly votes: Votes;
  readonly members: readonly RatedMember[];
  /** Of all the question's trajectories, what one counts. */
  readonly weight: number;
}

/** How probable it is that votes at random, which do not depend on the answer, come to as much as the real ones; each in [1 / 1000, 1]. */
export interface VoteChances {
  /** That they pull the policy as far in one direction. */
  readonly pull: number;
  /** That they agree with each other on the answers as much; 1 where no answer has two votes. */
  readonly agreement: number;
}

/** Dealings of the votes that the real one is compared with. */
const DEALINGS = 999;

/** A run whose votes are more probable than this by chance teaches nothing. */
export const MOST_CHANCE = 0.01;

/** Two tests, each of which may be passed by chance (Bonferroni). */
export const chanceOf = ({ pull, agreement }: VoteChances): number => Math.min(1, 2 * Math.min(pull, agreement));

/**
 * Permutation tests of votes: the single votes are dealt out anew over the rated answers, each getting as many as it has.
 *
 * Pull: Σ_{v<u} A_u A_v ⟨g_u, g_v⟩, half the squared length of the policy gradient less what each answer contributes by itself; A are the advantages, g_u
 * the gradient that answer u gives for an advantage of 1. A preference for what the policy can do otherwise adds up over the
 * answers, votes at random cancel out; it shows with one vote an answer too. Agreement: Σ_u (up_u − n_u p)² / n_u, the statistic of homogeneity.
 * @param questions the trajectories of each; answers that nobody rated are not dealt to
 * @param seed of the dealings
 * @throws TrainError for a gradient that is no number
 */
export async function chancesOfVotes(
  trainer: Pick<FlowGrpoTrainer, 'gradientSketches'>,
  questions: readonly (readonly RatedMember[])[],
  { leastDeviation, seed }: { readonly leastDeviation: number; readonly seed: number },
): Promise<VoteChances> {
  const units = questions.map(unitsOf).filter((ofQuestion) => ofQuestion.length > 0);
  const sketches = await trainer.gradientSketches(
    units.flat().map(({ members, weight }) => members.map((member) => ({ ...member, advantage: 1, weight }))),
  );
  const products = sketches.map((a, u) => Float64Array.from(sketches.slice(0, u), (b) => innerProduct(a, b)));
  const pullOf = (votes: readonly Votes[]): number => {
    const A = advantagesOf(units, votes.map(rewardOf), leastDeviation);
    let sum = 0;
    products.forEach((row, u) => {
      const A_u = A[u] as number;
      for (let v = 0; v < row.length; v += 1) sum += A_u * (A[v] as number) * (row[v] as number);
    });
    return sum;
  };
  const real = units.flat().map(({ votes }) => votes);
  const [pull, agreement] = [pullOf(real), agreementOf(real)];
  if (!Number.isFinite(pull))
    throw new TrainError(
      'TRAINING_DIVERGED',
      'the gradient of a rated answer is no number',
      'Roll back to an earlier policy.',
    );
  const rng = createRng(seed);
  const single = real.flatMap(({ up, down }) => [...Array<number>(up).fill(1), ...Array<number>(down).fill(0)]);
  const reached = { pull: 1, agreement: 1 };
  for (let dealing = 0; dealing < DEALINGS; dealing += 1) {
    shuffle(rng, single);
    const dealt = dealtLike(real, single);
    if (pullOf(dealt) >= leastOf(pull)) reached.pull += 1;
    if (agreementOf(dealt) >= leastOf(agreement)) reached.agreement += 1;
  }
  return { pull: reached.pull / (1 + DEALINGS), agreement: reached.agreement / (1 + DEALINGS) };
}

/** Equal sums may differ in their last bits. */
const leastOf = (value: number): number => value - 1e-9 * Math.abs(value);

function agreementOf(votes: readonly Votes[]): number {
  const [up, n] = votes.reduce(([u, all], vote) => [u + vote.up, all + vote.up + vote.down], [0, 0]);
  const p = up / n;
  return votes.reduce((sum, vote) => {
    const of = vote.up + vote.down;
    return of === 0 ? sum : sum + (vote.up - of * p) ** 2 / of;
  }, 0);
}

/** The single votes, each answer getting as many as it has. */
function dealtLike(votes: readonly Votes[], single: readonly number[]): Votes[] {
  let next = 0;
  return votes.map(({ up, down }) => {
    let dealtUp = 0;
    for (const end = next + up + down; next < end; next += 1) dealtUp += single[next] as number;
    return { up: dealtUp, down: up + down - dealtUp };
  });
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
  groupedBy(members, ({ answer }) => answer).flatMap((same) => {
    const votes = same[0]?.votes ?? null;
    return votes === null ? [] : [{ votes, members: same, weight: 1 / members.length }];
  });

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
