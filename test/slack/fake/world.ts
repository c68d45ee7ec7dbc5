import type { FakeApp } from './app.ts';
import { Refusal } from './refusal.ts';
import type {
  Channel,
  ChannelKind,
  Consent,
  Enterprise,
  Ephemeral,
  Grant,
  Message,
  ResponseUrl,
  Status,
  Team,
  Trigger,
  User,
  View,
} from './types.ts';

/** Everything that exists: workspaces, people, channels with their messages, tokens, views. */
export interface World {
  readonly app: FakeApp;
  readonly teams: Map<string, Team>;
  readonly users: Map<string, User>;
  readonly channels: Map<string, Channel>;
  readonly grants: Map<string, Grant>;
  readonly views: Map<string, View>;
  /** What views.publish gave, by user. */
  readonly homes: Map<string, View>;
  readonly ephemerals: Ephemeral[];
  readonly deleted: Message[];
  readonly statuses: Status[];
  /** By `CHANNEL:THREAD_TS`. */
  readonly titles: Map<string, string>;
  /** By `CHANNEL:THREAD_TS`. */
  readonly prompts: Map<string, readonly { title: string; message: string }[]>;
  readonly triggers: Map<string, Trigger>;
  /** By the last part of the address. */
  readonly responseUrls: Map<string, ResponseUrl>;
  /** By code. */
  readonly consents: Map<string, Consent>;
  /** A name that nothing else has, e.g. `id('U')`. */
  id(prefix: string): string;
  /** A message's ts: the time now, later than every one before. */
  ts(): string;
}

export function createWorld(app: FakeApp): World {
  let count = 0;
  let last = 0;
  return {
    app,
    teams: new Map(),
    users: new Map(),
    channels: new Map(),
    grants: new Map([
      [
        app.appToken,
        {
          token: app.appToken,
          kind: 'app',
          team: null,
          isOrgWide: false,
          scopes: ['connections:write'],
          state: 'live',
        },
      ],
    ]),
    views: new Map(),
    homes: new Map(),
    ephemerals: [],
    deleted: [],
    statuses: [],
    titles: new Map(),
    prompts: new Map(),
    triggers: new Map(),
    responseUrls: new Map(),
    consents: new Map(),
    id(prefix) {
      count += 1;
      return `${prefix}0FAKE${String(count).padStart(5, '0')}`;
    },
    ts() {
      last = Math.max(last + 1, Date.now() * 1_000);
      return `${Math.floor(last / 1e6)}.${String(last % 1e6).padStart(6, '0')}`;
    },
  };
}

export function addTeam(world: World, name: string, enterprise: Enterprise | null = null): Team {
  const id = world.id('T');
  const sister = enterprise === null ? undefined : teamsOf(world, enterprise)[0];
  const bot = sister?.bot ?? { userId: world.id('U'), botId: world.id('B') };
  const domain = name.toLowerCase().replaceAll(' ', '-');
  const team: Team = { id, name, domain, enterprise, bot, botToken: undefined };
  world.teams.set(id, team);
  if (sister === undefined)
    world.users.set(bot.userId, { id: bot.userId, team, name: world.app.name, isAdmin: false, isBot: true });
  return team;
}

/** The workspaces of an organisation. */
export function teamsOf(world: World, enterprise: Enterprise): Team[] {
  return [...world.teams.values()].filter((team) => team.enterprise?.id === enterprise.id);
}

export function addUser(world: World, team: Team, name: string, isAdmin = false): User {
  const user = { id: world.id('U'), team, name, isAdmin, isBot: false };
  world.users.set(user.id, user);
  return user;
}

export interface NewChannel {
  readonly name: string;
  readonly kind?: ChannelKind;
  readonly members?: readonly User[];
  /** Whether the bot is in it; true unless named. */
  readonly withBot?: boolean;
  readonly isShared?: boolean;
}

export function addChannel(world: World, team: Team, fresh: NewChannel): Channel {
  const { name, kind = 'public', members = [], withBot = true, isShared = false } = fresh;
  const channel: Channel = {
    id: world.id(kind === 'im' ? 'D' : 'C'),
    team,
    name,
    kind,
    members: new Set(members.map(({ id }) => id)),
    isShared,
    isArchived: false,
    messages: new Map(),
  };
  if (withBot) channel.members.add(team.bot.userId);
  world.channels.set(channel.id, channel);
  return channel;
}

/** The direct messages of a person and the bot. */
export function directMessages(world: World, user: User): Channel {
  for (const channel of world.channels.values())
    if (channel.kind === 'im' && channel.members.has(user.id) && channel.team === user.team) return channel;
  return addChannel(world, user.team, { name: 'directmessage', kind: 'im', members: [user] });
}

/** Gives a workspace, or all of its organisation, the app: a new bot token with the scopes. */
export function install(
  world: World,
  team: Team,
  scopes: readonly string[] = world.app.scopes,
  isOrgWide = false,
): string {
  const token = `xoxb-${team.id}-${world.id('K')}`;
  world.grants.set(token, { token, kind: 'bot', team, isOrgWide, scopes, state: 'live' });
  for (const one of covered(world, team, isOrgWide)) one.botToken = token;
  return token;
}

/** The workspaces to which a token of a workspace applies. */
export function covered(world: World, team: Team, isOrgWide: boolean): readonly Team[] {
  return isOrgWide && team.enterprise !== null ? teamsOf(world, team.enterprise) : [team];
}

/** The live grant of a workspace's bot. */
export const grantOf = (world: World, team: Team): Grant | undefined => world.grants.get(team.botToken ?? '');

export function userOf(world: World, id: string): User {
  const user = world.users.get(id);
  if (user === undefined) throw new Refusal('user_not_found');
  return user;
}

/** A channel as a workspace's bot knows it: one it cannot see does not exist for it. */
export function channelOf(world: World, team: Team, id: string): Channel {
  const channel = world.channels.get(id);
  if (channel === undefined || channel.team !== team) throw new Refusal('channel_not_found');
  if (channel.kind !== 'public' && !channel.members.has(team.bot.userId)) throw new Refusal('channel_not_found');
  return channel;
}

export function messageOf(channel: Channel, ts: string, error = 'message_not_found'): Message {
  const message = channel.messages.get(ts);
  if (message === undefined) throw new Refusal(error);
  return message;
}

/** The answers of a thread, without the message that began it. */
export function repliesOf(channel: Channel, threadTs: string): Message[] {
  return [...channel.messages.values()].filter((message) => message.threadTs === threadTs && message.ts !== threadTs);
}
