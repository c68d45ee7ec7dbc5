import { messageOf } from '../../../src/errors.ts';
import { type CommandRules, runCommand } from '../../delivery/run-command.ts';
import { commandWords } from '../commands.ts';
import type { Handler } from '../context.ts';
import { isAdmin, isWelcome } from './people.ts';
import { onRetrain } from './retrain.ts';

/** `/foursight …`. What comes of it is seen by the person alone. */
export const onCommand: Handler<'command'> = async (input, discord) => {
  const reply = discord.replyTo(input);
  const say = (markdown: string) =>
    reply.saying(markdown).catch((error: unknown) => {
      discord.log.warn({ cause: messageOf(error) }, 'somebody could not be told what came of a command');
    });
  if (!(await isWelcome(input, discord))) return say('I do not work for you here.');
  // Looking things up may take longer than Discord waits for an answer.
  await reply.later();
  const rules: CommandRules = {
    words: commandWords,
    name: 'Discord',
    isAdmin: () => isAdmin(input, discord),
    onlyAdmins:
      'Only those may do that who may manage the server, and the roles and people whom `DISCORD_ADMINS` lists.',
    say,
    ask: () => say('Ask with `/ask`, or mention me.'),
    retrain: () => onRetrain(input, say, discord),
  };
  await runCommand(input, rules, discord);
  // Where nothing was said, nothing is to come any more.
  await reply.taken();
};
