import type { Desk } from './desk.ts';
import { change, post, react, remove, unreact } from './messages.ts';
import type { Channel, Json, Message, User } from './types.ts';
import { directMessages } from './world.ts';

export interface Saying {
  /** ts of the message that began the thread. */
  readonly thread?: string | undefined;
}

/** What people do with messages. Everything is done at once; what the app is told of it is on its way when a call returns. */
export function createPeople(desk: Desk) {
  const { world } = desk;
  return {
    say(channel: Channel, user: User, text: string, { thread }: Saying = {}): Message {
      channel.members.add(user.id);
      const element = { type: 'text', text };
      const blocks = [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [element] }] }];
      return post(desk, { channel, user: user.id, text, blocks, threadTs: thread });
    },
    edit(message: Message, text: string): void {
      change(desk, message, { text });
    },
    remove(message: Message): void {
      remove(desk, message);
    },
    react(message: Message, user: User, emoji: string): void {
      react(desk, message, user.id, emoji);
    },
    unreact(message: Message, user: User, emoji: string): void {
      unreact(desk, message, user.id, emoji);
    },
    archive(channel: Channel): void {
      channel.isArchived = true;
    },
    invite(channel: Channel, user: User | 'bot'): void {
      const id = user === 'bot' ? channel.team.bot.userId : user.id;
      channel.members.add(id);
      desk.emit(channel.team, {
        type: 'member_joined_channel',
        user: id,
        channel: channel.id,
        channel_type: channel.kind === 'public' ? 'C' : 'G',
        team: channel.team.id,
        event_ts: world.ts(),
      });
    },
    kick(channel: Channel, user: User | 'bot'): void {
      channel.members.delete(user === 'bot' ? channel.team.bot.userId : user.id);
    },
    /** Tells the app of something once more, or of what is not so. */
    emit(channel: Channel, event: Json): void {
      desk.emit(channel.team, event, channel.isShared);
    },
    openHome(user: User, tab: 'home' | 'messages' = 'home'): void {
      desk.emit(user.team, {
        type: 'app_home_opened',
        user: user.id,
        channel: directMessages(world, user).id,
        tab,
        event_ts: world.ts(),
      });
    },
    /** Opens a new thread in the app's assistant view and gives the message that begins it. */
    openAssistant(user: User, from?: Channel): Message {
      const channel = directMessages(world, user);
      const bot = user.team.bot.userId;
      const root = post(desk, { channel, user: bot, text: 'New Assistant Thread', subtype: 'assistant_app_thread' });
      desk.emit(user.team, {
        type: 'assistant_thread_started',
        assistant_thread: {
          user_id: user.id,
          context: from === undefined ? {} : { channel_id: from.id, team_id: user.team.id, enterprise_id: null },
          channel_id: channel.id,
          thread_ts: root.ts,
        },
        event_ts: root.ts,
      });
      return root;
    },
    /** Presses stop on a message that is being streamed: it takes no more. */
    stopStream(message: Message, user: User): void {
      if (message.stream?.state !== 'in_progress') throw new Error(`${message.ts} is not being streamed`);
      message.stream.state = 'stopped_by_user';
      const { channel, ts, threadTs } = message;
      desk.emit(channel.team, {
        type: 'agent_session_stopped',
        channel: channel.id,
        user: user.id,
        thread_ts: threadTs,
        streaming_message_ts: [ts],
        event_ts: world.ts(),
      });
      desk.changed();
    },
  };
}
