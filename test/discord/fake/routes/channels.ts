import { ChannelType } from 'discord.js';
import { z } from 'zod';
import type { Desk } from '../desk.ts';
import { announceChannel, announceTyping } from '../events.ts';
import { LIMITS } from '../limits.ts';
import { demand, may, sees } from '../permissions.ts';
import { badField, Refusal } from '../refusal.ts';
import { type Routes, route } from '../route.ts';
import { text } from '../schemas/values.ts';
import { channelShape } from '../shapes.ts';
import type { Channel, ThreadState } from '../types.ts';
import { channelOf, type World } from '../world.ts';

/** A channel that the bot sees: 10003 for one that is not, 50001 for one that it must not look into. */
export function visibleChannel(world: World, id: string): Channel {
  const channel = channelOf(world, id);
  if (!sees(channel, world.app.bot)) throw new Refusal(50001);
  return channel;
}

const WITHOUT_MESSAGES: readonly ChannelType[] = [
  ChannelType.GuildForum,
  ChannelType.GuildCategory,
  ChannelType.GuildMedia,
  ChannelType.GuildDirectory,
];
export const holdsMessages = ({ type }: Channel) => !WITHOUT_MESSAGES.includes(type);

/** A channel in which the bot may write; throws a Refusal that says why not. */
export function writableChannel(world: World, id: string): Channel {
  const channel = visibleChannel(world, id);
  const { bot } = world.app;
  if (!holdsMessages(channel)) throw new Refusal(50008);
  if (channel.recipient !== undefined) checkRecipient(world, channel);
  demand(channel, bot, channel.thread === undefined ? 'SendMessages' : 'SendMessagesInThreads');
  if (channel.thread?.isLocked && !may(channel, bot, 'ManageThreads')) throw new Refusal(160005);
  return channel;
}

function checkRecipient({ guilds, app }: World, { recipient }: Channel): void {
  if (recipient === undefined) return;
  const isShared = [...guilds.values()].some(({ members }) => members.has(recipient.id) && members.has(app.bot.id));
  if (!recipient.takesDirectMessages || !isShared) throw new Refusal(50007);
}

const settings = z.strictObject({
  name: text(LIMITS.threadName, 1).optional(),
  topic: text(LIMITS.topic).nullish(),
  archived: z.boolean().optional(),
  locked: z.boolean().optional(),
  auto_archive_duration: z.literal([60, 1_440, 4_320, 10_080]).nullish(),
  rate_limit_per_user: z.int().min(0).max(21_600).nullish(),
  invitable: z.boolean().optional(),
  applied_tags: z.array(z.string()).max(5).optional(),
  flags: z.int().optional(),
});
type Settings = z.infer<typeof settings>;

function changeThread({ world }: Desk, channel: Channel, thread: ThreadState, changes: Settings): void {
  const { bot } = world.app;
  const { archived, locked, auto_archive_duration: minutes, applied_tags: tags } = changes;
  if (thread.isArchived && archived !== false) throw new Refusal(50083);
  // Whoever sees a thread may open it again; only its owner and moderators may do more.
  const isWakingOnly = archived === false && !thread.isLocked && Object.keys(changes).length === 1;
  const isOwn = isWakingOnly || (thread.owner === bot && locked === undefined);
  if (!isOwn) demand(channel, bot, 'ManageThreads');
  if (archived !== undefined && archived !== thread.isArchived) thread.archivedAt = new Date().toISOString();
  thread.isArchived = archived ?? thread.isArchived;
  thread.isLocked = locked ?? thread.isLocked;
  thread.autoArchiveMinutes = minutes ?? thread.autoArchiveMinutes;
  thread.appliedTags = tags ?? thread.appliedTags;
}

export const channelRoutes: Routes = {
  'GET /channels/:channel': route({
    bucket: 'channel',
    run: ({ world, param }) => channelShape(visibleChannel(world, param('channel'))),
  }),
  'PATCH /channels/:channel': route({
    bucket: 'channel',
    body: settings,
    run({ desk, world, param, body }) {
      const channel = visibleChannel(world, param('channel'));
      if (channel.guild === undefined) throw new Refusal(50003);
      if (channel.thread !== undefined) changeThread(desk, channel, channel.thread, body);
      else if (body.archived !== undefined || body.locked !== undefined)
        throw badField('archived', 'CHANNEL_NOT_THREAD', 'Only threads can be archived or locked');
      else demand(channel, world.app.bot, 'ManageChannels');
      channel.name = body.name ?? channel.name;
      if (body.topic !== undefined) channel.topic = body.topic;
      announceChannel(desk, channel.thread === undefined ? 'CHANNEL_UPDATE' : 'THREAD_UPDATE', channel);
      return channelShape(channel);
    },
  }),
  'DELETE /channels/:channel': route({
    bucket: 'channel',
    run({ desk, world, param }) {
      const channel = visibleChannel(world, param('channel'));
      if (channel.guild !== undefined)
        demand(channel, world.app.bot, channel.thread === undefined ? 'ManageChannels' : 'ManageThreads');
      world.channels.delete(channel.id);
      announceChannel(desk, channel.thread === undefined ? 'CHANNEL_DELETE' : 'THREAD_DELETE', channel);
      return channelShape(channel);
    },
  }),
  'POST /channels/:channel/typing': route({
    bucket: 'typing',
    run({ desk, world, param }) {
      const channel = writableChannel(world, param('channel'));
      world.typing.set(channel.id, Date.now());
      announceTyping(desk, channel, world.app.bot);
      return undefined;
    },
  }),
};
