import type { Command } from 'commander';
import { wholeNumber } from './arguments.ts';
import type { RetrainCommandOptions } from './retrain/run.ts';

export function registerRetrain(program: Command): void {
  program
    .command('retrain')
    .description(
      "train the planner on the workspace's votes, put the result through the gate, and make it live if it passes",
    )
    .option('--dry-run', 'only say what would be trained on')
    .option('--show-text', 'with --dry-run: the questions and answers too')
    .option('--wait', 'follow the run to its end')
    .option('--seed <n>', 'of rollouts and minibatches', wholeNumber, 0)
    .option('--config <file>', 'JSON with what is to be learnt otherwise than usual; for experiments')
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      `
A run takes the votes that no completed run has counted. It goes on in the service; without a running service this command starts
one and waits. Every night at FOURSIGHT_RETRAIN_CRON (03:00 unless set) the service does the same by itself.

The fields of --config and their defaults: steps 6, members 8 (rollouts of a question), minibatches 2, anchors 40 (generated questions a step, which hold
what the planner knows), anchorWeight 20, train: {learningRate 3e-3, adamEpsilon 3e-3, beta 0.01 (KL)}. The run's settings name them; the gate is the same.

Example:
  foursight retrain --dry-run
  foursight retrain --wait`,
    )
    .action(async (options: RetrainCommandOptions) => (await import('./retrain/run.ts')).retrain(options));
}
