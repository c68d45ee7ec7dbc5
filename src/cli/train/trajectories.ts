import { z } from 'zod';
import type { LoadedModel } from '../../../gpu-worker/models/model.ts';
import type { RewardedTrajectory } from '../../../gpu-worker/train/flow-grpo-groups.ts';
import { groupedBy } from '../../../gpu-worker/train/flow-grpo-groups.ts';
import { InputError } from '../../errors.ts';
import { readRecords } from '../json-lines.ts';
import { checkTokens } from '../training/tokens.ts';

const name = z.union([z.string().min(1), z.number()], { error: 'it must be a text or a number' });
const ids = z.array(z.number().int().min(0)).min(1, 'at least one token is needed');
// Rounding may leave the log-probability of a certain token slightly above 0.
const logProbability = z.number().max(1e-3, 'a log-probability is at most 0');

const record = z.object({
  group: name,
  trajectory: name,
  reward: z.number(),
  turns: z
    .array(
      z
        .object({ prompt_ids: ids, action_ids: ids, old_logprobs: z.array(logProbability) })
        .refine(
          ({ action_ids, old_logprobs }) => action_ids.length === old_logprobs.length,
          'action_ids and old_logprobs differ in length',
        ),
    )
    .min(1, 'at least one turn is needed'),
});

const form =
  '{"group": "q1", "trajectory": "q1-0", "reward": 1, "turns": [{"prompt_ids": [1, 2], "action_ids": [3], "old_logprobs": [-0.7]}]}';

/**
 * The trajectories of each group, groups in the order of their first appearance.
 * @throws InputError for lines of another form, trajectories that appear twice, tokens that the model does not have
 */
export async function readGroups(file: string, model: LoadedModel): Promise<RewardedTrajectory[][]> {
  const records = await readRecords(file, record, form);
  const seen = new Set<string>();
  for (const { group, trajectory, turns } of records) {
    const where = `${file}, trajectory ${trajectory} of group ${group}`;
    const key = JSON.stringify([group, trajectory]);
    if (seen.has(key)) throw new InputError('TRAJECTORY_TWICE', `${where} appears twice`, 'Leave one of them out.');
    seen.add(key);
    turns.forEach(({ prompt_ids, action_ids }, i) => {
      checkTokens([...prompt_ids, ...action_ids], model, `${where}, turn ${i + 1}`);
    });
  }
  return groupedBy(records, ({ group }) => group).map((group) =>
    group.map(({ reward, turns }) => ({
      reward,
      turns: turns.map(({ prompt_ids, action_ids, old_logprobs }) => ({
        promptIds: prompt_ids,
        actionIds: action_ids,
        oldLogProbabilities: old_logprobs,
      })),
    })),
  );
}
