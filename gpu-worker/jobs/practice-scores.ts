import type { FlowGrpoTrainer } from '../train/flow-grpo.ts';
import { isLearnt, type RolledGroup } from './practice-groups.ts';
import type { Gap } from './practice-metrics.ts';

/**
 * The groups that are learnt from, with ℓ_old by the trainer in place of the engine's. The engine's last bits depend on what else
 * it decodes at the moment; without them equal runs come to equal weights, and the ratio of the first update is 1.
 */
export async function rescored(
  trainer: FlowGrpoTrainer,
  groups: readonly RolledGroup[],
): Promise<{ groups: RolledGroup[]; gap: Gap }> {
  const learnt = groups.filter(isLearnt);
  const scores = await trainer.score(learnt.flatMap(({ rollouts }) => rollouts.map(({ turns }) => turns)));
  let next = 0;
  const meter = gapMeter();
  const scored = groups.map((group): RolledGroup => {
    if (!isLearnt(group)) return group;
    const rollouts = group.rollouts.map((rollout) => {
      const ofRollout = scores[next++] ?? [];
      const turns = rollout.turns.map((turn, t) => {
        const oldLogProbabilities = [...(ofRollout[t] ?? [])];
        meter.add(turn.oldLogProbabilities, oldLogProbabilities);
        return { ...turn, oldLogProbabilities };
      });
      return { ...rollout, turns };
    });
    return { ...group, rollouts };
  });
  return { groups: scored, gap: meter.gap() };
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
