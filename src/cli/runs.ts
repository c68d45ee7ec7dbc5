import { type Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { positiveNumber } from './arguments.ts';

function runIdOf(text: string): string {
  if (!z.uuid().safeParse(text).success) throw new InvalidArgumentError('It must be a run as `runs list` prints it.');
  return text;
}

export function registerRuns(program: Command): void {
  const runs = program.command('runs').description('runs of training');
  runs
    .command('list')
    .description('the runs of this workspace, newest first')
    .option('--limit <n>', 'at most so many', positiveNumber, 20)
    .option('--json', 'print them as JSON')
    .action(async (options: { limit: number; json?: true }) => (await import('./runs/show.ts')).listRuns(options));
  runs
    .command('show')
    .description('what a run was trained on, its course, its gate and how it ended')
    .argument('<run>', 'its id', runIdOf)
    .option('--json', 'print it as JSON')
    .action(async (runId: string, options: { json?: true }) =>
      (await import('./runs/show.ts')).showOne(runId, options),
    );
  runs
    .command('stop')
    .description('end a run after its step, with what it has learnt')
    .argument('<run>', 'its id', runIdOf)
    .action(async (runId: string) => (await import('./runs/show.ts')).stop(runId));
}
