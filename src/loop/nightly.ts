import { randomInt } from 'node:crypto';
import { workspacesToRetrain } from '../db/run-queries.ts';
import type { LoopSetting } from './loop.ts';
import { startRetrain } from './train.ts';

/**
 * Opens a run for each workspace with votes that no run has counted; where one is open already, that one does.
 * @throws the first failure, after all have been tried
 */
export async function retrainAll(setting: LoopSetting): Promise<void> {
  const failures: unknown[] = [];
  for (const workspaceId of await workspacesToRetrain(setting.db)) {
    try {
      const { runId, started } = await startRetrain(setting, workspaceId, { by: 'schedule', seed: randomInt(2 ** 31) });
      setting.log.info({ runId, started }, 'nightly training');
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
