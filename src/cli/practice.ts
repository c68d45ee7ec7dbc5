import type { Command } from 'commander';
import { positiveNumber, wholeNumber } from './arguments.ts';
import type { PracticeCommandOptions } from './practice/run.ts';

/** `practice`: on-policy Flow-GRPO against questions with a checker. */
export function registerPracticeCommand(program: Command): void {
  program
    .command('practice')
    .description('train the planner by Flow-GRPO on questions with a checker, with rollouts of its own')
    .argument(
      '<task>',
      'symbols, words, problems, arithmetic (these three), convert, dates, notes, followups, twotools, gameof24, other; or a file of {"question", "answers"}',
    )
    .option('--minutes <n>', 'end after so many minutes (default: 15, without --steps)', positiveNumber)
    .option('--steps <n>', 'end after so many steps', positiveNumber)
    .option('--questions <n>', 'questions of the task a step', positiveNumber, 48)
    .option('--max-turns <n>', 'budget of turns a rollout', positiveNumber, 6)
    .option('--seed <n>', 'of questions, rollouts and minibatches', wholeNumber, 0)
    .option('--out <dir>', 'a new folder for the model and metrics.jsonl')
    .option('--json', 'print a line of JSON for each step, and one for the run')
    .addHelpText(
      'after',
      `
A step rolls out the questions of the task and a quarter as many of other kinds, 8 times each, and takes two updates. What was learnt becomes a
candidate, a policy version that has been through the gate; \`policy promote\` makes it live. Ctrl-C ends the run after its step,
and keeps what it has learnt; a second one ends the command, and the run goes on with the next service.

Example:
  foursight practice gameof24 --minutes 15 --max-turns 6
  foursight eval gameof24 --policy 1`,
    )
    .action(async (task: string, options: PracticeCommandOptions) =>
      (await import('./practice/run.ts')).practice(task, options),
    );
}
