import { ignored } from '../../delivery/inputs.ts';
import { conversationKey, isDirectChannel, messageKey } from '../keys.ts';
import { isForSomebodyElse, mentions, plainWords } from '../words.ts';
import type { Asked, SlackInput } from './inputs.ts';
import { changedEvent, deletedEvent, type EventBody, type InnerMessage, messageEvent } from './payloads.ts';
import { isStranger } from './workspace.ts';

/** Who the bot is in the workspace. */
export interface Own {
  readonly user: string;
  readonly bot: string | null;
}

interface Context {
  readonly body: EventBody;
  readonly workspace: string;
  readonly own: Own;
}

/** Messages that people write; all others are notices of Slack's, hidden ones or of bots. */
const writtenSubtypes: readonly (string | null | undefined)[] = [undefined, null, 'file_share', 'thread_broadcast'];
const SLACKBOT = 'USLACKBOT';

/** Whoever wrote a message, also one that is gone. */
interface Writer {
  readonly user?: string | null | undefined;
  readonly bot_id?: string | null | undefined;
  readonly subtype?: string | null | undefined;
}

const isOwn = (message: Writer, own: Own): boolean =>
  message.user === own.user || (own.bot !== null && message.bot_id === own.bot);

const isOfBot = ({ bot_id, subtype, user }: Writer): boolean =>
  (bot_id !== null && bot_id !== undefined) || subtype === 'bot_message' || user === SLACKBOT;

interface Place {
  readonly channel: string;
  readonly channelType: string | null | undefined;
  readonly isMention: boolean;
}

/** Why a message is none of the bot's business; undefined when it may be. */
function whyNot(message: InnerMessage, own: Own): string | undefined {
  if (isOwn(message, own)) return 'own message';
  if (isOfBot(message)) return 'message of a bot';
  if (message.hidden === true) return 'hidden message';
  return writtenSubtypes.includes(message.subtype) ? undefined : 'not written by a person';
}

/** The question in a message; a word why there is none. */
function askedIn(
  message: InnerMessage,
  { channel, channelType, isMention: isTold }: Place,
  context: Context,
): Asked | string {
  const { body, workspace, own } = context;
  const { user, ts } = message;
  const because = whyNot(message, own);
  if (because !== undefined) return because;
  if (user === null || user === undefined) return 'message without a person';
  const written = message.text ?? '';
  const isDirect = (channelType ?? (isDirectChannel(channel) ? 'im' : '')) === 'im';
  const isMention = isTold || mentions(written, own.user);
  const isReply = message.thread_ts !== null && message.thread_ts !== undefined && message.thread_ts !== ts;
  if (!isDirect && !isMention && !isReply) return 'not addressed to the bot';
  if (!isDirect && !isMention && isForSomebodyElse(written, own.user)) return 'addressed to somebody else';
  return {
    workspace,
    channel,
    conversation: conversationKey({ channel, threadTs: message.thread_ts ?? ts }),
    message: messageKey({ channel, ts }),
    person: { key: user, name: '' },
    text: plainWords(written, own.user),
    isDirect,
    isMention,
    isReply,
    hasFiles: (message.files ?? []).length > 0,
    isStranger: isStranger(body, message),
  };
}

function changed(context: Context): SlackInput {
  const parsed = changedEvent.safeParse(context.body.event);
  if (!parsed.success) return ignored('malformed message_changed');
  const { channel, channel_type, message, previous_message: previous } = parsed.data;
  // What has answers is not removed: it becomes a gravestone.
  if (message.subtype === 'tombstone') return deletion(context, channel, message.ts, previous ?? message);
  if (previous?.text === message.text) return ignored('a change of something else than the words');
  const asked = askedIn(message, { channel, channelType: channel_type, isMention: false }, context);
  return typeof asked === 'string' ? ignored(asked) : { type: 'edited', ...asked };
}

function deletion(context: Context, channel: string, ts: string, gone: Writer): SlackInput {
  const isMine = isOwn(gone, context.own);
  if (!isMine && isOfBot(gone)) return ignored('message of a bot');
  return {
    type: 'deleted',
    workspace: context.workspace,
    channel,
    message: messageKey({ channel, ts }),
    isOwn: isMine,
  };
}

function deleted(context: Context): SlackInput {
  const parsed = deletedEvent.safeParse(context.body.event);
  if (!parsed.success) return ignored('malformed message_deleted');
  const { channel, deleted_ts, previous_message } = parsed.data;
  return deletion(context, channel, deleted_ts, previous_message ?? {});
}

/** `message` with whatever subtype, and `app_mention`. */
export function parseMessage(context: Context): SlackInput {
  const { type, subtype } = context.body.event;
  if (subtype === 'message_changed') return changed(context);
  if (subtype === 'message_deleted') return deleted(context);
  const parsed = messageEvent.safeParse(context.body.event);
  if (!parsed.success) return ignored(`malformed ${type}`);
  const { channel, channel_type: channelType } = parsed.data;
  const asked = askedIn(parsed.data, { channel, channelType, isMention: type === 'app_mention' }, context);
  return typeof asked === 'string' ? ignored(asked) : { type: 'question', ...asked };
}
