import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { registerAsk } from './ask.ts';
import { registerDb } from './db.ts';
import { registerDoctor } from './doctor.ts';
import { registerEval } from './eval.ts';
import { registerModelCommands } from './model/commands.ts';
import { reportError } from './output.ts';
import { registerPolicy } from './policy.ts';
import { registerPracticeCommand } from './practice.ts';
import { registerRate } from './rate.ts';
import { registerRetrain } from './retrain.ts';
import { registerRuns } from './runs.ts';
import { registerSftCommand } from './sft.ts';
import { registerStart } from './start.ts';
import { registerStatus } from './status.ts';
import { registerTrainCommand } from './train.ts';
import { registerTraining } from './training.ts';

const EXAMPLES = `
Examples:
  foursight start                            the whole service, with a prompt
  foursight ask "What is 17 * 23 + 4?"       one question, with or without a running service
  foursight rate ANSWER_ID up                what you think of an answer`;

function versionOf(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return String((manifest as { version?: unknown }).version);
}

export function createProgram(): Command {
  const program = new Command('foursight')
    .description('A team assistant that runs and trains its own planner.')
    .version(versionOf())
    .addHelpText('after', EXAMPLES)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ outputError: (text, write) => write(text) });
  const register = [
    registerStart,
    registerAsk,
    registerRate,
    registerRetrain,
    registerRuns,
    registerStatus,
    registerPolicy,
    registerTraining,
    registerEval,
    registerModelCommands,
    registerSftCommand,
    registerTrainCommand,
    registerPracticeCommand,
    registerDoctor,
    registerDb,
  ];
  for (const add of register) add(program);
  const strict = (command: Command): void => {
    command.exitOverride().showHelpAfterError('remedy: run the command with --help');
    command.commands.forEach(strict);
  };
  strict(program);
  return program;
}

/**
 * Runs one command line. Sets the process's exit code: 0 only on success, 2 for a command line that cannot be
 * understood, 1 for every other failure, whose message and remedy go to stderr.
 */
export async function runCli(argv: readonly string[]): Promise<void> {
  try {
    await createProgram().parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
    else {
      reportError(error);
      process.exitCode = 1;
    }
  }
}
