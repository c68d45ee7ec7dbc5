import { ApplicationCommandType, ApplicationCommandOptionType as Option, ComponentType as Type } from 'discord.js';
import { everyComponent } from './contents.ts';
import { isJson } from './messages.ts';
import { guildPermissions, may } from './permissions.ts';
import { channelShape, memberShape, roleShape, userShape } from './shapes.ts';
import type { Channel, Command, Json, Modal, Role, User } from './types.ts';
import type { World } from './world.ts';

// What Discord's client makes of what a person types and presses, and what it would not let them do.

export type OptionValue = string | number | boolean | User | Channel | Role;
export type Options = Readonly<Record<string, OptionValue>>;

const listOf = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isJson) : []);

/** The command that a person can use in a place; throws when their client would not offer it. */
export function offered(
  world: World,
  channel: Channel,
  user: User,
  name: string,
  type: ApplicationCommandType,
): Command {
  const { guild } = channel;
  const all = [...(world.commands.get(guild?.id ?? '') ?? []), ...(world.commands.get('') ?? [])];
  const command = all.find(({ content }) => content.name === name && (content.type ?? 1) === type);
  if (command === undefined) throw new Error(`the app has no command ${name} of type ${type} here`);
  const { default_member_permissions: needed, contexts, dm_permission } = command.content;
  const context = guild === undefined ? 1 : 0;
  const isHere = Array.isArray(contexts) ? contexts.includes(context) : guild !== undefined || dm_permission !== false;
  if (!isHere) throw new Error(`${name} is not for ${guild === undefined ? 'direct messages' : 'guilds'}`);
  if (guild !== undefined && typeof needed === 'string') {
    const bits = BigInt(needed);
    const held = guildPermissions(guild, user);
    if ((held & bits) !== bits || bits === 0n) throw new Error(`${user.name} may not use ${name}`);
  }
  if (guild !== undefined && !may(channel, user, 'UseApplicationCommands'))
    throw new Error(`${user.name} has no permission UseApplicationCommands in ${channel.name}`);
  return command;
}

function checked(option: Json, value: OptionValue): OptionValue {
  const { name, type, choices, min_length, max_length, min_value, max_value } = option;
  const fail = (why: string) => new Error(`option ${name}: ${why}`);
  const isNumber = type === Option.Integer || type === Option.Number;
  const wanted =
    type === Option.String ? 'string' : isNumber ? 'number' : type === Option.Boolean ? 'boolean' : 'object';
  if (typeof value !== wanted) throw fail(`needs a ${wanted}`);
  if (typeof value === 'string') {
    const { length } = [...value];
    if (length < Number(min_length ?? 0) || length > Number(max_length ?? 6_000)) throw fail('wrong length');
  }
  if (typeof value === 'number' && (value < Number(min_value ?? value) || value > Number(max_value ?? value)))
    throw fail('out of range');
  const allowed = listOf(choices).map((choice) => choice.value);
  if (allowed.length > 0 && !allowed.includes(value)) throw fail('not among the choices');
  return value;
}

function filled(options: readonly Json[], given: Options): Json[] {
  for (const name of Object.keys(given))
    if (!options.some((option) => option.name === name)) throw new Error(`the command has no option ${name}`);
  return options.flatMap((option) => {
    const value = given[String(option.name)];
    if (value === undefined && option.required) throw new Error(`option ${option.name} is required`);
    if (value === undefined) return [];
    const sent = checked(option, value);
    return [{ name: option.name, type: option.type, value: typeof sent === 'object' ? sent.id : sent }];
  });
}

