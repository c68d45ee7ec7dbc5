import type { Command } from 'commander';
import type { SftOptions } from './sft/run.ts';

/** `sft`: the supervised warm start. It needs no database. */
export function registerSftCommand(program: Command): void {
  program
    .command('sft')
    .description('train a model on examples: LoRA weights, or all weights with {"trainable": "full"}')
    .option('--model <dir>', 'model folder or Hugging Face name (default: FOURSIGHT_MODEL, otherwise the starter)')
    .option('--lora <dir>', 'LoRA weights in PEFT format to start from')
    .requiredOption('--data <file>', 'lines of {"ids": […], "mask": [0, 1, …]} or {"messages": […]}')
    .requiredOption('--out <dir>', 'where to write the weights and metrics.jsonl')
    .option('--config <file>', 'JSON with steps, learningRate, batchSize, loraRank, … (default steps: one pass)')
    .option('--json', 'print {"step", "loss", "gradNorm", "tokens", "ms"} for each step')
    .addHelpText(
      'after',
      '\nThe fields of --config: trainable ("lora" or "full"), steps, learningRate, schedule, betas, adamEpsilon, weightDecay,\nmaxGradNorm, loraRank, loraAlpha, batchSize, seed. Those of --lora win over loraRank and loraAlpha.\n\nStopping it (Ctrl-C) writes what it has learnt.',
    )
    .action(async (options: SftOptions) => (await import('./sft/run.ts')).sft(options));
}
