import type { Channel, Json, Message, Team, User, View } from './types.ts';
import { repliesOf, type World } from './world.ts';

// What Slack's JSON looks like from outside.

const KINDS = { public: 'channel', private: 'group', im: 'im' } as const;
/** `channel_type` of events, and the last word of the event's name. */
export const channelType = (channel: Channel) => KINDS[channel.kind];

const plural = { public: 'channels', private: 'groups', im: 'im' } as const;
/** The scope that a bot needs for a kind of channel, e.g. `groups:history`. */
export const channelScope = (channel: Channel, right: 'history' | 'read') => `${plural[channel.kind]}:${right}`;

/** A message in history, replies and events. */
export function messageShape(world: World, message: Message, withMetadata = false): Json {
  const { channel, ts, threadTs, reactions } = message;
  const author = world.users.get(message.user);
  const replies = threadTs === undefined || threadTs === ts ? repliesOf(channel, ts) : [];
  return {
    type: 'message',
    ...(message.subtype === undefined ? {} : { subtype: message.subtype }),
    user: message.user,
    text: message.text,
    ts,
    team: author?.isBot ? channel.team.id : author?.team.id,
    ...(author === undefined || author.isBot || author.team === channel.team
      ? {}
      : { user_team: author.team.id, source_team: author.team.id }),
    ...(message.subtype === 'tombstone' ? { hidden: true } : {}),
    ...(author?.isBot ? botShape(world, channel.team) : {}),
    ...(author?.isBot === false ? { client_msg_id: `client-${ts}` } : {}),
    ...(message.blocks.length > 0 ? { blocks: message.blocks } : {}),
    ...(threadTs === undefined && replies.length === 0 ? {} : { thread_ts: threadTs ?? ts }),
    ...(threadTs === undefined || threadTs === ts ? {} : { parent_user_id: channel.messages.get(threadTs)?.user }),
    ...(replies.length === 0 ? {} : threadShape(replies)),
    ...(message.editedTs === undefined ? {} : { edited: { user: message.user, ts: message.editedTs } }),
    ...(message.stream === undefined ? {} : { streaming_state: message.stream.state }),
    ...(reactions.size === 0
      ? {}
      : { reactions: [...reactions].map(([name, users]) => ({ name, users, count: users.length })) }),
    ...(withMetadata && message.metadata !== undefined ? { metadata: message.metadata } : {}),
  };
}

const botShape = (world: World, team: Team): Json => ({
  bot_id: team.bot.botId,
  app_id: world.app.id,
  bot_profile: { id: team.bot.botId, app_id: world.app.id, name: world.app.name, team_id: team.id, deleted: false },
});

function threadShape(replies: readonly Message[]): Json {
  const users = [...new Set(replies.map(({ user }) => user))];
  return {
    reply_count: replies.length,
    reply_users_count: users.length,
    reply_users: users,
    latest_reply: replies.at(-1)?.ts,
  };
}

export function channelShape(channel: Channel): Json {
  const bot = channel.team.bot.userId;
  return {
    id: channel.id,
    name: channel.name,
    is_channel: channel.kind === 'public',
    is_group: channel.kind === 'private',
    is_im: channel.kind === 'im',
    is_mpim: false,
    is_private: channel.kind !== 'public',
    is_archived: channel.isArchived,
    is_ext_shared: channel.isShared,
    is_member: channel.members.has(bot),
    context_team_id: channel.team.id,
    ...(channel.kind === 'im' ? { user: [...channel.members].find((id) => id !== bot) } : {}),
  };
}

/** A person as a workspace sees them: those of other teams are strangers. */
export function userShape(user: User, seenBy: Team): Json {
  const isStranger = user.team !== seenBy;
  return {
    id: user.id,
    team_id: user.team.id,
    name: user.name,
    real_name: user.name,
    deleted: false,
    is_bot: user.isBot,
    is_app_user: false,
    tz: 'Europe/London',
    ...(isStranger
      ? { is_stranger: true }
      : { is_admin: user.isAdmin, is_owner: false, is_primary_owner: false, is_restricted: false }),
    profile: { real_name: user.name, display_name: user.name, team: user.team.id },
  };
}

export function viewShape(world: World, view: View, values: Json = {}): Json {
  return {
    id: view.id,
    team_id: view.team.id,
    app_id: world.app.id,
    app_installed_team_id: view.team.id,
    bot_id: view.team.bot.botId,
    hash: view.hash,
    root_view_id: view.id,
    previous_view_id: null,
    private_metadata: '',
    callback_id: '',
    external_id: '',
    ...view.content,
    state: { values },
  };
}
