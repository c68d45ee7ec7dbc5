import { type Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { writeJson, writeLine } from './output.ts';

const VOTES = ['up', 'down', 'clear'] as const;

function voteOf(text: string): (typeof VOTES)[number] {
  const vote = VOTES.find((candidate) => candidate === text);
  if (vote === undefined) throw new InvalidArgumentError(`It must be one of ${VOTES.join(', ')}.`);
  return vote;
}

function answerIdOf(text: string): string {
  if (!z.uuid().safeParse(text).success) throw new InvalidArgumentError('It must be an answerId, as `ask` prints it.');
  return text;
}

export function registerRate(program: Command): void {
  program
    .command('rate')
    .description('vote on an answer; the last vote of a person counts')
    .argument('<answer-id>', 'the answerId of the answer', answerIdOf)
    .argument('<vote>', 'up, down, or clear to take a vote back', voteOf)
    .option('--user <name>', 'vote as this person instead of yourself')
    .option('--reason <text>', 'why')
    .option('--json', 'print what stands now as JSON')
    .action(
      async (
        answerId: string,
        vote: (typeof VOTES)[number],
        options: { user?: string; reason?: string; json?: true },
      ) => {
        const { withSession } = await import('./session.ts');
        const receipt = await withSession({ needsWorker: false }, ({ loop, person }) =>
          loop.rate({
            answerId,
            platform: 'console',
            person: options.user === undefined ? person : { key: options.user, name: options.user },
            vote,
            reason: options.reason ?? null,
          }),
        );
        if (options.json) writeJson(receipt);
        else
          writeLine(
            `${receipt.changed ? 'Noted' : 'It stands already'}: ${receipt.vote ?? 'no vote'} (${receipt.up} up, ${receipt.down} down)`,
          );
      },
    );
}
