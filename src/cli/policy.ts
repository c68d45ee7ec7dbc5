import type { Command } from 'commander';
import { writeJson, writeTable } from './output.ts';

export function registerPolicy(program: Command): void {
  const policy = program.command('policy').description('versions of the planner');
  policy
    .command('list')
    .description('all versions of this workspace, the live one among them')
    .option('--json', 'print them as JSON')
    .action(async (options: { json?: true }) => {
      const { withSession } = await import('./session.ts');
      const policies = await withSession({ needsWorker: false }, ({ loop, workspaceId }) => loop.policies(workspaceId));
      if (options.json) writeJson(policies);
      else {
        writeTable([
          ['VERSION', 'STATUS', 'KIND', 'PARENT', 'CREATED', 'REASON'],
          ...policies.map((p) => [
            String(p.version),
            p.status,
            p.kind,
            String(p.parent ?? '–'),
            p.createdAt,
            p.reason ?? '–',
          ]),
        ]);
      }
    });
}
