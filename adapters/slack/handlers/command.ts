import { FoursightError } from '../../../src/errors.ts';
import {
  helpMarkdown,
  policiesMarkdown,
  policyMarkdown,
  promotedMarkdown,
  ratedMarkdown,
  refusedMarkdown,
  runMarkdown,
  statusMarkdown,
  trainingMarkdown,
  undeliverableMarkdown,
} from '../../delivery/admin-text.ts';
import { type AssistantCommand, isForAdmins } from '../../delivery/assistant-command.ts';
import { lastNight, standingOf, undeliverableIn } from '../../delivery/standing.ts';
import { type Handler, type InputOf, PLATFORM, type SlackContext } from '../context.ts';
import { COMMAND, renderNotice } from '../render.ts';
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
    await say(await resultOf(command, input, slack));
  } catch (error) {
    if (!(error instanceof FoursightError)) throw error;
    slack.log.info({ err: error, command: command.type }, 'a command could not be done');
    return say(refusedMarkdown(error, COMMAND));
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

async function resultOf(
  command: Exclude<AssistantCommand, { type: 'ask' }>,
  { workspace, person }: InputOf<'command'>,
  slack: SlackContext,
): Promise<string> {
  const { loop, desk } = slack;
  const id = () => desk.workspaceId(PLATFORM, workspace);
  const who = { platform: PLATFORM, workspace, person };
  const reason = `by ${person.name === '' ? person.key : person.name}, in Slack`;
  switch (command.type) {
    case 'help':
      return helpMarkdown(COMMAND);
    case 'wrong':
      return `${command.why}\n\n${helpMarkdown(COMMAND)}`;
    case 'status':
      return statusFor(workspace, person.key, slack);
    case 'report': {
      const run = await lastNight(slack, workspace);
      return run === null ? 'There has been no training yet: rate some answers.' : runMarkdown(run);
    }
    case 'retrain':
      return `**What I would be trained on**\n${ratedMarkdown(await loop.rated(await id()))}`;
    case 'policyList':
      return policiesMarkdown(await loop.policies(await id()));
    case 'policyShow':
      return policyMarkdown(await loop.policy(await id(), command.version));
    case 'policyPromote': {
      const { version, isForced: force } = command;
      return promotedMarkdown(await loop.promote({ workspaceId: await id(), version, force, reason }));
    }
    case 'policyRollback':
      return promotedMarkdown(await loop.rollback({ workspaceId: await id(), reason }));
    case 'training': {
      if (command.isOn !== null) await loop.setTrainsOnDirect(who, command.isOn);
      return trainingMarkdown(await loop.trainsOnDirect(who));
    }
  }
}

async function statusFor(workspace: string, person: string, slack: SlackContext): Promise<string> {
  const { status } = await standingOf(slack, workspace);
  if (!(await isAdmin(slack, workspace, person))) return statusMarkdown(status);
  const failures = undeliverableMarkdown(await undeliverableIn(slack, workspace));
  return [statusMarkdown(status), failures].filter((part) => part !== '').join('\n\n');
}