/** What the options name, for those that are ids. */
function resolvedOf({ guild }: Channel, given: Options): Json {
  const resolved: Record<string, Record<string, Json>> = {};
  const put = (kind: string, id: string, shape: Json) => {
    resolved[kind] = { ...resolved[kind], [id]: shape };
  };
  for (const value of Object.values(given)) {
    if (typeof value !== 'object') continue;
    if ('isBot' in value) {
      put('users', value.id, userShape(value));
      const member = guild?.members.get(value.id);
      if (member !== undefined && guild !== undefined)
        put('members', value.id, { ...memberShape(member), permissions: String(guildPermissions(guild, value)) });
    } else if ('messages' in value) put('channels', value.id, { ...channelShape(value), permissions: '0' });
    else if (guild !== undefined) put('roles', value.id, roleShape(guild, value));
  }
  return Object.keys(resolved).length === 0 ? {} : { resolved };
}

/** The data of a slash command; `words` are its name and those of a group and a subcommand. */
export function typedData(channel: Channel, command: Command, words: readonly string[], given: Options): Json {
  const nest = (options: readonly Json[], [word, ...rest]: readonly string[]): Json[] => {
    const isNested = options.some(({ type }) => type === Option.Subcommand || type === Option.SubcommandGroup);
    if (word === undefined && isNested) throw new Error(`${command.content.name} needs a subcommand`);
    if (word === undefined) return filled(options, given);
    const found = options.find(({ name }) => name === word);
    if (found === undefined) throw new Error(`${command.content.name} has no subcommand ${word}`);
    return [{ name: word, type: found.type, options: nest(listOf(found.options), rest) }];
  };
  return {
    ...commandData(command),
    options: nest(listOf(command.content.options), words.slice(1)),
    ...resolvedOf(channel, given),
  };
}

export const commandData = ({ id, content, guild }: Command): Json => ({
  id,
  name: content.name,
  type: content.type ?? ApplicationCommandType.ChatInput,
  ...(guild === undefined ? {} : { guild_id: guild.id }),
});

/** The data of a press of a button, or of a choice from a menu. */
export function pressedData(
  components: readonly Json[],
  customId: string,
  values: readonly string[] | undefined,
): Json {
  const all = everyComponent(components).map(({ component }) => component);
  const found = all.find(({ custom_id }) => custom_id === customId);
  if (found === undefined)
    throw new Error(
      `there is no component ${customId}, only ${
        all
          .map(({ custom_id }) => custom_id)
          .filter(Boolean)
          .join(', ') || 'none'
      }`,
    );
  if (found.disabled) throw new Error(`${customId} is disabled`);
  const { type: component_type, id } = found;
  if (component_type === Type.Button) return { custom_id: customId, component_type, id };
  if (component_type === Type.StringSelect)
    for (const value of values ?? [])
      if (!listOf(found.options).some((option) => option.value === value))
        throw new Error(`${customId} has no ${value}`);
  return { custom_id: customId, component_type, id, values: values ?? [] };
}

function inputChecked(field: Json, value: string): string {
  const { custom_id: id, required = true, min_length: least = 0, max_length: most = 4_000 } = field;
  const { length } = [...value];
  if (required && length === 0) throw new Error(`${id} is required`);
  if (length > 0 && (length < Number(least) || length > Number(most))) throw new Error(`${id} has the wrong length`);
  return value;
}

/** The data of a modal that is submitted; fields that are not named keep what they were shown with. */
export function submittedData(modal: Modal, given: Readonly<Record<string, string | readonly string[]>>): Json {
  const used = new Set<unknown>();
  const fill = (component: Json): Json => {
    const { type, custom_id: id } = component;
    used.add(id);
    const value = given[String(id)];
    const fallback = typeof component.value === 'string' ? component.value : '';
    if (type !== Type.TextInput) return { type, custom_id: id, values: value ?? [] };
    return { type, custom_id: id, value: inputChecked(component, String(value ?? fallback)) };
  };
  const components = modal.components.map((component, index) => {
    const id = index + 1;
    if (component.type === Type.ActionRow) return { type: 1, id, components: listOf(component.components).map(fill) };
    if (isJson(component.component)) return { type: component.type, id, component: fill(component.component) };
    return { type: component.type, id };
  });
  for (const id of Object.keys(given)) if (!used.has(id)) throw new Error(`the modal has no field ${id}`);
  return { custom_id: modal.customId, components };
}
