import { parseArgs } from 'node:util';
import { practise } from '../gpu-worker/jobs/practice.ts';
import type { PracticeStep } from '../gpu-worker/jobs/practice-metrics.ts';
import { otherSource, taskSource } from '../gpu-worker/jobs/practice-questions.ts';
import { practiceDefaults } from '../gpu-worker/jobs/practice-settings.ts';
import { weightShapes } from '../gpu-worker/models/decoder-weights.ts';
import { openModel } from '../gpu-worker/models/model.ts';
import { tools } from '../gpu-worker/tools/registry.ts';
import { STARTER_MODEL } from '../src/config.ts';
import { besideTrl } from './peers/beside-trl.ts';
import { type WatchedRollouts, watchedRollouts } from './peers/watched-rollouts.ts';

const usage = `npm run bench -- practice [--model DIR] [--steps N] [--peer [--python PATH]]
  Rollouts, tokens and updates per second of practice on Game of 24, and the share of each phase. The first step, which opens
  sessions, is left out.
  --peer: beside TRL's GRPOTrainer (PyTorch), whose Python is PATH (python3), five times in turns: medians of trajectories a
  second. Without TRL, ours alone.
`;

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      model: { type: 'string', default: STARTER_MODEL },
      steps: { type: 'string', default: '6' },
      peer: { type: 'boolean', default: false },
      python: { type: 'string', default: 'python3' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const steps = Number(values.steps);
  const settings = { ...practiceDefaults, steps: steps + 1 };
  const model = await openModel(values.model);
  const start = new Map(
    [...weightShapes(model.config)].map(([name, dims]) => [name, { dims, data: model.readTensor(name) }]),
  );
  const practised = async ({ watch }: WatchedRollouts): Promise<PracticeStep[]> => {
    const done: PracticeStep[] = [];
    await practise({
      model,
      start,
      practised: watch(taskSource('gameof24')),
      mixed: watch(otherSource('gameof24')),
      tools,
      settings,
      onStep: async (step) => void done.push(step),
    });
    return done;
  };
  const ours = async (rollouts: WatchedRollouts): Promise<number> => {
    const measured = (await practised(rollouts)).slice(1);
    return (1_000 * sum(measured, (step) => step.rollouts)) / sum(measured, ({ ms }) => ms);
  };
  const { peer, python } = values;
  if (peer && (await besideTrl({ python, model: values.model, settings, steps, ours }))) return;
  const done = await practised(watchedRollouts('checker'));
  print(done.slice(1), done.at(-1)?.updates ?? 0, done[0]?.updates ?? 0);
}

const sum = (steps: readonly PracticeStep[], of: (step: PracticeStep) => number): number =>
  steps.reduce((total, step) => total + of(step), 0);

function print(steps: readonly PracticeStep[], updates: number, before: number): void {
  const total = (of: (step: PracticeStep) => number): number => sum(steps, of);
  const ms = total((step) => step.ms);
  const rolling = total(({ phases }) => phases.rollouts);
  const perSecond = (count: number, milliseconds: number) => ((count / milliseconds) * 1_000).toFixed(1);
  const rows: [string, string][] = [
    [
      'rollouts/s',
      perSecond(
        total((step) => step.rollouts),
        ms,
      ),
    ],
    [
      'rollouts/s while rolling out',
      perSecond(
        total((step) => step.rollouts),
        rolling,
      ),
    ],
    [
      'tokens/s while rolling out',
      perSecond(
        total((step) => step.tokens),
        rolling,
      ),
    ],
    ['updates/s', perSecond(updates - before, ms)],
    ...(['rollouts', 'scoring', 'learning', 'loading'] as const).map((phase): [string, string] => [
      `share of ${phase}`,
      `${((100 * total(({ phases }) => phases[phase])) / ms).toFixed(1)} %`,
    ]),
  ];
  for (const [name, value] of rows) console.log(`${name.padEnd(30)}${value.padStart(10)}`);
}
