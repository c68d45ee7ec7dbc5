import { FoursightError } from '../../src/errors.ts';
import { refusedMarkdown } from './admin-text.ts';
import { type AssistantCommand, type CommandWords, isForAdmins } from './assistant-command.ts';
import type { ChatContext } from './chat-context.ts';
import { commandResult } from './command-result.ts';
import type { Person } from './inputs.ts';

/** A command that a person gave. */
export interface GivenCommand {
  readonly command: AssistantCommand;
  readonly workspace: string;
  readonly person: Person;
}

/** What a platform has to say about commands. */
export interface CommandRules {
  readonly words: CommandWords;
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
      const { workspace, person } = given;
      const isAdmin = async () => (await rules.isAdmin()) === true;
      const by = { platform: context.platform, workspace, person, isAdmin, platformName: rules.name };
      await rules.say(await commandResult(command, { ...by, words: rules.words }, context));
      return true;
    }
  } catch (error) {
    if (!(error instanceof FoursightError)) throw error;
    context.log.info({ err: error, command: command.type }, 'a command could not be done');
    await rules.say(refusedMarkdown(error, rules.words));
  }
  return false;
}

async function whyNotAdmin(rules: CommandRules): Promise<string | undefined> {
  const admin = await rules.isAdmin();
  if (admin === undefined)
    return `${rules.name} does not tell me whether you are an admin. Please try again in a moment.`;
  return admin ? undefined : rules.onlyAdmins;
}
