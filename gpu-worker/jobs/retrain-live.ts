import type { RatedAnswer } from '../../src/domain/reward.ts';
import type { FlowGrpoTrainer } from '../train/flow-grpo.ts';
import type { PlannerTurn } from '../train/flow-grpo-groups.ts';

/** Mean ratios between which a trajectory is near enough to the policy to be learnt from. */
const NEAR = { least: 0.5, most: 2 } as const;

/** What a live trajectory must be to be learnt from. */
export interface LiveTerms {
  /** The version that training starts from. */
  readonly parentVersion: number;
  readonly mostVersionsBack: number;
  readonly temperature: number;
  /** Of the model, which may be another than the one that sampled. */
  readonly vocabSize: number;
  /** Tokens of a turn with its prompt. */
  readonly maxLength: number;
}

/**
 * The live trajectories that may be learnt from, with their recorded log-probabilities: sampled at the temperature of
 * training, by a policy that is neither too old nor, under the present weights, too far away.
 */
export async function nearEnough(
  trainer: FlowGrpoTrainer,
  live: readonly RatedAnswer[],
  terms: LiveTerms,
): Promise<Map<RatedAnswer, PlannerTurn[]>> {
  const recorded = live.flatMap((answer) => {
    const turns = plannerTurns(answer, terms);
    return turns === undefined ? [] : [{ answer, turns }];
  });
  const scores = await trainer.score(recorded.map(({ turns }) => turns));
  return new Map(
    recorded.flatMap(({ answer, turns }, i) => {
      const ratio = meanRatio(turns, scores[i] ?? []);
      return ratio >= NEAR.least && ratio <= NEAR.most ? [[answer, turns] as const] : [];
    }),
  );
}

function plannerTurns({ turns, policyVersion }: RatedAnswer, terms: LiveTerms): PlannerTurn[] | undefined {
  if (Math.abs(terms.parentVersion - policyVersion) > terms.mostVersionsBack) return undefined;
  const records = turns.flatMap(({ planner }) => (planner === null ? [] : [planner]));
  const isReadable = records.every(
    ({ promptIds, actionIds, temperature }) =>
      temperature === terms.temperature &&
      actionIds.length > 0 &&
      promptIds.length + actionIds.length <= terms.maxLength &&
      [...promptIds, ...actionIds].every((id) => id < terms.vocabSize),
  );
  if (records.length === 0 || records.length < turns.length || !isReadable) return undefined;
  return records.map(({ promptIds, actionIds, logprobs }) => ({ promptIds, actionIds, oldLogProbabilities: logprobs }));
}

/** The mean over a trajectory's tokens of ρ = exp(ℓ − ℓ_old). */
function meanRatio(turns: readonly PlannerTurn[], scores: readonly ArrayLike<number>[]): number {
  const ratios = turns.flatMap(({ oldLogProbabilities }, t) =>
    oldLogProbabilities.map((old, j) => Math.exp((scores[t]?.[j] ?? Number.NaN) - old)),
  );
  return ratios.reduce((sum, ρ) => sum + ρ, 0) / ratios.length;
}
