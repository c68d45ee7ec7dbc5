import { defineSoak, everySeed } from './define-soak.ts';
import { type Asked, quantile } from './latencies.ts';
import { type TrainingRunReport, trainingRun } from './training-run.ts';

/** The acceptance's bound on the 95th percentile of live questions. */
const P95_MS = 1_500;

export const soak = defineSoak({
  usage: 'training',
  defaults: { runs: 20, seed: 1, kind: 'both', backend: 'both', kills: 3 },
  run: async ({ kind: kinds, backend: backends, kills, ...seeds }, tell) => {
    const reports: TrainingRunReport[] = [];
    const havePassed = await everySeed(seeds, async (seed) => {
      const i = seed - seeds.seed;
      // Seeds alternate between one service and split roles: every combination comes in eight runs.
      const kind = either(kinds, 'practice', 'retrain', i % 4 < 2);
      const backend = either(backends, 'postgres', 'redis', i % 8 < 4);
      const report = await trainingRun({ seed, kind, backend, kills, ...(tell && { tell }) });
      reports.push(report);
      const { run, reference, killed, problems } = report;
      const said = [
        `${kind}, ${backend}, ${seed % 2 === 1 ? 'split' : 'one service'}, ${report.seconds} s`,
        `run ${run?.seconds.toFixed(1)} s (undisturbed ${reference?.seconds.toFixed(1)} s), taken ${run?.epoch} times`,
        `killed ${killed.join(', ') || 'nothing'}`,
        latencies(report.asked, report.calm),
      ].join('; ');
      return { problems, said };
    });
    const calm = reports.flatMap((report) => report.calm);
    console.log(
      latencies(
        reports.flatMap(({ asked }) => asked),
        calm,
      ),
    );
    const isSlow = quantile(calm, 0.95) > P95_MS;
    if (isSlow) console.log(`the 95th percentile without outages is above ${P95_MS} ms`);
    return havePassed && !isSlow;
  },
});

/** The one that was chosen; of both, the first or the second. */
const either = <A extends string, B extends string>(chosen: string, a: A, b: B, isFirst: boolean): A | B =>
  chosen === a || (chosen === 'both' && isFirst) ? a : b;

const latencies = (asked: readonly Asked[], calm: readonly Asked[]): string => {
  const ms = (of: readonly Asked[], share: number) => `${Math.round(quantile(of, share))} ms`;
  const without = `without outages (${calm.length}) p50 ${ms(calm, 0.5)}, p95 ${ms(calm, 0.95)}`;
  return `${asked.length} questions p50 ${ms(asked, 0.5)}, p95 ${ms(asked, 0.95)}, ${without}`;
};
