import type { Command } from 'commander';
import { FoursightError } from '../errors.ts';
import { writeJson, writeLine, writeTable } from './output.ts';

export function registerStatus(program: Command): void {
  program
    .command('status')
    .description('roles, queue and live policy of the running service; fails until it is ready')
    .option('--json', 'print it as JSON')
    .action(async (options: { json?: true }) => {
      const { withRunningInstance } = await import('./session.ts');
      const status = await withRunningInstance(({ loop }) => loop.status());
      if (options.json) writeJson(status);
      else {
        const { queue, questions, outbox } = status;
        writeTable([
          ['ROLE', 'INSTANCE', 'SEEN'],
          ...status.roles.map(({ role, instance, seenAt }) => [role, instance, seenAt]),
        ]);
        writeLine();
        writeLine(
          `queue        ${queue.waiting} waiting, ${queue.active} active, ${queue.failed} failed (${queue.backend})`,
        );
        writeLine(`questions    ${questions.open} open, ${questions.answered} answered, ${questions.failed} failed`);
        writeLine(`to post      ${outbox.waiting} waiting, ${outbox.undeliverable} undeliverable in the last week`);
        writeLine(`live policy  ${status.livePolicy}`);
        const { lastRun } = status;
        if (lastRun !== null)
          writeLine(`last run     ${lastRun.kind}, ${lastRun.startedAt}, ${lastRun.status}: ${lastRun.reason ?? '–'}`);
      }
      if (!status.ready) {
        throw new FoursightError(
          'NOT_READY',
          'the service is not ready',
          'Wait a moment; if it stays so, look at its log and run `foursight doctor`.',
        );
      }
    });
}
