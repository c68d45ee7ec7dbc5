import { type Asked, quantile } from './latencies.ts';
import { type TrainingRunReport, trainingRun } from './training-run.ts';

/** The acceptance's bound on the 95th percentile of live questions. */
const P95_MS = 1_500;

/** `npm run soak -- training [--runs 20] [--seed 1] [--backend postgres|redis|both] [--kills 3] [--kind practice|retrain|both] [--verbose]` */
export async function soak(args: readonly string[]): Promise<void> {
  const option = (name: string, fallback: string) =>
    (args.includes(name) ? args[args.indexOf(name) + 1] : fallback) ?? fallback;
  const either = <A extends string, B extends string>(name: string, a: A, b: B, isFirst: boolean): A | B => {
    const chosen = option(name, 'both');
    return chosen === a || (chosen === 'both' && isFirst) ? a : b;
  };
  const [runs, first] = [Number(option('--runs', '20')), Number(option('--seed', '1'))];
  const reports: TrainingRunReport[] = [];
  for (let i = 0; i < runs; i += 1) {
    const seed = first + i;
    // Seeds alternate between one service and split roles: every combination comes in eight runs.
    const settings = {
      seed,
      kind: either('--kind', 'practice', 'retrain', i % 4 < 2),
      backend: either('--backend', 'postgres', 'redis', i % 8 < 4),
      kills: Number(option('--kills', '3')),
      ...(args.includes('--verbose') ? { tell: (event: string) => console.log(`  ${event}`) } : {}),
    } as const;
    const report = await trainingRun(settings);
    reports.push(report);
    const { run, reference, killed, problems } = report;
    console.log(
      [
        `seed ${seed}, ${settings.kind}, ${settings.backend}, ${seed % 2 === 1 ? 'split' : 'one service'}, ${report.seconds} s`,
        `run ${run?.seconds.toFixed(1)} s (undisturbed ${reference?.seconds.toFixed(1)} s), taken ${run?.epoch} times`,
        `killed ${killed.join(', ') || 'nothing'}`,
        latencies(report.asked, report.calm),
        problems.length === 0 ? 'passed' : `FAILED\n  ${problems.join('\n  ')}`,
      ].join('; '),
    );
  }
  const failed = reports.filter(({ problems }) => problems.length > 0).length;
  const [all, calm] = [reports.flatMap(({ asked }) => asked), reports.flatMap((report) => report.calm)];
  console.log(`${runs - failed} of ${runs} runs passed; ${latencies(all, calm)}`);
  const isSlow = quantile(calm, 0.95) > P95_MS;
  if (isSlow) console.log(`the 95th percentile without outages is above ${P95_MS} ms`);
  if (failed > 0 || isSlow) process.exitCode = 1;
}

const latencies = (asked: readonly Asked[], calm: readonly Asked[]): string => {
  const ms = (of: readonly Asked[], share: number) => `${Math.round(quantile(of, share))} ms`;
  const without = `without outages (${calm.length}) p50 ${ms(calm, 0.5)}, p95 ${ms(calm, 0.95)}`;
  return `${asked.length} questions p50 ${ms(asked, 0.5)}, p95 ${ms(asked, 0.95)}, ${without}`;
};
