import { ChannelType } from 'discord.js';
import { z } from 'zod';
import { contentsOf, SENDABLE } from '../contents.ts';
import { LIMITS } from '../limits.ts';
import { mentionsOf } from '../mentions.ts';
import { messageShape } from '../message-shapes.ts';
import { demand } from '../permissions.ts';
import { badField, Refusal } from '../refusal.ts';
import { type Routes, route } from '../route.ts';
import { someMessage } from '../schemas/messages.ts';
import { moment, number, snowflake, text } from '../schemas/values.ts';
import { channelShape, threadMemberShape } from '../shapes.ts';
import { join, leave, startAlone, startFromMessage, startPost } from '../threads.ts';
import type { Channel } from '../types.ts';
import { messageOf, threadsOf, type World } from '../world.ts';
import { visibleChannel } from './channels.ts';

const common = {
  name: text(LIMITS.threadName, 1),
  auto_archive_duration: z.literal([60, 1_440, 4_320, 10_080]).nullish(),
  rate_limit_per_user: z.int().min(0).max(21_600).nullish(),
};
// discord.js sends the type along, which a message settles.
const fromMessage = z.strictObject({ ...common, type: z.int().optional(), invitable: z.boolean().optional() });
const alone = z.strictObject({
  ...common,
  type: z.literal([10, 11, 12]).optional(),
  invitable: z.boolean().optional(),
  message: someMessage.optional(),
  applied_tags: z.array(z.string()).max(5).optional(),
});

type Fresh = z.infer<typeof alone>;
type Call = Parameters<Parameters<typeof route<typeof alone, z.ZodType>>[0]['run']>[0];

const settingsOf = (world: World, { name, auto_archive_duration: minutes }: Pick<Fresh, keyof typeof common>) => ({
  name,
  owner: world.app.bot,
  autoArchiveMinutes: minutes,
});

function post({ desk, world, body }: Call, forum: Channel) {
  const { message: first, applied_tags: tags = [] } = body;
  if (first === undefined) throw badField('message', 'BASE_TYPE_REQUIRED', 'This field is required');
  if (tags.some((tag) => !forum.tags.some(({ id }) => id === tag)))
    throw badField('applied_tags', 'UNKNOWN_TAG', 'Unknown tag');
  demand(forum, world.app.bot, 'SendMessages');
  const { content = '', embeds = [], components = [], flags } = contentsOf(first, SENDABLE);
  const mentions = mentionsOf(world, {
    channel: forum,
    author: world.app.bot,
    content,
    allowed: first.allowed_mentions,
  });
  const said = { content, embeds, components, flags, ...mentions };
  const { thread, message } = startPost(desk, forum, { ...settingsOf(world, body), appliedTags: tags }, said);
  return { ...channelShape(thread), message: messageShape(world, message) };
}

function memberOf(thread: Channel) {
  if (thread.thread === undefined) throw new Refusal(50024);
  return thread.thread;
}

const WITH_THREADS = [
  ChannelType.GuildText,
  ChannelType.GuildAnnouncement,
  ChannelType.GuildForum,
  ChannelType.GuildMedia,
] as const;

const limit = number(2, LIMITS.page.most).default(50);

/** A channel of which archived threads can be listed. */
function parentOf(world: World, id: string, types: readonly ChannelType[]): Channel {
  const channel = visibleChannel(world, id);
  if (!types.includes(channel.type)) throw new Refusal(50024);
  demand(channel, world.app.bot, 'ReadMessageHistory');
  return channel;
}

const archivedAt = ({ thread }: Channel): number => Date.parse(thread?.archivedAt ?? '');
const byArchiving = (a: Channel, b: Channel): number => archivedAt(b) - archivedAt(a);
const archivedIn = (world: World, channel: Channel, of: ChannelType): Channel[] =>
  threadsOf(world, channel).filter(({ type, thread }) => type === of && thread?.isArchived);
const archivedBefore = (threads: readonly Channel[], before: string | undefined): readonly Channel[] =>
  before === undefined ? threads : threads.filter((thread) => archivedAt(thread) < Date.parse(before));

function listOf(world: World, found: readonly Channel[], most: number) {
  const shown = found.slice(0, most);
  const own = shown.filter(({ thread }) => thread?.members.has(world.app.bot.id));
  return {
    threads: shown.map(channelShape),
    members: own.map((thread) => threadMemberShape(thread, world.app.bot.id)),
    has_more: found.length > most,
  };
}

