import type { Command } from 'commander';
import type { TrainOptions } from './train/run.ts';

/** `train`: Flow-GRPO on stored trajectories. It needs no database. */
export function registerTrainCommand(program: Command): void {
  program
    .command('train')
    .description('train a planner by Flow-GRPO on stored trajectories with rewards')
    .option('--model <dir>', 'model folder or Hugging Face name (default: FOURSIGHT_MODEL, otherwise the starter)')
    .option('--lora <dir>', 'LoRA weights in PEFT format to start from; the reference stays the base')
    .requiredOption(
      '--trajectories <file>',
      'lines of {"group", "trajectory", "reward", "turns": [{"prompt_ids", "action_ids", "old_logprobs"}]}',
    )
    .requiredOption('--out <dir>', 'where to write the weights and metrics.jsonl')
    .option('--config <file>', 'JSON with steps, learningRate, temperature, beta, … (default: the paper’s, one pass)')
    .option('--json', 'print {"step", "loss", "kl", "clipFraction", "gradNorm", "droppedGroups", …} for each step')
    .addHelpText(
      'after',
      `
The fields of --config and their defaults: trainable ("full"; "lora" with --lora or loraRank), steps (one pass),
batchSize 32 (groups an update), learningRate 1e-6, schedule, beta 0.001 (KL), epsilonLow 0.2, epsilonHigh 0.3,
temperature 0.5 (that the actions were sampled with), entropyBonus 0, dualClip (off), betas [0.9, 0.999],
adamEpsilon 1e-8, weightDecay 0.01, maxGradNorm 1, loraRank 16, loraAlpha 64, seed 0.

In a step's line kl is the mean of k3 over the action tokens, tokens are those of the groups that were kept; a group
whose rewards are all equal is dropped. Stopping it (Ctrl-C) writes what it has learnt.

Example:
  foursight train --model DIR --trajectories rollouts.jsonl --out trained --json`,
    )
    .action(async (options: TrainOptions) => (await import('./train/run.ts')).train(options));
}
