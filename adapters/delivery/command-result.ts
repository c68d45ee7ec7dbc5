import type { PersonOfPlatform } from '../../src/domain/person.ts';
import {
  helpMarkdown,
  policiesMarkdown,
  policyMarkdown,
  promotedMarkdown,
  ratedMarkdown,
  runMarkdown,
  statusMarkdown,
  trainingMarkdown,
  undeliverableMarkdown,
} from './admin-text.ts';
import type { AssistantCommand, CommandWords } from './assistant-command.ts';
import { type Administration, lastNight, standingOf, undeliverableIn } from './standing.ts';

/** Who commands. */
export interface Commander extends PersonOfPlatform {
  /** Whether the person may change what answers everybody: asked for only where it makes a difference. */
  isAdmin(): Promise<boolean>;
  /** Of the platform, as people call it: kept with what is changed. */
  readonly platformName: string;
  /** How commands are written there. */
  readonly words: CommandWords;
}

/**
 * Does what a command asks, which is allowed, and says what came of it, in Markdown. A training is not begun here, but what it would
 * be on is said: each platform follows it in its own way.
 * @throws InputError for what there is not
 */
export async function commandResult(
  command: Exclude<AssistantCommand, { type: 'ask' }>,
  by: Commander,
  administration: Administration,
): Promise<string> {
  const { loop, desk } = administration;
  const { person, words } = by;
  const id = () => desk.workspaceId(by.platform, by.workspace);
  const reason = `by ${person.name === '' ? person.key : person.name}, in ${by.platformName}`;
  switch (command.type) {
    case 'help':
      return helpMarkdown(words);
    case 'wrong':
      return `${command.why}\n\n${helpMarkdown(words)}`;
    case 'status':
      return statusFor(by, administration);
    case 'report': {
      const run = await lastNight(administration, by);
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
      return promotedMarkdown(await loop.promote({ workspaceId: await id(), version, force, reason }), words);
    }
    case 'policyRollback':
      return promotedMarkdown(await loop.rollback({ workspaceId: await id(), reason }), words);
    case 'training': {
      if (command.isOn !== null) await loop.setTrainsOnDirect(by, command.isOn);
      return trainingMarkdown(await loop.trainsOnDirect(by), words);
    }
  }
}

async function statusFor(by: Commander, administration: Administration): Promise<string> {
  const { status } = await standingOf(administration, by);
  if (!(await by.isAdmin())) return statusMarkdown(status);
  const failures = undeliverableMarkdown(await undeliverableIn(administration, by));
  return [statusMarkdown(status), failures].filter((part) => part !== '').join('\n\n');
}
