import { ChannelType, MessageFlags, MessageType } from 'discord.js';
import type { Desk } from './desk.ts';
import { announceChannel, announceMembers, announceMessage } from './events.ts';
import { type NewMessage, post } from './messages.ts';
import { Refusal } from './refusal.ts';
import type { Channel, Message, User } from './types.ts';
import { addThread, type NewThread } from './world.ts';

export type ThreadSettings = Pick<NewThread, 'name' | 'owner' | 'autoArchiveMinutes'>;

/** A thread from a message: it has the message's id, and begins with a message of the system that points to it. */
export function startFromMessage(desk: Desk, message: Message, settings: ThreadSettings): Channel {
  const { channel, id } = message;
  if (channel.type !== ChannelType.GuildText && channel.type !== ChannelType.GuildAnnouncement)
    throw new Refusal(50024);
  if (message.thread !== undefined || desk.world.channels.has(id)) throw new Refusal(160004);
  const thread = addThread(desk.world, { ...settings, id, parent: channel });
  message.thread = thread;
  message.flags |= MessageFlags.HasThread;
  announceChannel(desk, 'THREAD_CREATE', thread);
  announceMessage(desk, 'MESSAGE_UPDATE', message);
  post(desk, {
    channel: thread,
    author: settings.owner,
    type: MessageType.ThreadStarterMessage,
    reference: message,
  });
  return thread;
}

/** A thread that no message began; of a public one the channel is told. */
export function startAlone(desk: Desk, parent: Channel, settings: ThreadSettings & { isPrivate: boolean }): Channel {
  const thread = addThread(desk.world, { ...settings, parent });
  announceChannel(desk, 'THREAD_CREATE', thread);
  if (!settings.isPrivate)
    post(desk, { channel: parent, author: settings.owner, type: MessageType.ThreadCreated, content: settings.name });
  return thread;
}

/** A post in a forum: a thread, and its first message under the same id. */
export function startPost(
  desk: Desk,
  forum: Channel,
  settings: ThreadSettings & { appliedTags: readonly string[] },
  first: Omit<NewMessage, 'channel' | 'author' | 'id'>,
): { thread: Channel; message: Message } {
  const thread = addThread(desk.world, { ...settings, parent: forum });
  announceChannel(desk, 'THREAD_CREATE', thread);
  const message = post(desk, { ...first, id: thread.id, channel: thread, author: settings.owner });
  return { thread, message };
}

/** Adds somebody to a thread; whoever writes in one joins it. */
export function join(desk: Desk, thread: Channel, user: User): void {
  const members = thread.thread?.members;
  if (members === undefined || members.has(user.id)) return;
  members.add(user.id);
  announceMembers(desk, thread, user, true);
}

export function leave(desk: Desk, thread: Channel, user: User): void {
  if (thread.thread?.members.delete(user.id)) announceMembers(desk, thread, user, false);
}
