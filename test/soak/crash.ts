import { crashRun } from './crash-run.ts';

/** `npm run soak -- crash [--runs 20] [--seed 1] [--backend postgres|redis|both] [--questions 24] [--kills 6] [--verbose]` */
export async function soak(args: readonly string[]): Promise<void> {
  const option = (name: string, fallback: string) =>
    (args.includes(name) ? args[args.indexOf(name) + 1] : fallback) ?? fallback;
  const [runs, first] = [Number(option('--runs', '20')), Number(option('--seed', '1'))];
  const backends = option('--backend', 'both');
  let failed = 0;
  for (let i = 0; i < runs; i += 1) {
    const backend =
      backends === 'both' ? (i % 4 < 2 ? 'postgres' : 'redis') : backends === 'redis' ? 'redis' : 'postgres';
    const settings = {
      seed: first + i,
      backend,
      questions: Number(option('--questions', '24')),
      kills: Number(option('--kills', '6')),
      ...(args.includes('--verbose') ? { tell: (event: string) => console.log(`  ${event}`) } : {}),
    } as const;
    const report = await crashRun(settings);
    if (report.problems.length > 0) failed += 1;
    const verdict = report.problems.length === 0 ? 'passed' : `FAILED\n  ${report.problems.join('\n  ')}`;
    console.log(
      `seed ${settings.seed}, ${backend}, ${report.seconds} s, killed ${report.killed.join(', ')}: ${verdict}`,
    );
  }
  console.log(`${runs - failed} of ${runs} runs passed`);
  if (failed > 0) process.exitCode = 1;
}
