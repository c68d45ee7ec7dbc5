import { z } from 'zod';
import type { AskedQuestion } from '../../src/domain/chat.ts';
import type { Missed, MissedSince } from '../delivery/catch-up.ts';
import { perMinute } from '../delivery/chat-context.ts';
import { severalAtOnce } from '../delivery/several-at-once.ts';
import { finalRefusalOf } from './calls.ts';
import { PLATFORM, type SlackContext, type SlackWorkspace } from './context.ts';
import { messagePages } from './earlier-posts.ts';
import { askOpened } from './handlers/ask-privately.ts';
import { isDirectChannel, messagePlace, threadPlace } from './keys.ts';
import { channelsToRead, type ReadChannel } from './missed-channels.ts';
import { timestamp } from './parse/payloads.ts';
import { parseEvent } from './parse.ts';
import { takeAsked, takeEdited } from './questions.ts';
import { openingIn } from './render.ts';
import { msOf, tsOf } from './times.ts';

/** Threads go on for so long. */
const THREAD_MS = 7 * 86_400_000;
/** Conversations with open questions that are looked at for edits and deletions. */
const OPEN = 40;
const AT_ONCE = 4;
/** After which Slack shows what was written, wherever it is asked. */
const SETTLED_MS = 5_000;

const summary = z.object({
  ts: timestamp,
  thread_ts: timestamp.nullish(),
  latest_reply: z.string().nullish(),
  subtype: z.string().nullish(),
  edited: z.object({ ts: z.string() }).nullish(),
});

interface Found {
  readonly raw: unknown;
  readonly ts: string;
}

type Seen = Found & z.infer<typeof summary>;

const inOrder = (found: readonly Found[] = []): Found[] => found.toSorted((a, b) => (a.ts < b.ts ? -1 : 1));

