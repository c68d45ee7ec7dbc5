import { type CommandRules, runCommand } from '../../delivery/run-command.ts';
import type { Handler } from '../context.ts';
import { commandWords, renderNotice } from '../render.ts';
import { askPrivately } from './ask-privately.ts';
import { publishHome } from './home.ts';
import { isAdmin, isWelcome, placeOfPress } from './people.ts';
import { onRetrain } from './retrain.ts';

/** `/foursight …`, and the buttons of the App Home, which mean the same. What comes of it is seen by the person alone. */
export const onCommand: Handler<'command'> = async (input, slack) => {
  const { workspace, person, channel } = input;
  const say = (markdown: string) => slack.tell(placeOfPress(input), renderNotice(markdown));
  if (!(await isWelcome(slack, workspace, person.key))) return say('I do not work for you here.');
  const rules: CommandRules = {
    words: commandWords,
    name: 'Slack',
    isAdmin: () => isAdmin(slack, workspace, person.key),
    onlyAdmins: 'Only admins of this workspace may do that, and those whom `SLACK_ADMINS` lists.',
    say,
    ask: (text) => askPrivately(input, text, slack),
    retrain: () => onRetrain(input, slack),
  };
  const isTold = await runCommand(input, rules, slack);
  // Where the button was, it shows what has become of it.
  if (isTold && channel === null) await publishHome(slack, workspace, person);
};
