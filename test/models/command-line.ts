import { Command } from 'commander';
import { vi } from 'vitest';
import { registerModelCommands } from '../../src/cli/model/commands.ts';
import { registerSftCommand } from '../../src/cli/sft.ts';
import { registerTrainCommand } from '../../src/cli/train.ts';

/** Runs one command line in this process. Returns what it wrote to stdout; failures are thrown. */
export async function runCommand(...argv: readonly string[]): Promise<string> {
  const program = new Command('foursight');
  registerModelCommands(program);
  registerSftCommand(program);
  registerTrainCommand(program);
  const strict = (command: Command): void => {
    command.exitOverride().configureOutput({ writeErr: () => undefined });
    command.commands.forEach(strict);
  };
  strict(program);
  let written = '';
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    written += chunk;
    return true;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
  } finally {
    stdout.mockRestore();
  }
  return written;
}

export const jsonLines = <T>(text: string): T[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
