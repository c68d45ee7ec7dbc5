import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { defaultRecipe, makeStarter, type RecipeProgress } from './recipe/make-starter.ts';
import { createProgressBar } from './recipe/progress-bar.ts';

const usage = `npm run starter:make -- [options]: makes the starter planner from nothing

  --out DIR      the model folder to write (default starter/model)
  --seed N       default ${defaultRecipe.seed}
  --steps N      updates (default ${defaultRecipe.steps})
`;

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: fileURLToPath(new URL('./model', import.meta.url)) },
    seed: { type: 'string', default: String(defaultRecipe.seed) },
    steps: { type: 'string', default: String(defaultRecipe.steps) },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(usage);
else {
  const [seed, steps] = [Number(values.seed), Number(values.steps)];
  if (!Number.isInteger(seed) || !Number.isInteger(steps) || steps < 1) {
    process.stderr.write(`--seed and --steps are whole numbers, steps at least 1\n\n${usage}`);
    process.exitCode = 1;
  } else await run(seed, steps);
}

async function run(seed: number, steps: number): Promise<void> {
  const started = performance.now();
  const bars = { tokenizer: createProgressBar('tokenizer', 1), training: createProgressBar('training ', steps) };
  const onProgress = ({ phase, done, loss }: RecipeProgress): void =>
    bars[phase].update(done, loss === undefined ? '' : `loss ${loss.toFixed(4)}`);
  const { loss, examples, refused } = await makeStarter({ ...defaultRecipe, out: values.out, seed, steps, onProgress });
  const minutes = (performance.now() - started) / 60_000;
  process.stdout.write(
    `${values.out}: ${examples} examples (${refused} left out), loss ${loss.toFixed(4)}, ${minutes.toFixed(1)} minutes\n`,
  );
}
