import { isJson } from './messages.ts';
import type { Channel, Ephemeral, Json, Message, Team, User, View } from './types.ts';
import { repliesOf, type World } from './world.ts';

/** All that a message says, as a reader sees it: its blocks' texts, or its text when it has no blocks. */
export function textOf({ text, blocks }: Message | Ephemeral): string {
  const said = blocks.map(textIn).filter((part) => part !== '');
  return said.length > 0 ? said.join('\n') : text;
}

function textIn(value: unknown): string {
  if (Array.isArray(value)) return value.map(textIn).join('');
  if (!isJson(value)) return '';
  if (typeof value.text === 'string') return value.text;
  const { title, text, fields, rows, elements, details, output }: Json = value;
  const parts = [typeof title === 'string' ? `${title} ` : '', text, fields, rows, elements, details, output];
  return parts.map((part) => (typeof part === 'string' ? part : textIn(part))).join('');
}

/** What a test looks at. */
export function createLooks(world: World) {
  return {
    textOf,
    /** How the text of a question names the bot. */
    mention: (team: Team | undefined = [...world.teams.values()][0]) => `<@${team?.bot.userId}>`,
    /** A thread in order, with the message that began it. */
    thread({ channel, ts, threadTs }: Message): Message[] {
      const root = channel.messages.get(threadTs ?? ts);
      return [...(root === undefined ? [] : [root]), ...repliesOf(channel, threadTs ?? ts)];
    },
    /** What the bot said in a message's thread, in order. */
    replies({ channel, ts, threadTs }: Message): Message[] {
      return repliesOf(channel, threadTs ?? ts).filter(({ user }) => user === channel.team.bot.userId);
    },
    messagesOf: (channel: Channel): Message[] => [...channel.messages.values()],
    /** The app's status in a message's thread; empty when it has none. */
    statusOf: ({ channel, ts, threadTs }: Message): string =>
      world.statuses.findLast((status) => status.channel === channel.id && status.threadTs === (threadTs ?? ts))
        ?.status ?? '',
    /** What a person alone sees, oldest first. */
    ephemeralsOf: (user: User): Ephemeral[] =>
      world.ephemerals.filter((ephemeral) => ephemeral.user === user.id && !ephemeral.isDeleted),
    /** The modal on top of a person's screen. */
    openViewOf: (user: User): View | undefined =>
      [...world.views.values()].findLast(
        ({ user: id, isOpen, content }) => id === user.id && isOpen && content.type === 'modal',
      ),
    /** The App Home that was published for a person. */
    homeOf: (user: User): View | undefined => world.homes.get(user.id),
  };
}