/** The messages of a workspace that came, changed or went while nobody was told. */
export function createMissedMessages(
  slack: SlackContext,
  workspace: SlackWorkspace,
  { since, isLater }: MissedSince,
): Missed {
  const { desk, log, signal, settings } = slack;
  const { key, own } = workspace;
  let channels: readonly ReadChannel[] = [];

  /** The messages of a channel itself in a span of time; of those that were not missed it is only told that there are. */
  async function topOf(channel: string, span: { readonly oldest: string; readonly latest?: string }): Promise<Seen[]> {
    const found: Seen[] = [];
    for await (const messages of messagePages(workspace, { channel, threadTs: null }, span))
      for (const raw of messages) {
        const message = summary.safeParse(raw).data;
        if (message !== undefined) found.push({ raw: message.ts > since ? raw : null, ...message });
      }
    return found;
  }

  const isGrown = ({ latest_reply: latest }: Seen): boolean => typeof latest === 'string' && latest > since;

  /** What is new in some threads of a channel. */
  async function repliesIn(channel: string, roots: readonly string[]): Promise<Found[]> {
    const found: Found[] = [];
    const read = async (threadTs: string) => {
      for await (const replies of messagePages(workspace, { channel, threadTs }, { oldest: since }))
        for (const raw of replies) {
          const ts = summary.safeParse(raw).data?.ts;
          if (ts !== undefined && ts > since && ts !== threadTs) found.push({ raw, ts });
        }
    };
    for (const threadTs of roots) {
      if (signal.aborted) break;
      await unlessRefused(() => read(threadTs));
    }
    return found;
  }

  const oldestRoot = (): string => tsOf(Date.now() - THREAD_MS);
  /** From where on the roots of a channel have been looked at with what is new in it. */
  const firstOf = ({ engaged }: ReadChannel): string => {
    const first = engaged.filter((root) => root > oldestRoot()).sort()[0];
    return first !== undefined && first < since ? first : since;
  };

  /** What was written in a channel, and in its threads that have questions in them or are as new. */
  async function newIn(one: ReadChannel): Promise<Found[]> {
    const { id: channel, engaged } = one;
    const first = firstOf(one);
    // New messages by themselves: however much was written before them, they are read.
    const top = await topOf(channel, { oldest: since });
    const older = first < since ? await topOf(channel, { oldest: first, latest: since }) : [];
    const seen = [...older, ...top];
    const roots = new Set(seen.map(({ ts }) => ts));
    const grown = seen.filter(isGrown).map(({ ts }) => ts);
    const isEngaged = new Set(engaged);
    const threads = [
      ...grown.filter((ts) => isEngaged.has(ts)),
      ...engaged.filter((root) => !roots.has(root)),
      ...grown.filter((ts) => !isEngaged.has(ts)),
    ];
    return [...seen.filter(({ ts }) => ts > since), ...(await repliesIn(channel, [...new Set(threads)]))];
  }

  /** What was written in older threads, which may be the first that it is asked there. */
  async function newInOlder(one: ReadChannel): Promise<Found[]> {
    const { id: channel, engaged } = one;
    const oldest = oldestRoot();
    const latest = firstOf(one);
    if (latest <= oldest) return [];
    const grown = (await topOf(channel, { oldest, latest })).filter(isGrown).map(({ ts }) => ts);
    return repliesIn(
      channel,
      grown.filter((ts) => ts < latest && !engaged.includes(ts)),
    );
  }

  async function unlessRefused<T>(call: () => Promise<T>, whenGone?: T): Promise<T | undefined> {
    try {
      return await call();
    } catch (error) {
      const refusal = finalRefusalOf(error);
      if (refusal === undefined) throw error;
      if (refusal === 'thread_not_found') return whenGone;
      log.info({ workspace: key, refusal }, 'a place cannot be read');
      return undefined;
    }
  }

  /** The same message as an event would have brought it. */
  function parsed(raw: unknown, channel: string, isShared: boolean) {
    const isOrgWide = key.startsWith('E');
    const authorization = isOrgWide ? { enterprise_id: key, is_enterprise_install: true } : { team_id: key };
    const event = {
      ...(raw as object),
      type: 'message',
      channel,
      channel_type: isDirectChannel(channel) ? 'im' : 'channel',
    };
    const body = { authorizations: [authorization], is_ext_shared_channel: isShared, event };
    return parseEvent(body, { own, voteOf: slack.voteOf });
  }

  /** What somebody asked by command when the process was lost, for one. */
  async function askAgain(channel: string, { ts, person, text }: NonNullable<ReturnType<typeof openingIn>>) {
    const opening = { channel, ts };
    await askOpened({ workspace: key, person: { key: person, name: '' }, opening, text }, slack);
  }

  async function readChannel(channel: ReadChannel, find: (channel: ReadChannel) => Promise<Found[]>): Promise<void> {
    let now = 0;
    const limit = perMinute(settings.limits, () => now);
    for (const { raw, ts } of inOrder(await unlessRefused(() => find(channel)))) {
      if (signal.aborted) return;
      now = msOf(ts);
      const opened = isDirectChannel(channel.id) ? openingIn(raw, own.user) : undefined;
      if (opened !== undefined) await askAgain(channel.id, opened);
      const input = parsed(raw, channel.id, channel.isShared);
      if (input.type === 'question') await takeAsked(input, slack, { limit, isLate: true });
    }
  }

  /** Those messages of a place that are there, of some. */
  async function messagesAt(
    place: { readonly channel: string; readonly threadTs: string },
    oldest: string,
    wanted: ReadonlySet<string>,
  ): Promise<Map<string, unknown>> {
    const found = new Map<string, unknown>();
    for await (const messages of messagePages(workspace, place, { oldest }))
      for (const raw of messages) {
        const ts = summary.safeParse(raw).data?.ts;
        if (ts !== undefined && wanted.has(ts)) found.set(ts, raw);
      }
    return found;
  }

  /** Edits and deletions of the open questions of a conversation. */
  async function changesIn(conversation: string, questions: readonly AskedQuestion[]): Promise<void> {
    const place = threadPlace(conversation);
    const moments = questions.flatMap(({ message }) => messagePlace(message)?.ts ?? []).sort();
    const [oldest] = moments;
    if (place === undefined || oldest === undefined) return;
    const begun = slack.timers.now();
    const messages = await unlessRefused(() => messagesAt(place, oldest, new Set(moments)), new Map<string, unknown>());
    if (messages === undefined) return;
    for (const { questionId, message } of questions) {
      if (isLater(message, begun)) continue;
      const raw = messages.get(messagePlace(message)?.ts ?? '');
      const seen = summary.safeParse(raw).data;
      if (seen === undefined || seen.subtype === 'tombstone') await slack.withdrawQuestion(questionId);
      else if (seen.edited && seen.edited.ts > since) {
        const input = parsed(raw, place.channel, false);
        if (input.type === 'question') await takeEdited(input, slack, { limit: slack.limit, isLate: true });
      }
    }
  }

  /** Looks whether the messages of open questions are still there, and as they were. */
  async function changes(isInterrupted: () => boolean): Promise<void> {
    if (isInterrupted()) return;
    const open = new Map<string, AskedQuestion[]>();
    const settled = tsOf(Date.now() - SETTLED_MS);
    for (const question of await desk.openQuestions(PLATFORM, key))
      if ((messagePlace(question.message)?.ts ?? settled) < settled)
        open.set(question.conversation, [...(open.get(question.conversation) ?? []), question]);
    if (open.size > OPEN)
      log.warn(
        { workspace: key, conversations: open.size, read: OPEN },
        'not all open questions are looked at for edits and deletions that were missed',
      );
    for (const [conversation, questions] of [...open].slice(0, OPEN)) {
      if (signal.aborted || isInterrupted()) return;
      await changesIn(conversation, questions);
    }
  }

  return {
    async messages(gap) {
      channels = await channelsToRead(slack, workspace);
      const work = async (channel: ReadChannel) => {
        await readChannel(channel, newIn);
        gap.read(channel.id);
      };
      await severalAtOnce(channels, work, { atOnce: AT_ONCE, signal, isUrgent: ({ id }) => gap.isAwaited(id) });
    },
    async rest(isInterrupted) {
      // Threads that are older than what was missed, and that it had no part in.
      const older = async (channel: ReadChannel) => {
        if (!isInterrupted()) await readChannel(channel, newInOlder);
      };
      await severalAtOnce(channels, older, { atOnce: AT_ONCE, signal });
      await changes(isInterrupted);
    },
  };
}
