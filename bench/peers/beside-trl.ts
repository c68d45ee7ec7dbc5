import type { PracticeSettings } from '../../gpu-worker/jobs/practice-settings.ts';
import { type Arrangement, arrangements, completionsOf, trlMissing, trlTrajectoriesPerSecond } from './trl.ts';
import { type WatchedRollouts, watchedRollouts } from './watched-rollouts.ts';

export interface Beside {
  readonly python: string;
  /** A model folder. */
  readonly model: string;
  readonly settings: PracticeSettings;
  /** Measured, of either side, after one that is left out. */
  readonly steps: number;
  /** Runs `practise` with the questions watched. @returns trajectories a second */
  readonly ours: (rollouts: WatchedRollouts) => Promise<number>;
}

const TIMES = 5;
const INSTALL = 'python3 -m venv DIR && DIR/bin/pip install torch trl==1.9.2 requests';

/**
 * Trajectories a second of ours and of TRL's GRPOTrainer, in turns. TRL has no trajectories of several turns: it gets a completion
 * for each turn. It learns from groups of equal rewards too; ours drops them, so it is measured a second time with a coin's rewards,
 * which leave none out.
 * @returns whether TRL could run
 */
export async function besideTrl({ python, model, settings, steps, ours }: Beside): Promise<boolean> {
  const missing = await trlMissing(python);
  if (missing !== null) {
    console.log(`TRL does not run with ${python}: ${missing.split('\n').at(-1)}`);
    console.log(`Ours alone. To have both: ${INSTALL}, then --peer --python DIR/bin/python\n`);
    return false;
  }
  const first = watchedRollouts('checker');
  await ours(first);
  const shape = first.shape();
  const trl = (arrangement: Arrangement) =>
    trlTrajectoriesPerSecond({ python, model, shape, settings, rounds: steps, arrangement });
  console.log(
    `a trajectory: ${shape.turns.toFixed(2)} turns of ${shape.promptTokens.toFixed(1)} + ${shape.actionTokens.toFixed(1)} tokens`,
  );
  const chosen = await fastest(trl);
  console.log(`a step of TRL: ${completionsOf({ shape, settings, arrangement: chosen })} completions\n`);
  const rates = { ours: [] as number[], every: [] as number[], trl: [] as number[] };
  console.log('trajectories/s      ours  ours, every group learnt       TRL');
  for (let time = 1; time <= TIMES; time++) {
    rates.ours.push(await ours(watchedRollouts('checker')));
    rates.every.push(await ours(watchedRollouts('coin')));
    rates.trl.push(await trl(chosen));
    printRow(String(time), [rates.ours.at(-1), rates.every.at(-1), rates.trl.at(-1)]);
  }
  const peer = median(rates.trl);
  printRow('median', [median(rates.ours), median(rates.every), peer]);
  printRow('times TRL', [median(rates.ours) / peer, median(rates.every) / peer, 1]);
  return true;
}

/** The arrangement in which TRL is faster here. */
async function fastest(trl: (arrangement: Arrangement) => Promise<number>): Promise<Arrangement> {
  const tried: { arrangement: Arrangement; rate: number }[] = [];
  for (const arrangement of arrangements()) {
    const rate = await trl(arrangement);
    const { processes, threads } = arrangement;
    console.log(`TRL in ${processes} × ${threads} threads: ${rate.toFixed(2)} trajectories/s`);
    tried.push({ arrangement, rate });
  }
  return tried.reduce((best, one) => (one.rate > best.rate ? one : best)).arrangement;
}

const WIDTHS = [10, 26, 10];
function printRow(name: string, values: readonly (number | undefined)[]): void {
  console.log(name.padEnd(14) + values.map((value, i) => (value ?? 0).toFixed(2).padStart(WIDTHS[i] ?? 0)).join(''));
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
