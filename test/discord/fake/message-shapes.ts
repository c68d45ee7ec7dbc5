import { MessageFlags, MessageType } from 'discord.js';
import { channelShape, userShape } from './shapes.ts';
import type { Interaction, Json, Message, User } from './types.ts';
import { timeOf, type World } from './world.ts';

const reactionsShape = ({ reactions }: Message, bot: User): Json =>
  reactions.size === 0
    ? {}
    : {
        reactions: [...reactions.values()].map(({ emoji, users, supers }) => ({
          emoji,
          count: users.length + supers.length,
          count_details: { burst: supers.length, normal: users.length },
          me: users.includes(bot),
          me_burst: supers.includes(bot),
          burst_colors: [],
        })),
      };

function interactionShape({ id, type, user, name, source }: Interaction): Json {
  const metadata = {
    id,
    type,
    user: userShape(user),
    authorizing_integration_owners: {},
    ...(source === undefined ? {} : { interacted_message_id: source.id }),
  };
  return {
    interaction_metadata: metadata,
    ...(name === undefined ? {} : { interaction: { id, type: 2, name, user: userShape(user) } }),
  };
}

export interface Seeing {
  /** Whether the app may read content that is not meant for it; as the developer portal says unless given. */
  readonly mayRead?: boolean;
  /** Whether the message that this one answers is shown too; true unless given. */
  readonly withReference?: boolean;
}

const referenceShape = ({ referenceIds, channel }: Message): Json =>
  referenceIds === undefined
    ? {}
    : {
        message_reference: {
          type: 0,
          message_id: referenceIds.message,
          channel_id: referenceIds.channel,
          ...(channel.guild === undefined ? {} : { guild_id: channel.guild.id }),
        },
      };

/** Types of messages that show the one to which they point. */
const ANSWERING: readonly MessageType[] = [
  MessageType.Reply,
  MessageType.ThreadStarterMessage,
  MessageType.ContextMenuCommand,
];

/** Whether the app may read a message's content without the privileged intent. */
const isOpen = ({ app }: World, { author, channel, mentions }: Message) =>
  author === app.bot || channel.guild === undefined || mentions.includes(app.bot);

function contentShape(world: World, message: Message, mayRead: boolean): Json {
  if (!mayRead && !isOpen(world, message)) return { content: '', embeds: [], components: [] };
  const { content, components, flags } = message;
  return { content, embeds: (flags & MessageFlags.SuppressEmbeds) === 0 ? message.embeds : [], components };
}

/** A message as the app may see it: without its content when that is privileged and it may not read it. */
export function messageShape(world: World, message: Message, seeing: Seeing = {}): Json {
  const { mayRead = world.app.privileged.messageContent, withReference = true } = seeing;
  const { channel, author, interaction, reference, thread, type } = message;
  const answers = reference !== undefined && ANSWERING.includes(type);
  return {
    id: message.id,
    type,
    channel_id: channel.id,
    author: userShape(author),
    timestamp: timeOf(message.id),
    edited_timestamp: message.editedAt ?? null,
    tts: false,
    mention_everyone: message.mentionsEveryone,
    mentions: message.mentions.map(userShape),
    mention_roles: message.mentionedRoles,
    attachments: [],
    pinned: false,
    flags: message.flags,
    ...contentShape(world, message, mayRead),
    ...reactionsShape(message, world.app.bot),
    ...(author === world.app.bot ? { application_id: world.app.id } : {}),
    ...(interaction === undefined ? {} : { webhook_id: world.app.id, ...interactionShape(interaction) }),
    ...referenceShape(message),
    ...(answers && withReference
      ? {
          referenced_message: reference.isDeleted
            ? null
            : messageShape(world, reference, { mayRead, withReference: false }),
        }
      : {}),
    ...(thread === undefined ? {} : { thread: channelShape(thread) }),
  };
}
