import { describe, expect, it } from 'vitest';
import { hasRedis } from '../queue/redis-server.ts';
import { crashRun } from './crash-run.ts';
import { trainingRun } from './training-run.ts';

// Processes are killed by what Linux tells of them; `npm run soak -- crash` and `-- training` are the long versions.
describe.skipIf(process.platform !== 'linux')('nothing is lost or done twice when processes are killed', () => {
  it('with one service and its own Postgres', { timeout: 240_000 }, async () => {
    const report = await crashRun({ seed: 4, backend: 'postgres', questions: 8, kills: 3 });
    expect(report.problems).toEqual([]);
    expect(report.killed.length).toBeGreaterThan(0);
  });

  // Without redis-server on the PATH there is nothing to test against; .ci/run installs it.
  it.skipIf(!hasRedis())('with two workers on one queue in Redis', { timeout: 240_000 }, async () => {
    const report = await crashRun({ seed: 5, backend: 'redis', questions: 8, kills: 3 });
    expect(report.problems).toEqual([]);
    expect(report.killed.length).toBeGreaterThan(0);
  });

  // `npm run soak -- training` kills more, in `retrain` too.
  it('in a run of training, which comes to the same weights', { timeout: 240_000 }, async () => {
    const report = await trainingRun({
      seed: 2,
      backend: 'postgres',
      kind: 'practice',
      kills: 2,
      victims: ['training', 'worker'],
      steps: 3,
      questions: 4,
    });
    expect(report.problems).toEqual([]);
    expect(report.killed.length).toBeGreaterThan(0);
    expect(report.asked.length).toBeGreaterThan(0);
  });
});
