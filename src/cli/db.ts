import type { Command } from 'commander';
import { writeJson, writeLine } from './output.ts';

export function registerDb(program: Command): void {
  const db = program.command('db').description('the database');
  db.command('migrate')
    .description('bring the schema up to date; `start` does it by itself')
    .option('--json', 'print the outcome as JSON')
    .action(async (options: { json?: true }) => {
      const { withSession } = await import('./session.ts');
      await withSession({ needsWorker: false }, async () => undefined);
      if (options.json) writeJson({ migrated: true });
      else writeLine('The schema is up to date.');
    });
}
