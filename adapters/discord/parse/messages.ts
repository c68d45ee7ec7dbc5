import { MessageType } from 'discord.js';
import { ignored } from '../../delivery/inputs.ts';
import { conversationKey, messageKey } from '../keys.ts';
import { isForSomebodyElse, nameOf, names, plainWords } from '../words.ts';
import type { Asked, DiscordInput } from './inputs.ts';
import { type Channel, changedMessage, type Message, message as messageForm } from './payloads.ts';

/** Where and to whom something was said. */
export interface Surroundings {
  readonly workspace: string;
  readonly channel: Channel;
  /** The bot. */
  readonly own: string;
}

/** Messages that people write; all others are notices of Discord's. */
const WRITTEN: readonly number[] = [MessageType.Default, MessageType.Reply];

/** Why a message is none of the bot's business; undefined when it may be. */
function whyNot({ author, webhook_id, type }: Message, own: string): string | undefined {
  if (author.id === own) return 'own message';
  if (author.bot === true || author.system === true || (webhook_id ?? null) !== null) return 'message of a bot';
  return WRITTEN.includes(type ?? 0) ? undefined : 'not written by a person';
}

/** The conversation that a message in a channel belongs to, or begins. */
export function conversationOf(channel: Channel, message: string): string {
  if (channel.isDirect) return conversationKey({ channel: channel.id, root: channel.id });
  if (channel.parent !== null) return conversationKey({ channel: channel.parent, root: channel.id });
  return conversationKey({ channel: channel.id, root: message });
}

/** The question in a message; a word why there is none. */
export function askedIn(message: Message, { workspace, channel, own }: Surroundings): Asked | string {
  const because = whyNot(message, own);
  if (because !== undefined) return because;
  const written = message.content ?? '';
  const { id, author, member, mentions = [], message_reference: reference } = message;
  const { isDirect } = channel;
  const isMention = (mentions ?? []).some((one) => one.id === own) || names(written, own);
  const isInThread = channel.parent !== null && id !== channel.id;
  const isAnswer = message.type === MessageType.Reply && typeof reference?.message_id === 'string';
  const repliesTo =
    isAnswer && reference?.message_id ? messageKey({ channel: channel.id, id: reference.message_id }) : null;
  if (!isDirect && !isMention && !isInThread && repliesTo === null) return 'not addressed to the bot';
  if (!isDirect && !isMention && isForSomebodyElse(written, own)) return 'addressed to somebody else';
  return {
    workspace,
    channel: channel.id,
    conversation: conversationOf(channel, id),
    message: messageKey({ channel: channel.id, id }),
    person: { key: author.id, name: member?.nick || nameOf(author) },
    text: plainWords(written, own, mentions ?? []),
    isDirect,
    isMention,
    isReply: isDirect || isInThread || repliesTo !== null,
    repliesTo,
    hasFiles: (message.attachments ?? []).length > 0,
  };
}

/** @param data of `MESSAGE_CREATE`; whatever it is, nothing is thrown */
export function parseMessage(data: unknown, surroundings: Surroundings): DiscordInput {
  const parsed = messageForm.safeParse(data);
  if (!parsed.success) return ignored('malformed message');
  const asked = askedIn(parsed.data, surroundings);
  return typeof asked === 'string' ? ignored(asked) : { type: 'question', ...asked };
}

/** @param data of `MESSAGE_UPDATE`; whatever it is, nothing is thrown */
export function parseEdit(data: unknown, surroundings: Surroundings): DiscordInput {
  if (!changedMessage.safeParse(data).success) return ignored('malformed change of a message');
  const parsed = messageForm.safeParse(data);
  if (!parsed.success) return ignored('a change of something else than the words');
  // Cards under links and threads under messages change them too.
  if ((parsed.data.edited_timestamp ?? null) === null) return ignored('a change of something else than the words');
  const asked = askedIn(parsed.data, surroundings);
  return typeof asked === 'string' ? ignored(asked) : { type: 'edited', ...asked };
}
