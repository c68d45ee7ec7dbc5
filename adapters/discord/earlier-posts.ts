import { type EarlierPosts, earlierPostsOf, type OwnPost } from '../delivery/earlier-posts.ts';
import { type Action, actionOf } from './action-ids.ts';
import { unlessRefused } from './calls.ts';
import type { DiscordContext } from './context.ts';
import { laterId, messageKey } from './keys.ts';
import type { Message } from './parse/payloads.ts';
import type { DiscordMessage } from './render.ts';

const PAGES = 10;

export interface ReadOptions {
  /** Of 100 messages each. */
  readonly pages?: number;
  /** There are more than so many. */
  readonly onCut?: () => void;
  /** When it aborts, no more are read. */
  readonly signal?: AbortSignal;
}

/** All messages of a channel after one, oldest first. @throws what the calls throw */
export async function readAfter(
  { api }: Pick<DiscordContext, 'api'>,
  channel: string,
  after: string,
  { pages = PAGES, onCut, signal }: ReadOptions = {},
): Promise<Message[]> {
  const found: Message[] = [];
  let from = after;
  for (let count = 0; count < pages && signal?.aborted !== true; count += 1) {
    const { messages, ids, isFull } = await api.messagesAfter(channel, from);
    found.push(...messages);
    from = ids.reduce(laterId, from);
    if (!isFull) return inOrder(found);
  }
  if (signal?.aborted !== true) onCut?.();
  return inOrder(found);
}

const inOrder = (messages: readonly Message[]): Message[] =>
  messages.toSorted((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));

/** What the buttons of a message are about. */
const actionsOf = ({ components }: Pick<Message, 'components'>): Action[] =>
  (components ?? []).flatMap((row) => row.components ?? []).flatMap(({ custom_id }) => actionOf(custom_id ?? '') ?? []);

/** The bot's own messages in a channel after one; none where there is nothing to be read. @throws what may be over in a while */
export async function ownAfter(discord: DiscordContext, channel: string, after: string): Promise<Message[]> {
  const own = await discord.own();
  const found = await unlessRefused(() => readAfter(discord, channel, after));
  return (found ?? []).filter(({ author }) => author.id === own);
}

/** The question whose progress a message shows; null: of none. */
function shownIn(message: Pick<Message, 'components'>): string | null {
  const [stop] = actionsOf(message).flatMap((action) => (action.type === 'stop' ? [action.questionId] : []));
  return stop ?? null;
}

const customIds = (rows: readonly object[] | null | undefined): string =>
  JSON.stringify([...JSON.stringify(rows ?? []).matchAll(/"custom_id":("[^"]*")/g)].map(([, id]) => id));

/** Whether a message is what was to be posted: Discord keeps nothing beside what is seen. */
export const isSame = (there: Message, wanted: DiscordMessage): boolean =>
  (there.content ?? '').trim() === wanted.content.trim() &&
  customIds(there.components) === customIds(wanted.components);

/** What a delivery was to be posted as. */
export interface Wanted {
  readonly delivery: string;
  readonly messages: readonly DiscordMessage[];
  /** Messages, by id, that look the same and are something else. */
  readonly others: ReadonlySet<string>;
}

/** @param there messages of the bot's in a place, oldest first */
export function earlierPosts(there: readonly Message[], wanted?: Wanted): EarlierPosts {
  const numbers = new Map<string, number>();
  for (const [number, message] of (wanted?.messages ?? []).entries()) {
    const isOther = ({ id }: Message) => numbers.has(id) || wanted?.others.has(id);
    const found = there.find((one) => !isOther(one) && isSame(one, message));
    if (found !== undefined) numbers.set(found.id, number);
  }
  return earlierPostsOf(
    there.map((message): OwnPost => {
      const { id, channel_id: channel } = message;
      const number = numbers.get(id);
      const part = wanted === undefined || number === undefined ? null : { delivery: wanted.delivery, number };
      return { message: messageKey({ channel, id }), part, question: shownIn(message), isUnfinished: false };
    }),
  );
}
