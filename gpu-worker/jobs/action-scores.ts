import type { FlowGrpoTrainer } from '../train/flow-grpo.ts';
import type { PlannerTurn } from '../train/flow-grpo-groups.ts';

/** |log p by the engine − log p by the trainer| over tokens. */
export interface Gap {
  readonly mean: number;
  readonly largest: number;
}

/**
 * Trajectories with ℓ_old by the trainer in place of the engine's. The engine's last bits depend on what else it decodes at
 * the moment; without them equal runs come to equal weights, and the ratio of the first update is 1.
 */
export async function rescored(
  trainer: FlowGrpoTrainer,
  trajectories: readonly (readonly PlannerTurn[])[],
): Promise<{ trajectories: PlannerTurn[][]; gap: Gap }> {
  const scores = await trainer.score(trajectories);
  const meter = gapMeter();
  const scored = trajectories.map((turns, i) =>
    turns.map((turn, t) => {
      const oldLogProbabilities = [...(scores[i]?.[t] ?? [])];
      meter.add(turn.oldLogProbabilities, oldLogProbabilities);
      return { ...turn, oldLogProbabilities };
    }),
  );
  return { trajectories: scored, gap: meter.gap() };
}

/** Measures the gap between the two, turn by turn. */
function gapMeter() {
  let [tokens, sum, largest] = [0, 0, 0];
  return {
    add(engine: readonly number[], trainer: readonly number[]): void {
      engine.forEach((logProbability, j) => {
        const difference = Math.abs(logProbability - (trainer[j] ?? Number.NaN));
        tokens += 1;
        sum += difference;
        largest = Math.max(difference, largest);
      });
    },
    gap: (): Gap => ({ mean: tokens === 0 ? 0 : sum / tokens, largest }),
  };
}
