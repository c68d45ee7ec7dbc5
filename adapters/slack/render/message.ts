import type { KnownBlock, MessageMetadata, SectionBlock } from '@slack/types';
import { z } from 'zod';
import { shortened } from '../../delivery/markdown-text.ts';
import { splitMarkdown } from '../../delivery/split-markdown.ts';
import { ANSWER_PART, limits } from '../limits.ts';
import { fallbackOf, mrkdwnOf, slackMarkdown } from '../markdown.ts';
import { slackId, timestamp } from '../parse/payloads.ts';

/** A message as chat.postMessage and chat.update take it, but for its place. */
export interface SlackMessage {
  /** For notifications and screen readers: the blocks are what is seen. */
  readonly text: string;
  readonly blocks: KnownBlock[];
  readonly metadata?: MessageMetadata;
}

/** What is kept in a posted message, so that a repeated try finds it: its name, and what it must hold. */
export const POST_EVENT = 'foursight_post';
export const postMetadata = (delivery: string, part: number): MessageMetadata => ({
  event_type: POST_EVENT,
  event_payload: { delivery, part },
});

/** What is kept in the message that opens a thread for a question by command: a process may be lost before it is asked. */
const OPENING_EVENT = 'foursight_opening';
/** Slack takes some kilobytes. */
const MOST_KEPT_BYTES = 6_000;
export const openingMetadata = (text: string, person: string): { readonly metadata?: MessageMetadata } =>
  Buffer.byteLength(text) > MOST_KEPT_BYTES
    ? {}
    : { metadata: { event_type: OPENING_EVENT, event_payload: { text, person } } };
const opening = z.object({
  ts: timestamp,
  user: slackId,
  metadata: z.object({
    event_type: z.literal(OPENING_EVENT),
    event_payload: z.object({ text: z.string(), person: slackId }),
  }),
});

/** The question that a message of the bot's opened a thread for; undefined for all others. */
export function openingIn(raw: unknown, own: string): { ts: string; text: string; person: string } | undefined {
  const found = opening.safeParse(raw).data;
  return found?.user === own ? { ts: found.ts, ...found.metadata.event_payload } : undefined;
}

/** Markdown in as many messages as it needs; one at least. */
export function markdownMessages(markdown: string): SlackMessage[] {
  const parts = splitMarkdown(slackMarkdown(markdown), { limit: ANSWER_PART });
  const texts = parts.length === 0 ? ['_(nothing)_'] : parts.map((part) => part.text);
  return texts.map((text) => ({
    text: shortened(fallbackOf(text), limits.fallback),
    blocks: [{ type: 'markdown', text }],
  }));
}

/** Markdown in sections, as views need it. */
export function sections(markdown: string, limit: number = limits.text): SectionBlock[] {
  return splitMarkdown(markdown, { limit }).flatMap(({ text }): SectionBlock[] => {
    const mrkdwn = mrkdwnOf(text);
    if (mrkdwn === '') return [];
    // Escaping makes some texts longer than they were.
    if (mrkdwn.length > limits.text) return sections(text, Math.floor(limit / 2));
    return [{ type: 'section', text: { type: 'mrkdwn', text: mrkdwn } }];
  });
}

/** The same message without `markdown` blocks, for where Slack refuses one. */
export function plainly(message: SlackMessage): SlackMessage {
  const blocks = message.blocks.flatMap((block) => (block.type === 'markdown' ? sections(block.text) : [block]));
  return { ...message, blocks };
}
