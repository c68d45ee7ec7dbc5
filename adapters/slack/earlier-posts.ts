import { z } from 'zod';
import { finalRefusalOf } from './calls.ts';
import type { SlackWorkspace } from './context.ts';
import { type ThreadPlace, threadPlace } from './keys.ts';
import { timestamp } from './parse/payloads.ts';
import { POST_EVENT, PROGRESS_EVENT } from './render.ts';

/** What the bot has posted in a thread, by what it keeps in its messages. */
export interface EarlierPosts {
  /** Of a delivery: its parts' ts, by number. */
  partsOf(delivery: string): ReadonlyMap<number, string>;
  /** Of a question. */
  progressOf(questionId: string): readonly string[];
  /** Streams that nobody has ended. */
  readonly unfinished: readonly string[];
}

const PAGE = 200;
const PAGES = 10;
const CACHED = 500;

const ownMessage = z.object({
  ts: timestamp,
  user: z.string().nullish(),
  bot_id: z.string().nullish(),
  streaming_state: z.string().nullish(),
  metadata: z.object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) }).nullish(),
});
type OwnMessage = z.infer<typeof ownMessage>;
const page = z.object({
  messages: z.array(z.unknown()).nullish(),
  response_metadata: z.object({ next_cursor: z.string().nullish() }).nullish(),
});

export interface Span {
  readonly oldest: string;
  readonly latest?: string;
  readonly pages?: number;
  /** There is more than so many pages. */
  readonly onCut?: () => void;
}

/** The messages of a thread, or of a channel when there is no thread, from a moment on, as Slack sends them. @throws what the calls throw */
export async function readMessages(
  { client, pace }: SlackWorkspace,
  { channel, threadTs }: { readonly channel: string; readonly threadTs: string | null },
  { oldest, latest, pages = PAGES, onCut }: Span,
): Promise<unknown[]> {
  const found: unknown[] = [];
  let cursor: string | undefined;
  for (let count = 0; count < pages; count += 1) {
    const common = {
      channel,
      oldest,
      ...(latest !== undefined && { latest }),
      inclusive: true,
      limit: PAGE,
      include_all_metadata: true,
      ...(cursor && { cursor }),
    };
    const answer = await pace.read(() =>
      threadTs === null
        ? client.conversations.history(common)
        : client.conversations.replies({ ...common, ts: threadTs }),
    );
    const { messages, response_metadata: rest } = page.parse(answer);
    found.push(...(messages ?? []));
    cursor = rest?.next_cursor ?? undefined;
    if (cursor === undefined || cursor === '') return found;
  }
  onCut?.();
  return found;
}

function digest(messages: readonly OwnMessage[]): EarlierPosts {
  const parts = new Map<string, Map<number, string>>();
  const progress = new Map<string, string[]>();
  const unfinished = messages.filter((message) => message.streaming_state === 'in_progress').map(({ ts }) => ts);
  for (const { ts, metadata } of messages) {
    const { delivery, part, question } = metadata?.event_payload ?? {};
    if (metadata?.event_type === POST_EVENT && typeof delivery === 'string' && Number.isSafeInteger(Number(part))) {
      parts.set(delivery, (parts.get(delivery) ?? new Map<number, string>()).set(Number(part), ts));
    }
    if (metadata?.event_type === PROGRESS_EVENT && typeof question === 'string')
      progress.set(question, [...(progress.get(question) ?? []), ts]);
  }
  return {
    partsOf: (delivery) => parts.get(delivery) ?? new Map(),
    progressOf: (questionId) => progress.get(questionId) ?? [],
    unfinished,
  };
}

const none: EarlierPosts = digest([]);

async function look(workspace: SlackWorkspace, place: { channel: string; threadTs: string | null }, oldest: string) {
  try {
    const { own } = workspace;
    const messages = await readMessages(workspace, place, { oldest });
    return digest(
      messages
        .flatMap((message) => ownMessage.safeParse(message).data ?? [])
        .filter(({ user, bot_id }) => user === own.user || (own.bot !== null && bot_id === own.bot)),
    );
  } catch (error) {
    // Where there is nothing to be read, nothing was posted either; whoever posts is told by Slack what the matter is.
    if (finalRefusalOf(error) === undefined) throw error;
    return none;
  }
}

/** Looks for what was posted before: by processes that are gone, or by calls that failed although they were done. */
export function createEarlierPosts() {
  const cached = new Map<string, Promise<EarlierPosts>>();
  return {
    /** As it is now. */
    fresh: (workspace: SlackWorkspace, place: { channel: string; threadTs: string | null }, oldest: string) =>
      look(workspace, place, oldest),
    /** All of a thread as it was when it was first looked at: enough for what an earlier process left. */
    leftBehind(workspace: SlackWorkspace, conversation: string): Promise<EarlierPosts> {
      const place: ThreadPlace | undefined = threadPlace(conversation);
      if (place === undefined) return Promise.resolve(none);
      const key = `${workspace.key} ${conversation}`;
      const found = cached.get(key) ?? look(workspace, place, '0');
      cached.set(key, found);
      found.catch(() => cached.delete(key));
      const [oldest] = cached.keys();
      if (cached.size > CACHED && oldest !== undefined) cached.delete(oldest);
      return found;
    },
  };
}
export type EarlierPostsSource = ReturnType<typeof createEarlierPosts>;
