import { FoursightError } from '../../../src/errors.ts';
import { refusedMarkdown } from '../../delivery/admin-text.ts';
import { isForAdmins } from '../../delivery/assistant-command.ts';
import { commandResult } from '../../delivery/command-result.ts';
import { type Handler, type InputOf, PLATFORM, type SlackContext } from '../context.ts';
import { PREFIX, renderNotice } from '../render.ts';
import { askPrivately } from './ask-privately.ts';
import { publishHome } from './home.ts';
import { isAdmin, isWelcome, placeOfPress } from './people.ts';
import { retrain } from './retrain.ts';

/** `/foursight …`, and the buttons of the App Home, which mean the same. What comes of it is seen by the person alone. */
export const onCommand: Handler<'command'> = async (input, slack) => {
  const { command, workspace, person, channel } = input;
  const say = (markdown: string) => slack.tell(placeOfPress(input), renderNotice(markdown));
  if (!(await isWelcome(slack, workspace, person.key))) return say('I do not work for you here.');
  const refusal = isForAdmins(command) ? await whyNotAdmin(input, slack) : undefined;
  if (refusal !== undefined) return say(refusal);
  try {
    if (command.type === 'ask') return await askPrivately(input, command.text, slack);
    if (command.type === 'retrain' && !command.isDryRun) return await retrain(input, slack);
    const admin = (await isAdmin(slack, workspace, person.key)) === true;
    const by = { platform: PLATFORM, workspace, person, isAdmin: admin, platformName: 'Slack', prefix: PREFIX };
    await say(await commandResult(command, by, slack));
  } catch (error) {
    if (!(error instanceof FoursightError)) throw error;
    slack.log.info({ err: error, command: command.type }, 'a command could not be done');
    return say(refusedMarkdown(error, PREFIX));
  }
  // Where the button was, it shows what has become of it.
  if (channel === null) await publishHome(slack, workspace, person);
};

async function whyNotAdmin(
  { workspace, person }: InputOf<'command'>,
  slack: SlackContext,
): Promise<string | undefined> {
  const admin = await isAdmin(slack, workspace, person.key);
  if (admin === undefined) return 'Slack does not tell me whether you are an admin. Please try again in a moment.';
  if (admin) return undefined;
  return 'Only admins of this workspace may do that, and those whom `SLACK_ADMINS` lists.';
}
