import { ChannelType, MessageFlags, MessageType } from 'discord.js';
import { permissionsIn, sees } from './permissions.ts';
import type { Channel, Command, Guild, Interaction, Json, Member, Message, Role, User } from './types.ts';
import { timeOf, type World } from './world.ts';

// What Discord's JSON looks like from outside.

export const userShape = ({ id, name, isBot }: User): Json => ({
  id,
  username: name,
  discriminator: isBot ? '0001' : '0',
  global_name: isBot ? null : name,
  avatar: null,
  bot: isBot,
  public_flags: 0,
});

/** A member without the user, as it stands beside a message's author. */
export const memberShape = ({ roles, joinedAt }: Member): Json => ({
  roles: [...roles],
  nick: null,
  avatar: null,
  banner: null,
  joined_at: joinedAt,
  premium_since: null,
  deaf: false,
  mute: false,
  flags: 0,
  pending: false,
  communication_disabled_until: null,
});

export const fullMemberShape = (member: Member): Json => ({ ...memberShape(member), user: userShape(member.user) });

export const roleShape = (guild: Guild, { id, name, permissions }: Role): Json => ({
  id,
  name,
  color: 0,
  colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
  hoist: false,
  icon: null,
  unicode_emoji: null,
  position: [...guild.roles.keys()].indexOf(id),
  permissions: String(permissions),
  managed: false,
  mentionable: false,
  flags: 0,
});

const isThread = ({ thread }: Channel) => thread !== undefined;

export function channelShape(channel: Channel): Json {
  const { id, type, guild, name, parent, recipient, thread, topic } = channel;
  const last = [...channel.messages.keys()].at(-1) ?? null;
  if (recipient !== undefined) return { id, type, flags: 0, last_message_id: last, recipients: [userShape(recipient)] };
  const common = {
    id,
    type,
    guild_id: guild?.id,
    name,
    parent_id: parent?.id ?? null,
    flags: 0,
    rate_limit_per_user: 0,
  };
  if (thread !== undefined)
    return {
      ...common,
      owner_id: thread.owner.id,
      last_message_id: last,
      message_count: channel.messages.size,
      total_message_sent: channel.messages.size,
      member_count: thread.members.size,
      applied_tags: thread.appliedTags,
      thread_metadata: {
        archived: thread.isArchived,
        archive_timestamp: thread.archivedAt,
        auto_archive_duration: thread.autoArchiveMinutes,
        locked: thread.isLocked,
        create_timestamp: timeOf(id),
      },
    };
  return {
    ...common,
    position: 0,
    nsfw: false,
    topic,
    last_message_id: last,
    permission_overwrites: [...channel.overwrites.values()].map(({ id: of, of: kind, allow, deny }) => ({
      id: of,
      type: kind === 'role' ? 0 : 1,
      allow: String(allow),
      deny: String(deny),
    })),
    ...(type === ChannelType.GuildForum
      ? {
          available_tags: channel.tags.map((tag) => ({ ...tag, moderated: false, emoji_id: null, emoji_name: null })),
          default_reaction_emoji: null,
          default_sort_order: null,
          default_forum_layout: 0,
        }
      : {}),
  };
}

export const threadMemberShape = (thread: Channel, userId: string): Json => ({
  id: thread.id,
  user_id: userId,
  join_timestamp: timeOf(thread.id),
  flags: 0,
});

/** A guild as the REST API gives it. */
export const guildShape = (guild: Guild): Json => ({
  id: guild.id,
  name: guild.name,
  icon: null,
  splash: null,
  discovery_splash: null,
  description: null,
  banner: null,
  owner_id: guild.owner.id,
  afk_channel_id: null,
  afk_timeout: 300,
  verification_level: 0,
  default_message_notifications: 0,
  explicit_content_filter: 0,
  roles: [...guild.roles.values()].map((role) => roleShape(guild, role)),
  emojis: [],
  stickers: [],
  features: [],
  mfa_level: 0,
  application_id: null,
  system_channel_id: null,
  system_channel_flags: 0,
  rules_channel_id: null,
  public_updates_channel_id: null,
  safety_alerts_channel_id: null,
  vanity_url_code: null,
  premium_tier: 0,
  premium_progress_bar_enabled: false,
  preferred_locale: 'en-US',
  nsfw_level: 0,
  nsfw: false,
});

/** A guild as the gateway gives it: with its channels, with the threads that the bot sees, without most members. */
export function fullGuildShape(world: World, guild: Guild): Json {
  const { bot } = world.app;
  const channels = [...world.channels.values()].filter((channel) => channel.guild === guild);
  const threads = channels.filter((channel) => isThread(channel) && !channel.thread?.isArchived && sees(channel, bot));
  const own = guild.members.get(bot.id);
  return {
    ...guildShape(guild),
    joined_at: guild.joinedAt,
    large: false,
    unavailable: false,
    member_count: guild.members.size,
    voice_states: [],
    members: own === undefined ? [] : [fullMemberShape(own)],
    channels: channels.filter((channel) => !isThread(channel)).map(channelShape),
    threads: threads.map((thread) => ({
      ...channelShape(thread),
      ...(thread.thread?.members.has(bot.id) ? { member: threadMemberShape(thread, bot.id) } : {}),
    })),
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}

const reactionsShape = ({ reactions }: Message, bot: User): Json =>
  reactions.size === 0
    ? {}
    : {
        reactions: [...reactions.values()].map(({ emoji, users }) => ({
          emoji,
          count: users.length,
          count_details: { burst: 0, normal: users.length },
          me: users.includes(bot),
          me_burst: false,
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

export const commandShape = (world: World, { id, guild, version, content }: Command): Json => ({
  id,
  application_id: world.app.id,
  ...(guild === undefined ? {} : { guild_id: guild.id }),
  version,
  type: 1,
  name_localizations: null,
  description: '',
  description_localizations: null,
  default_member_permissions: null,
  nsfw: false,
  ...(guild === undefined ? { dm_permission: true, contexts: null, integration_types: [0] } : {}),
  ...content,
});

export const appPermissionsIn = (world: World, channel: Channel) => String(permissionsIn(channel, world.app.bot));
