import { type Command, InvalidArgumentError } from 'commander';
import type { Role } from '../main.ts';

function rolesOf(text: string): Role[] {
  const roles = text.split(',').map((role) => role.trim());
  if (roles.every((role) => role === 'chat' || role === 'worker')) return [...new Set(roles)];
  throw new InvalidArgumentError('It must be chat, worker or chat,worker.');
}

export function registerStart(program: Command): void {
  program
    .command('start')
    .description('run the service: a prompt, HTTP on loopback and the worker')
    .option('--roles <roles>', 'run only these on this machine: chat, worker', rolesOf, [
      'chat',
      'worker',
    ] satisfies Role[])
    .action(async ({ roles }: { roles: Role[] }) => {
      const { serve } = await import('../main.ts');
      await serve({ roles });
    });
}
