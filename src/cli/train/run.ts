import { type FlowGrpoStep, openFlowGrpoTrainer } from '../../../gpu-worker/train/flow-grpo.ts';
import { weighGroups } from '../../../gpu-worker/train/flow-grpo-groups.ts';
import { actionSequences } from '../../../gpu-worker/train/flow-grpo-sequences.ts';
import { randomNumbers } from '../../../gpu-worker/train/random.ts';
import { type FlowGrpoSettings, flowGrpoSettings } from '../../../gpu-worker/train/settings.ts';
import { cycleBatches } from '../../../gpu-worker/train/sft.ts';
import { percent } from '../../domain/percent.ts';
import { readJsonFile } from '../json-lines.ts';
import { chosenModel, runTraining, type TrainingOptions } from '../training/run.ts';
import { readGroups } from './trajectories.ts';

export interface TrainOptions extends TrainingOptions {
  readonly trajectories: string;
}

/** `train`: Flow-GRPO on stored trajectories, then a PEFT folder or, with all weights, a model folder. */
export async function train(options: TrainOptions): Promise<void> {
  const model = await chosenModel(options);
  const groups = await readGroups(options.trajectories, model);
  const settings = await readSettings(options, groups.length);
  const batches = cycleBatches(groups, settings.batchSize, randomNumbers(settings.seed));
  let learnt = 0;
  await runTraining(options, {
    model,
    settings,
    sequences: groups.flat().flatMap(({ turns }) => actionSequences(turns)),
    open: (opening) => openFlowGrpoTrainer({ ...opening, settings }),
    async step(trainer) {
      const step = await trainer.step(weighGroups(batches.next().value ?? []));
      if (step.step === 1) warnOfRatio(step, settings);
      learnt += step.tokens;
      const { loss, kl, clipFraction, gradNorm, droppedGroups, tokens } = step;
      return {
        result: stepLine(step, settings),
        note: `loss ${loss.toFixed(4)}  KL ${kl.toFixed(4)}  clipped ${percent(clipFraction)}`,
        more: `gradient ${gradNorm.toFixed(3)}  ${droppedGroups} groups dropped  ${tokens} tokens`,
      };
    },
  });
  if (learnt === 0) warn('No group had rewards that differ: there was nothing to learn, the weights are unchanged.');
}

function stepLine({ metrics, ...step }: FlowGrpoStep, { dualClip }: FlowGrpoSettings) {
  const { tokens: _tokens, meanK3: _kl, clipFraction: _clipFraction, dualClipFraction, ...parts } = metrics;
  return { ...step, ...parts, ...(dualClip === undefined ? {} : { dualClipFraction }) };
}

/** Under the policy that sampled the actions the ratio's mean is 1. */
function warnOfRatio({ metrics: { meanRatio, tokens } }: FlowGrpoStep, { temperature }: FlowGrpoSettings): void {
  if (tokens > 0 && !(meanRatio > 0.5 && meanRatio < 2))
    warn(
      `The mean ratio is ${meanRatio.toPrecision(3)}: were the actions sampled by this model, at temperature ${temperature}? ("temperature" in --config)`,
    );
}

const warn = (text: string) => void process.stderr.write(`warning: ${text}\n`);

/** As `flowGrpoSettings`, but unknown fields are refused. */
const configFile = flowGrpoSettings
  .extend({
    trainable: flowGrpoSettings.shape.trainable.unwrap().optional(),
    steps: flowGrpoSettings.shape.steps.unwrap().optional(),
    loraRank: flowGrpoSettings.shape.loraRank.unwrap().optional(),
    loraAlpha: flowGrpoSettings.shape.loraAlpha.unwrap().optional(),
  })
  .strict();

/** The paper trains all weights; whoever gives LoRA weights or names their rank means LoRA. */
async function readSettings({ config, lora }: TrainOptions, groups: number): Promise<FlowGrpoSettings> {
  const form = '{"trainable": "lora", "steps": 10, "learningRate": 1e-5, "temperature": 0.5, "beta": 0.001}';
  const given = config === undefined ? configFile.parse({}) : await readJsonFile(config, configFile, form);
  const meansLora = lora !== undefined || given.loraRank !== undefined || given.loraAlpha !== undefined;
  const trainable = given.trainable ?? (meansLora ? 'lora' : 'full');
  return flowGrpoSettings.parse({ ...given, trainable, steps: given.steps ?? Math.ceil(groups / given.batchSize) });
}
