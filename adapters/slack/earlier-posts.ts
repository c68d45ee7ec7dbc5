import { z } from 'zod';
import { type EarlierPosts, earlierPostsOf, FirstLooks, type OwnPost } from '../delivery/earlier-posts.ts';
import { finalRefusalOf } from './calls.ts';
import type { SlackWorkspace } from './context.ts';
import { messageKey, threadPlace } from './keys.ts';
import { timestamp } from './parse/payloads.ts';
import { POST_EVENT, PROGRESS_EVENT } from './render.ts';

const PAGE = 200;
const PAGES = 10;

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
}

interface Where {
  readonly channel: string;
  /** null: the channel itself. */
  readonly threadTs: string | null;
}

/** The messages of a thread, or of a channel when there is no thread, from a moment on, as Slack sends them, page by page. @throws what the calls throw */
export async function* messagePages(
  { client, pace }: SlackWorkspace,
  { channel, threadTs }: Where,
  { oldest, latest }: Span,
): AsyncGenerator<readonly unknown[], void> {
  let cursor: string | undefined;
  do {
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
    yield messages ?? [];
    cursor = rest?.next_cursor ?? undefined;
  } while (cursor !== undefined && cursor !== '');
}

/** The first pages of them. @throws what the calls throw */
export async function readMessages(workspace: SlackWorkspace, where: Where, span: Span): Promise<unknown[]> {
  const found: unknown[] = [];
  let count = 0;
  for await (const messages of messagePages(workspace, where, span)) {
    found.push(...messages);
    count += 1;
    if (count === PAGES) break;
  }
  return found;
}

/** What a message of the bot's keeps. */
function ownPost(channel: string, { ts, metadata, streaming_state: state }: OwnMessage): OwnPost {
  const { delivery, part, question } = metadata?.event_payload ?? {};
  const isPart =
    metadata?.event_type === POST_EVENT && typeof delivery === 'string' && Number.isSafeInteger(Number(part));
  return {
    message: messageKey({ channel, ts }),
    part: isPart ? { delivery, number: Number(part) } : null,
    question: metadata?.event_type === PROGRESS_EVENT && typeof question === 'string' ? question : null,
    isUnfinished: state === 'in_progress',
  };
}

const none: EarlierPosts = earlierPostsOf([]);

async function look(workspace: SlackWorkspace, place: Where, oldest: string): Promise<EarlierPosts> {
  try {
    const { own } = workspace;
    const messages = await readMessages(workspace, place, { oldest });
    return earlierPostsOf(
      messages
        .flatMap((message) => ownMessage.safeParse(message).data ?? [])
        .filter(({ user, bot_id }) => user === own.user || (own.bot !== null && bot_id === own.bot))
        .map((message) => ownPost(place.channel, message)),
    );
  } catch (error) {
    // Where there is nothing to be read, nothing was posted either; whoever posts is told by Slack what the matter is.
    if (finalRefusalOf(error) === undefined) throw error;
    return none;
  }
}

/** Looks for what was posted before: by processes that are gone, or by calls that failed although they were done. */
export function createEarlierPosts() {
  const first = new FirstLooks<EarlierPosts>();
  return {
    /** As it is now. */
    fresh: look,
    /** All of a thread as it was when it was first looked at. */
    async leftBehind(workspace: SlackWorkspace, conversation: string): Promise<EarlierPosts> {
      const place = threadPlace(conversation);
      return place === undefined ? none : first.of(workspace.key, conversation, () => look(workspace, place, '0'));
    },
  };
}
export type EarlierPostsSource = ReturnType<typeof createEarlierPosts>;
