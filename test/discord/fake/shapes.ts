import { ChannelType } from 'discord.js';
import { permissionsIn, sees } from './permissions.ts';
import type { Channel, Command, Guild, Json, Member, Role, User } from './types.ts';
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

export const roleShape = (guild: Guild, { id, name, permissions, botId }: Role): Json => ({
  id,
  name,
  color: 0,
  colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
  hoist: false,
  icon: null,
  unicode_emoji: null,
  position: [...guild.roles.keys()].indexOf(id),
  permissions: String(permissions),
  managed: botId !== undefined,
  ...(botId === undefined ? {} : { tags: { bot_id: botId } }),
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
