import { slackRun } from './slack/run.ts';

const NUMBERS = { questions: 500, threads: 50, people: 20, channels: 10, kills: 5, seconds: 180, speed: 6 } as const;

/**
 * `npm run soak -- slack [--runs 4] [--seed 1] [--mode socket|http|both] [--questions 500] [--threads 50] [--people 20] [--channels 10]
 * [--kills 5] [--seconds 180] [--speed 6] [--verbose]`
 */
export async function soak(args: readonly string[]): Promise<void> {
  const option = (name: string, fallback: string) =>
    (args.includes(name) ? args[args.indexOf(name) + 1] : fallback) ?? fallback;
  const [runs, first, mode] = [Number(option('--runs', '4')), Number(option('--seed', '1')), option('--mode', 'both')];
  let failed = 0;
  for (let seed = first; seed < first + runs; seed += 1) {
    const number = (name: keyof typeof NUMBERS) => Number(option(`--${name}`, String(NUMBERS[name])));
    // One service and split roles alternate with the seed: every combination comes in four runs.
    const isSocket = mode === 'both' ? seed % 4 < 2 : mode !== 'http';
    const report = await slackRun({
      seed,
      mode: isSocket ? 'socket' : 'http',
      questions: number('questions'),
      threads: number('threads'),
      people: number('people'),
      channels: number('channels'),
      kills: number('kills'),
      seconds: number('seconds'),
      speed: number('speed'),
      ...(args.includes('--verbose') ? { tell: (event: string) => console.log(`  ${event}`) } : {}),
    });
    const { problems, offPoint, figures } = report;
    if (args.includes('--verbose')) for (const answer of offPoint) console.log(`  ${answer}`);
    if (problems.length > 0) failed += 1;
    const said = Object.entries(figures).map(([name, value]) => `${value} ${name}`);
    const verdict = problems.length === 0 ? 'passed' : `FAILED\n  ${problems.join('\n  ')}`;
    console.log(
      `seed ${seed}, ${isSocket ? 'socket' : 'http'}, ${report.seconds} s; ${said.join(', ')}, ${offPoint.length} answers off the point: ${verdict}`,
    );
  }
  console.log(`${runs - failed} of ${runs} runs passed`);
  if (failed > 0) process.exitCode = 1;
}
