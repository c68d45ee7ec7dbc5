import { ApplicationCommandType, PermissionFlagsBits } from 'discord.js';
import { type AssistantCommand, parseAssistantCommand } from '../../delivery/assistant-command.ts';
import { reasonOf } from '../../delivery/feedback.ts';
import { ignored } from '../../delivery/inputs.ts';
import { actionOf, reasonForm } from '../action-ids.ts';
import { commandNames } from '../commands.ts';
import { messageKey } from '../keys.ts';
import { nameOf, plainWords } from '../words.ts';
import type { DiscordInput, Press } from './inputs.ts';
import {
  type CommandOption,
  command as commandForm,
  type InteractionBase,
  message as messageForm,
  press as pressForm,
  submission,
} from './payloads.ts';

function bits(text: string | null | undefined): bigint | null {
  return text !== null && text !== undefined && /^\d{1,30}$/.test(text) ? BigInt(text) : null;
}

/** Who acted and where; undefined when Discord does not tell. */
function pressOf(base: InteractionBase, workspace: string): Press | undefined {
  const person = base.member?.user ?? base.user;
  const { channel_id: channel, id, token, member, guild_id } = base;
  if (!person || !channel) return undefined;
  const may = bits(member?.permissions) ?? 0n;
  return {
    workspace,
    person: { key: person.id, name: member?.nick || nameOf(person) },
    channel,
    isDirect: (guild_id ?? null) === null,
    occasion: { id, token },
    mayManage: (may & (PermissionFlagsBits.ManageGuild | PermissionFlagsBits.Administrator)) !== 0n,
    roles: member?.roles ?? [],
    botMay: guild_id ? bits(base.app_permissions) : null,
  };
}

/** @param data of a press; whatever it is, nothing is thrown */
function parsePress(data: unknown, workspace: string): DiscordInput {
  const parsed = pressForm.safeParse(data);
  if (!parsed.success) return ignored('malformed press');
  const action = actionOf(parsed.data.data.custom_id);
  if (action === undefined) return ignored('a button of something else');
  const press = pressOf(parsed.data, workspace);
  if (press === undefined) return ignored('a press of nobody');
  if (action.type === 'rate') return { type: 'rated', answerId: action.answerId, vote: action.vote, ...press };
  if (action.type === 'reason') return { type: 'reasonWanted', answerId: action.answerId, ...press };
  return { type: action.type, questionId: action.questionId, ...press };
}

function parseSubmission(data: unknown, workspace: string): DiscordInput {
  const parsed = submission.safeParse(data);
  if (!parsed.success) return ignored('malformed form');
  const action = actionOf(parsed.data.data.custom_id);
  const press = pressOf(parsed.data, workspace);
  if (action?.type !== 'reason' || press === undefined) return ignored('a form of another kind');
  const fields = parsed.data.data.components.flatMap(({ component, components }) => [
    ...(component ? [component] : []),
    ...(components ?? []),
  ]);
  const field = (name: string) => fields.find((one) => one.custom_id === name);
  const chosen = field(reasonForm.chosen)?.values ?? [];
  const reason = reasonOf(chosen, field(reasonForm.written)?.value ?? '');
  return { type: 'reason', answerId: action.answerId, reason, ...press };
}

/** The words that somebody would type for a command of menus: its subcommands and what they were given. */
function typedOf(options: readonly CommandOption[] | null | undefined): string[] {
  return (options ?? []).flatMap(({ name, value, options: more }) => {
    if (value === true) return [name];
    if (value === false) return [];
    return value === undefined ? [name, ...typedOf(more)] : [String(value)];
  });
}

const commandOf = (options: readonly CommandOption[] | null | undefined): AssistantCommand =>
  parseAssistantCommand(typedOf(options).join(' '));

function parseCommand(data: unknown, workspace: string, own: string): DiscordInput {
  const parsed = commandForm.safeParse(data);
  if (!parsed.success) return ignored('malformed command');
  const { data: given } = parsed.data;
  const press = pressOf(parsed.data, workspace);
  if (press === undefined) return ignored('a command of nobody');
  if (given.type === ApplicationCommandType.Message) {
    const target = messageForm.safeParse(given.resolved?.messages?.[given.target_id ?? '']).data;
    if (given.name !== commandNames.about || target === undefined) return ignored('a command of another app');
    const text = plainWords(target.content ?? '', own, target.mentions ?? []);
    return { type: 'asked', text, about: messageKey({ channel: press.channel, id: target.id }), ...press };
  }
  if (given.name === commandNames.ask) {
    const text = given.options?.find(({ name }) => name === 'question')?.value;
    return { type: 'asked', text: typeof text === 'string' ? text.trim() : '', about: null, ...press };
  }
  if (given.name !== commandNames.admin) return ignored('a command of another app');
  return { type: 'command', command: commandOf(given.options), ...press };
}

/** Kinds of interactions. */
const parsers = new Map<unknown, (data: unknown, workspace: string, own: string) => DiscordInput>([
  [2, parseCommand],
  [3, parsePress],
  [5, parseSubmission],
]);

/** @param data of `INTERACTION_CREATE`; whatever it is, nothing is thrown */
export function parseInteraction(data: unknown, workspace: string, own: string): DiscordInput {
  const type = typeof data === 'object' && data !== null && 'type' in data ? data.type : undefined;
  return parsers.get(type)?.(data, workspace, own) ?? ignored('an interaction of another kind');
}
