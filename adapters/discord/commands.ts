import {
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  ApplicationCommandOptionType as Option,
  PermissionFlagsBits,
  type RESTPutAPIApplicationCommandsJSONBody,
} from 'discord.js';
import type { CommandWords } from '../delivery/assistant-command.ts';
import type { DiscordApi } from './api.ts';
import { limits } from './limits.ts';

export const commandNames = { admin: 'foursight', ask: 'ask', about: 'Ask Foursight about this' } as const;

/** What is typed here for a word, or a capital, that is an option of a menu. */
const optionOf = (word: string, before: string | undefined): string => {
  if (word === 'dry-run') return 'dry-run:True';
  if (word === '--force') return 'force:True';
  if (before === 'training') return `choice:${word}`;
  return before === 'show' || before === 'promote' ? `version:${word}` : word;
};

export const commandWords: CommandWords = {
  typed(command) {
    const [verb = '', ...rest] = command.split(' ');
    if (verb === 'ask') return `/${commandNames.ask} question:${rest.join(' ')}`;
    return [`/${commandNames.admin}`, verb, ...rest.map((word, index) => optionOf(word, [verb, ...rest][index]))].join(
      ' ',
    );
  },
  asking: 'ask, as if you had mentioned me',
};

const everywhere = {
  contexts: [InteractionContextType.Guild, InteractionContextType.BotDM],
  integration_types: [ApplicationIntegrationType.GuildInstall],
};

const version = {
  type: Option.Integer,
  name: 'version',
  description: 'Its number',
  required: true,
  min_value: 0,
} as const;
const simple = (name: string, description: string, options: object[] = []) => ({
  type: Option.Subcommand as const,
  name,
  description,
  options: options as never[],
});

/** Who may manage the server sees it; the server's settings show it to others too. */
const admin = {
  type: ApplicationCommandType.ChatInput,
  name: commandNames.admin,
  description: 'Look after Foursight',
  default_member_permissions: String(PermissionFlagsBits.ManageGuild),
  ...everywhere,
  options: [
    simple('status', 'Whether all is well'),
    simple('retrain', 'Learn from the ratings', [
      { type: Option.Boolean, name: 'dry-run', description: 'Only show what from' },
    ]),
    {
      type: Option.SubcommandGroup as const,
      name: 'policy',
      description: 'The versions that have been trained',
      options: [
        simple('list', 'All versions'),
        simple('show', 'One version', [version]),
        simple('promote', 'Make a version live', [
          version,
          { type: Option.Boolean, name: 'force', description: 'Also one that has not passed its exam' },
        ]),
        simple('rollback', 'Make the version live that was live before'),
      ],
    },
    simple('report', 'What the last night brought'),
    simple('training', 'Whether I may learn from your direct messages', [
      {
        type: Option.String,
        name: 'choice',
        description: 'Leave it out to see how it is',
        choices: ['on', 'off'].map((value) => ({ name: value, value })),
      },
    ]),
    simple('help', 'How to use me'),
  ],
};

/** The commands of the app, as Discord takes them. */
export const commands: RESTPutAPIApplicationCommandsJSONBody = [
  admin,
  {
    type: ApplicationCommandType.ChatInput,
    name: commandNames.ask,
    description: 'Ask a question',
    ...everywhere,
    options: [
      {
        type: Option.String,
        name: 'question',
        description: 'What you want to know',
        required: true,
        max_length: limits.askedByCommand,
      },
    ],
  },
  { type: ApplicationCommandType.Message, name: commandNames.about, ...everywhere },
];

/** Makes the app's commands these: the same ones once more change nothing. */
export const registerCommands = (api: DiscordApi, app: string): Promise<void> => api.setCommands(app, commands);
