import { LIMITS } from '../limits.ts';
import { type MethodCall, type Methods, method, needs } from '../method.ts';
import { Refusal } from '../refusal.ts';
import * as schemas from '../schemas/other.ts';
import { channelScope, channelShape, messageShape, userShape } from '../shapes.ts';
import type { Channel, Json, Message } from '../types.ts';
import { channelOf, directMessages, messageOf, repliesOf, userOf } from '../world.ts';

interface Page {
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

/** One page of a list; the cursor says where the next begins. */
function paged<Item>(items: readonly Item[], { cursor, limit }: Page, most: number = LIMITS.page.default) {
  const start = cursor === undefined || cursor === '' ? 0 : Number(Buffer.from(cursor, 'base64url').toString());
  if (!Number.isSafeInteger(start) || start < 0) throw new Refusal('invalid_cursor');
  const end = start + (limit ?? most);
  const hasMore = end < items.length;
  return {
    page: items.slice(start, end),
    rest: {
      has_more: hasMore,
      response_metadata: { next_cursor: hasMore ? Buffer.from(String(end)).toString('base64url') : '' },
    },
  };
}

interface Span {
  readonly oldest?: string | undefined;
  readonly latest?: string | undefined;
  readonly inclusive?: boolean | undefined;
}

function isWithin(ts: string, { oldest, latest, inclusive = false }: Span): boolean {
  const at = Number(ts);
  const isAfter = oldest === undefined || at > Number(oldest) || (inclusive && at === Number(oldest));
  const isBefore = latest === undefined || at < Number(latest) || (inclusive && at === Number(latest));
  return isAfter && isBefore;
}

function readableChannel({ desk, team }: MethodCall, id: string): Channel {
  const channel = channelOf(desk.world, team, id);
  if (!channel.members.has(team.bot.userId)) throw new Refusal('not_in_channel');
  return channel;
}

const scopeFor =
  (right: 'history' | 'read') =>
  ({ channel }: { channel: string }, { desk, team }: MethodCall) => [
    channelScope(channelOf(desk.world, team, channel), right),
  ];

const shapesOf = (call: MethodCall, messages: readonly Message[], withMetadata = false): readonly Json[] =>
  messages.map((message) => messageShape(call.desk.world, message, withMetadata));

const TYPES: Readonly<Record<string, { kind: Channel['kind']; scope: string }>> = {
  public_channel: { kind: 'public', scope: 'channels:read' },
  private_channel: { kind: 'private', scope: 'groups:read' },
  im: { kind: 'im', scope: 'im:read' },
};

function typesOf(types = 'public_channel') {
  return types.split(',').map((name) => {
    const type = TYPES[name.trim()];
    if (type === undefined) throw new Refusal('invalid_types');
    return type;
  });
}

interface Listing extends Page {
  readonly types?: string | undefined;
  readonly exclude_archived?: boolean | undefined;
}

function listing(call: MethodCall, args: Listing, isListed: (channel: Channel) => boolean): Json {
  const kinds = typesOf(args.types).map(({ kind }) => kind);
  const { world } = call.desk;
  const channels = [...world.channels.values()].filter(
    (channel) =>
      channel.team === call.team &&
      kinds.includes(channel.kind) &&
      !(args.exclude_archived && channel.isArchived) &&
      isListed(channel),
  );
  const { page, rest } = paged(channels, args);
  return { channels: page.map(channelShape), response_metadata: rest.response_metadata };
}

const listScopes = ({ types }: Listing) => typesOf(types).map(({ scope }) => scope);

export const conversationMethods: Methods = {
  'conversations.history': method({
    schema: schemas.conversationsHistory,
    tier: 'tier3',
    scopes: scopeFor('history'),
    run(args, call) {
      const channel = readableChannel(call, args.channel);
      const top = [...channel.messages.values()].filter(
        ({ ts, threadTs }) => (threadTs === undefined || threadTs === ts) && isWithin(ts, args),
      );
      const { page, rest } = paged(top.reverse(), args);
      return { messages: shapesOf(call, page, args.include_all_metadata), pin_count: 0, ...rest };
    },
  }),
  'conversations.replies': method({
    schema: schemas.conversationsReplies,
    tier: 'tier3',
    scopes: scopeFor('history'),
    run(args, call) {
      const channel = readableChannel(call, args.channel);
      const named = messageOf(channel, args.ts, 'thread_not_found');
      const root = messageOf(channel, named.threadTs ?? named.ts, 'thread_not_found');
      const replies = repliesOf(channel, root.ts).filter(({ ts }) => isWithin(ts, args));
      const { page, rest } = paged([root, ...replies], args, LIMITS.page.most);
      // The message that began the thread heads every page.
      const messages = page[0] === root ? page : [root, ...page];
      return { messages: shapesOf(call, messages, args.include_all_metadata), ...rest };
    },
  }),
  'conversations.info': method({
    schema: schemas.conversationsInfo,
    tier: 'tier3',
    scopes: scopeFor('read'),
    run: ({ channel }, call) => ({
      channel: channelShape(channelOf(call.desk.world, call.team, channel)),
    }),
  }),
  'conversations.list': method({
    schema: schemas.conversationsList,
    tier: 'tier2',
    scopes: listScopes,
    run: (args, call) =>
      listing(call, args, (channel) => channel.kind === 'public' || channel.members.has(call.team.bot.userId)),
  }),
  'users.conversations': method({
    schema: schemas.usersConversations,
    tier: 'tier3',
    scopes: listScopes,
    run: (args, call) => listing(call, args, (channel) => channel.members.has(args.user ?? call.team.bot.userId)),
  }),
  'conversations.open': method({
    schema: schemas.conversationsOpen,
    tier: 'tier3',
    scopes: needs('im:write'),
    run(args, call) {
      const { world } = call.desk;
      if (args.channel !== undefined)
        return { channel: channelShape(channelOf(world, call.team, args.channel)), already_open: true };
      const [first, second] = (args.users ?? '').split(',').filter((user) => user !== '');
      if (first === undefined) throw new Refusal('users_list_not_supplied');
      if (second !== undefined) throw new Refusal('missing_scope', { needed: 'mpim:write', provided: 'im:write' });
      const channel = directMessages(world, userOf(world, first));
      return { channel: args.return_im ? channelShape(channel) : { id: channel.id } };
    },
  }),
  'bots.info': method({
    schema: schemas.botsInfo,
    tier: 'tier3',
    scopes: needs('users:read'),
    run({ bot }, { desk: { world }, team }) {
      if (bot !== team.bot.botId) throw new Refusal('bot_not_found');
      const { app } = world;
      return { bot: { id: bot, deleted: false, name: app.name, app_id: app.id, user_id: team.bot.userId } };
    },
  }),
  'users.info': method({
    schema: schemas.usersInfo,
    tier: 'tier4',
    scopes: needs('users:read'),
    run: ({ user }, call) => ({ user: userShape(userOf(call.desk.world, user), call.team) }),
  }),
};
