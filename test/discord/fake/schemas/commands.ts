import { ChannelType, ApplicationCommandType as Kind, ApplicationCommandOptionType as Option } from 'discord.js';
import { z } from 'zod';
import { LIMITS } from '../limits.ts';
import { fault, snowflake, text } from './values.ts';

const { command: most } = LIMITS;
const LOWER = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;

const lowerName = z.string().superRefine((name, context) => {
  if (!LOWER.test(name) || name !== name.toLowerCase())
    context.addIssue(fault('APPLICATION_COMMAND_INVALID_NAME', 'Command name is invalid'));
});
const translations = z.record(z.string(), z.string()).nullish();
const choices = z
  .array(
    z.strictObject({
      name: text(most.choice, 1),
      name_localizations: translations,
      value: z.union([text(most.choice), z.number()]),
    }),
  )
  .max(most.choices);

const named = {
  name: lowerName,
  name_localizations: translations,
  description: text(most.description, 1),
  description_localizations: translations,
};
const value = z.strictObject({
  ...named,
  type: z.literal([
    Option.String,
    Option.Integer,
    Option.Boolean,
    Option.User,
    Option.Channel,
    Option.Role,
    Option.Mentionable,
    Option.Number,
    Option.Attachment,
  ]),
  required: z.boolean().optional(),
  choices: choices.nullish(),
  channel_types: z.array(z.enum(ChannelType)).optional(),
  min_value: z.number().optional(),
  max_value: z.number().optional(),
  min_length: z.int().min(0).max(6_000).optional(),
  max_length: z.int().min(1).max(6_000).optional(),
  autocomplete: z.boolean().optional(),
});

const isRequired = (option: object) => 'required' in option && option.required === true;
const requiredFirst = (options: readonly object[], context: z.RefinementCtx) => {
  const firstOptional = options.findIndex((option) => !isRequired(option));
  if (firstOptional >= 0 && options.slice(firstOptional).some(isRequired))
    context.addIssue(
      fault(
        'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID',
        'Required options must be placed before non-required options',
      ),
    );
};
const names = (options: readonly { name: string }[], context: z.RefinementCtx) => {
  if (new Set(options.map(({ name }) => name)).size < options.length)
    context.addIssue(fault('APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS', 'Option name already exists'));
};
const values = z.array(value).max(most.options).superRefine(requiredFirst).superRefine(names);
const subcommand = z.strictObject({ ...named, type: z.literal(Option.Subcommand), options: values.optional() });
const group = z.strictObject({
  ...named,
  type: z.literal(Option.SubcommandGroup),
  options: z.array(subcommand).max(most.options).superRefine(names).optional(),
});
const NESTED: readonly number[] = [Option.Subcommand, Option.SubcommandGroup];
const isValue = ({ type }: { type: number }) => !NESTED.includes(type);
const options = z
  .array(z.discriminatedUnion('type', [value, subcommand, group]))
  .max(most.options)
  .superRefine(names)
  .superRefine((all, context) => requiredFirst(all.filter(isValue), context));

const common = {
  id: snowflake.optional(),
  name_localizations: translations,
  description_localizations: translations,
  default_member_permissions: z.string().regex(/^\d+$/).nullish(),
  dm_permission: z.boolean().nullish(),
  default_permission: z.boolean().nullish(),
  nsfw: z.boolean().optional(),
  integration_types: z.array(z.int().min(0).max(1)).optional(),
  contexts: z.array(z.int().min(0).max(2)).nullish(),
};
const typed = z.strictObject({
  ...common,
  type: z.literal(Kind.ChatInput).optional(),
  name: lowerName,
  description: text(most.description, 1),
  options: options.optional(),
});
const fromMenu = z.strictObject({
  ...common,
  type: z.literal([Kind.User, Kind.Message]),
  name: text(most.name, 1),
  description: z.literal('').optional(),
});

export const anyCommand = z.looseObject({ type: z.int().optional() }).transform((command, context) => {
  const schema = (command.type ?? Kind.ChatInput) === Kind.ChatInput ? typed : fromMenu;
  const parsed = schema.safeParse(command);
  if (parsed.success) return parsed.data;
  // The issues are those of the kind that the command says it is.
  for (const issue of parsed.error.issues) context.issues.push({ ...issue, input: command } as never);
  return z.NEVER;
});

export const allCommands = z.array(anyCommand).superRefine((commands, context) => {
  const counted = (kinds: readonly number[], limit: number) => {
    if (commands.filter(({ type = Kind.ChatInput }) => kinds.includes(type)).length > limit)
      context.addIssue(fault('APPLICATION_COMMANDS_MAX', `Maximum number of application commands reached (${limit}).`));
  };
  counted([Kind.ChatInput], most.all);
  counted([Kind.User], most.contextMenus);
  counted([Kind.Message], most.contextMenus);
  commands.forEach(({ name, type = Kind.ChatInput }, index) => {
    if (commands.findIndex((other) => other.name === name && (other.type ?? Kind.ChatInput) === type) < index)
      context.addIssue(
        fault('APPLICATION_COMMANDS_DUPLICATE_NAME', 'Application command names must be unique', [index]),
      );
  });
});
