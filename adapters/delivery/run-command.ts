import { FoursightError } from '../../src/errors.ts';
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
} from './admin-text.ts';
import { type AssistantCommand, isForAdmins } from './assistant-command.ts';
import type { ChatContext } from './chat-context.ts';
import type { Person } from './inputs.ts';
import { lastNight, standingOf, undeliverableIn } from './standing.ts';

/** A command that a person gave. */
export interface GivenCommand {
  readonly command: AssistantCommand;
  readonly workspace: string;
  readonly person: Person;
}

/** What a platform has to say about commands. */
export interface CommandRules {
  /** How the command is called, e.g. `/foursight`. */
  readonly command: string;
  /** The platform's name, as people write it. */
  readonly name: string;
  /** Whether the person may change what answers everybody; undefined when the platform does not tell. */
  isAdmin(): Promise<boolean | undefined>;
  /** Who may, for those who may not. */
  readonly onlyAdmins: string;
  /** Tells the person alone; what fails is logged, never thrown. */
  say(markdown: string): Promise<void>;
  ask(text: string): Promise<void>;
  retrain(): Promise<void>;
}

/** Does what a command says, and tells the person what came of it. @returns whether it was one whose result is all there is to it, and was told */
export async function runCommand(given: GivenCommand, rules: CommandRules, context: ChatContext): Promise<boolean> {
  const { command } = given;
  const refusal = isForAdmins(command) ? await whyNotAdmin(rules) : undefined;
  try {
    if (refusal !== undefined) await rules.say(refusal);
    else if (command.type === 'ask') await rules.ask(command.text);
    else if (command.type === 'retrain' && !command.isDryRun) await rules.retrain();
    else {
      await rules.say(await resultOf(command, given, rules, context));
      return true;
    }
  } catch (error) {
    if (!(error instanceof FoursightError)) throw error;
    context.log.info({ err: error, command: command.type }, 'a command could not be done');
    await rules.say(refusedMarkdown(error, rules.command));
  }
  return false;
}

async function whyNotAdmin(rules: CommandRules): Promise<string | undefined> {
  const admin = await rules.isAdmin();
  if (admin === undefined)
    return `${rules.name} does not tell me whether you are an admin. Please try again in a moment.`;
  return admin ? undefined : rules.onlyAdmins;
}

async function resultOf(
  command: Exclude<AssistantCommand, { type: 'ask' }>,
  { workspace, person }: GivenCommand,
  rules: CommandRules,
  context: ChatContext,
): Promise<string> {
  const { platform, loop, desk } = context;
  const id = () => desk.workspaceId(platform, workspace);
  const who = { platform, workspace, person };
  const reason = `by ${person.name === '' ? person.key : person.name}, in ${rules.name}`;
  switch (command.type) {
    case 'help':
      return helpMarkdown(rules.command);
    case 'wrong':
      return `${command.why}\n\n${helpMarkdown(rules.command)}`;
    case 'status':
      return statusFor(workspace, rules, context);
    case 'report': {
      const run = await lastNight(context, workspace);
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

async function statusFor(workspace: string, { isAdmin }: CommandRules, context: ChatContext): Promise<string> {
  const { status } = await standingOf(context, workspace);
  if ((await isAdmin()) !== true) return statusMarkdown(status);
  const failures = undeliverableMarkdown(await undeliverableIn(context, workspace));
  return [statusMarkdown(status), failures].filter((part) => part !== '').join('\n\n');
}
