import { parseArgs } from 'node:util';
import { PromptWriter } from '../gpu-worker/flow/starter/prompt.ts';
import { learningRateFactor } from '../gpu-worker/jobs/practice-settings.ts';
import { openModel } from '../gpu-worker/models/model.ts';
import { sftSettings } from '../gpu-worker/train/settings.ts';
import { openSftTrainer } from '../gpu-worker/train/sft.ts';
import { trainingStart } from '../src/cli/training/start.ts';
import { STARTER_MODEL } from '../src/config.ts';
import { batchesOf } from '../starter/recipe/batches.ts';
import type { Example } from '../starter/recipe/examples.ts';
import { createProgressBar } from '../starter/recipe/progress-bar.ts';
import { createRandom } from '../starter/recipe/random.ts';
import { expertTraces } from './expert/traces.ts';

const usage = `npm run bench -- expert-sft --out DIR [--minutes N] [--seed S] [--model DIR]
  The paper's ablation: the starter learns from expert traces of the puzzles of \`practice gameof24\`, supervised, for as long as
  practice would take. Then
    FOURSIGHT_MODEL=DIR npm run foursight -- eval gameof24 --data FILE --max-turns 6
`;

/** Padded tokens an update learns from, the longest example, and the examples that are sorted by length together. */
const BATCH_TOKENS = 2_048;
const LONGEST = 320;
const CHUNK = 512;
/** The weight of the newest update in the loss that is reported. */
const SMOOTHING = 0.03;

const settings = sftSettings.parse({
  trainable: 'full',
  learningRate: 1e-3,
  betas: [0.9, 0.98],
  weightDecay: 0.05,
});

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      out: { type: 'string' },
      minutes: { type: 'string', default: '15' },
      seed: { type: 'string', default: '0' },
      model: { type: 'string', default: STARTER_MODEL },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || values.out === undefined) {
    process.stdout.write(usage);
    return;
  }
  const model = await openModel(values.model);
  const start = await trainingStart(model, undefined, settings);
  const batches = traceBatches(new PromptWriter(model.tokenizer), Number(values.seed));
  const trainer = await openSftTrainer({
    config: model.config,
    trainable: start.trainable,
    start: start.tensors,
    maxLength: LONGEST,
    maxTokens: BATCH_TOKENS / 2,
    settings,
  });
  try {
    const ms = Number(values.minutes) * 60_000;
    const bar = createProgressBar('expert-sft', ms);
    const began = performance.now();
    const elapsed = () => performance.now() - began;
    let [updates, examples, loss] = [0, 0, Number.NaN];
    let next = batches.next();
    while (elapsed() < ms) {
      const { value: batch, done } = await next;
      if (done) break;
      const rate = settings.learningRate * learningRateFactor(updates + 1, Math.min(1, elapsed() / ms));
      const learning = trainer.step(batch, rate);
      // The next traces are drawn while the workers compute.
      next = batches.next();
      const result = await learning;
      updates += 1;
      examples += batch.length;
      loss = Number.isNaN(loss) ? result.loss : loss + SMOOTHING * (result.loss - loss);
      bar.update(Math.min(ms, elapsed()), `${updates} updates · ${examples} traces · loss ${loss.toFixed(3)}`);
    }
    await start.save(values.out, trainer.weights());
    console.log(`${updates} updates on ${examples} traces, loss ${loss.toFixed(3)}. The model is in ${values.out}.`);
  } finally {
    await trainer.close();
  }
}

/** Batches without an end, each of traces of similar length. */
async function* traceBatches(writer: PromptWriter, seed: number): AsyncGenerator<Example[]> {
  const random = createRandom(seed);
  let chunk: Example[] = [];
  for await (const trace of expertTraces(writer, seed)) {
    if (trace.ids.length <= LONGEST) chunk.push(trace);
    if (chunk.length < CHUNK) continue;
    yield* batchesOf(chunk, BATCH_TOKENS, random);
    chunk = [];
  }
}
