import type { Command } from 'commander';
import { FoursightError } from '../errors.ts';
import { writeJson, writeLine } from './output.ts';

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check the set-up, and say what to do about what is wrong')
    .option('--json', 'print the findings as JSON')
    .action(async (options: { json?: true }) => {
      const { examine } = await import('./examination.ts');
      const findings = await examine();
      if (options.json) writeJson(findings);
      else {
        const width = Math.max(...findings.map(({ check }) => check.length));
        for (const { check, state, says, remedy } of findings) {
          writeLine(`${{ ok: '✓', warning: '!', problem: '✗' }[state]} ${check.padEnd(width)} ${says}`);
          if (remedy !== null) writeLine(`${' '.repeat(width + 3)}→ ${remedy.replaceAll('\n', ' ')}`);
        }
      }
      const problems = findings.filter(({ state }) => state === 'problem').length;
      if (problems > 0) {
        throw new FoursightError(
          'SETUP_BROKEN',
          `${problems} of ${findings.length} checks found a problem`,
          'Follow the arrows above.',
        );
      }
    });
}
