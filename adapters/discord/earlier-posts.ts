import { type Action, actionOf } from './action-ids.ts';
import { PAGE } from './api.ts';
import { finalRefusalOf } from './calls.ts';
import type { DiscordContext } from './context.ts';
import { laterId } from './keys.ts';
import type { Message } from './parse/payloads.ts';
import type { Target } from './places.ts';

const PAGES = 10;

/** All messages of a channel after one, oldest first. @param onCut there are more than so many pages @throws what the calls throw */
export async function readAfter(
  { api }: Pick<DiscordContext, 'api'>,
  channel: string,
  after: string,
  { pages = PAGES, onCut }: { readonly pages?: number; readonly onCut?: () => void } = {},
): Promise<Message[]> {
  const found: Message[] = [];
  let from = after;
  for (let count = 0; count < pages; count += 1) {
    const page = await api.messagesAfter(channel, from);
    found.push(...page);
    from = page.reduce((latest, { id }) => laterId(latest, id), from);
    if (page.length < PAGE) return inOrder(found);
  }
  onCut?.();
  return inOrder(found);
}

const inOrder = (messages: readonly Message[]): Message[] =>
  messages.toSorted((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));

/** What the buttons of a message are about. */
export const actionsOf = ({ components }: Message): Action[] =>
  (components ?? []).flatMap((row) => row.components ?? []).flatMap(({ custom_id }) => actionOf(custom_id ?? '') ?? []);

/** The bot's own messages in a place after a message; none where there is nothing to be read. @throws what may be over in a while */
export async function ownAfter(discord: DiscordContext, { channel }: Target, after: string): Promise<Message[]> {
  try {
    const own = await discord.own();
    return (await readAfter(discord, channel, after)).filter(({ author }) => author.id === own);
  } catch (error) {
    if (finalRefusalOf(error) === undefined) throw error;
    return [];
  }
}

/** Those that show the progress of a question. */
export const progressOf = (messages: readonly Message[], questionId: string): Message[] =>
  messages.filter((one) => actionsOf(one).some((action) => action.type === 'stop' && action.questionId === questionId));