export const threadRoutes: Routes = {
  'POST /channels/:channel/messages/:message/threads': route({
    bucket: 'threads',
    body: fromMessage,
    run({ desk, world, param, body }) {
      const channel = visibleChannel(world, param('channel'));
      demand(channel, world.app.bot, 'CreatePublicThreads', 'ReadMessageHistory');
      return channelShape(startFromMessage(desk, messageOf(channel, param('message')), settingsOf(world, body)));
    },
  }),
  'POST /channels/:channel/threads': route({
    bucket: 'threads',
    body: alone,
    run(call) {
      const { desk, world, param, body } = call;
      const channel = visibleChannel(world, param('channel'));
      if (channel.type === ChannelType.GuildForum) return post(call, channel);
      if (channel.type !== ChannelType.GuildText) throw new Refusal(50024);
      const isPrivate = (body.type ?? ChannelType.PrivateThread) === ChannelType.PrivateThread;
      demand(channel, world.app.bot, isPrivate ? 'CreatePrivateThreads' : 'CreatePublicThreads');
      return channelShape(startAlone(desk, channel, { ...settingsOf(world, body), isPrivate }));
    },
  }),
  'GET /channels/:channel/threads/archived/public': route({
    bucket: 'channel',
    query: z.strictObject({ before: moment.optional(), limit }),
    run({ world, param, query }) {
      const channel = parentOf(world, param('channel'), WITH_THREADS);
      const threads = archivedIn(world, channel, ChannelType.PublicThread).sort(byArchiving);
      return listOf(world, archivedBefore(threads, query.before), query.limit);
    },
  }),
  'GET /channels/:channel/threads/archived/private': route({
    bucket: 'channel',
    query: z.strictObject({ before: moment.optional(), limit }),
    run({ world, param, query }) {
      const channel = parentOf(world, param('channel'), [ChannelType.GuildText]);
      demand(channel, world.app.bot, 'ManageThreads');
      const threads = archivedIn(world, channel, ChannelType.PrivateThread).sort(byArchiving);
      return listOf(world, archivedBefore(threads, query.before), query.limit);
    },
  }),
  'GET /channels/:channel/users/@me/threads/archived/private': route({
    bucket: 'channel',
    query: z.strictObject({ before: snowflake.optional(), limit }),
    run({ world, param, query: { before, limit: most } }) {
      const channel = parentOf(world, param('channel'), [ChannelType.GuildText]);
      // Unlike the others by id, not by when they were archived.
      const threads = archivedIn(world, channel, ChannelType.PrivateThread)
        .filter(({ thread }) => thread?.members.has(world.app.bot.id))
        .filter(({ id }) => before === undefined || BigInt(id) < BigInt(before))
        .sort((a, b) => (BigInt(a.id) > BigInt(b.id) ? -1 : 1));
      return listOf(world, threads, most);
    },
  }),
  'PUT /channels/:channel/thread-members/@me': route({
    bucket: 'channel',
    run({ desk, world, param }) {
      const thread = visibleChannel(world, param('channel'));
      if (memberOf(thread).isArchived) throw new Refusal(50083);
      join(desk, thread, world.app.bot);
      return undefined;
    },
  }),
  'DELETE /channels/:channel/thread-members/@me': route({
    bucket: 'channel',
    run({ desk, world, param }) {
      const thread = visibleChannel(world, param('channel'));
      if (memberOf(thread).isArchived) throw new Refusal(50083);
      leave(desk, thread, world.app.bot);
      return undefined;
    },
  }),
  'GET /channels/:channel/thread-members': route({
    bucket: 'channel',
    run({ world, param }) {
      const thread = visibleChannel(world, param('channel'));
      return [...memberOf(thread).members].map((id) => threadMemberShape(thread, id));
    },
  }),
  'GET /channels/:channel/thread-members/:user': route({
    bucket: 'channel',
    run({ world, param }) {
      const thread = visibleChannel(world, param('channel'));
      const id = param('user') === '@me' ? world.app.bot.id : param('user');
      if (!memberOf(thread).members.has(id)) throw new Refusal(10007);
      return threadMemberShape(thread, id);
    },
  }),
};
