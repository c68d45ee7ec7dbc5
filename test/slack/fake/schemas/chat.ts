import { z } from 'zod';
import { LIMITS } from '../limits.ts';
import { messageBlocks, sources, taskStatus } from './blocks.ts';
import { args, flag, id, json, text, timestamp } from './values.ts';

const { message } = LIMITS;

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const flat = z.record(z.string(), scalar);
export const metadata = z.strictObject({
  event_type: z.string().regex(/^[A-Za-z0-9_.-]+$/, 'invalid event_type'),
  event_payload: z.record(z.string(), z.union([scalar, flat, z.array(flat)])),
});
/** An empty object removes metadata. */
const changedMetadata = z.union([metadata, z.strictObject({}).transform(() => null)]);

const markdownText = z.string().max(message.markdownText).optional();
const attachments = json(z.array(z.looseObject({})).max(100)).optional();

const contents = {
  text: text.optional(),
  blocks: json(messageBlocks).optional(),
  attachments,
  markdown_text: markdownText,
};
const looks = {
  parse: z.enum(['full', 'none']).optional(),
  link_names: flag.optional(),
};
const authorship = {
  as_user: flag.optional(),
  username: text.optional(),
  icon_emoji: text.optional(),
  icon_url: text.optional(),
};

export const postMessage = args({
  channel: text,
  ...contents,
  ...looks,
  ...authorship,
  thread_ts: timestamp.optional(),
  reply_broadcast: flag.optional(),
  metadata: json(metadata).optional(),
  mrkdwn: flag.optional(),
  unfurl_links: flag.optional(),
  unfurl_media: flag.optional(),
  unfurl_app_links: flag.optional(),
});

export const postEphemeral = args({
  channel: text,
  user: id,
  ...contents,
  ...looks,
  ...authorship,
  thread_ts: timestamp.optional(),
});

export const update = args({
  channel: id,
  ts: timestamp,
  ...contents,
  ...looks,
  as_user: flag.optional(),
  metadata: json(changedMetadata).optional(),
  reply_broadcast: flag.optional(),
  file_ids: json(z.array(z.string())).optional(),
});

export const remove = args({ channel: id, ts: timestamp, as_user: flag.optional() });

const chunk = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('markdown_text'), text: z.string().max(message.markdownText) }),
  z.strictObject({ type: z.literal('plan_update'), title: z.string() }),
  z.strictObject({
    type: z.literal('task_update'),
    id: z.string().min(1),
    title: z.string().min(1),
    status: taskStatus,
    details: z.string().optional(),
    output: z.string().optional(),
    sources: sources.optional(),
  }),
  z.strictObject({ type: z.literal('blocks'), blocks: messageBlocks }),
]);
export type Chunk = z.infer<typeof chunk>;
const streamed = { markdown_text: markdownText, chunks: json(z.array(chunk)).optional() };

export const startStream = args({
  channel: id,
  thread_ts: timestamp,
  ...streamed,
  recipient_user_id: id.optional(),
  recipient_team_id: id.optional(),
  task_display_mode: z.enum(['timeline', 'plan', 'dense']).optional(),
  username: text.optional(),
  icon_emoji: text.optional(),
  icon_url: text.optional(),
});
export const appendStream = args({ channel: id, ts: timestamp, ...streamed });
export const stopStream = args({
  channel: id,
  ts: timestamp,
  ...streamed,
  blocks: json(messageBlocks).optional(),
  metadata: json(metadata).optional(),
  session_status: text.optional(),
});

/** What is posted to a response URL. */
export const responseMessage = z.strictObject({
  text: text.optional(),
  blocks: json(messageBlocks).optional(),
  attachments,
  response_type: z.enum(['ephemeral', 'in_channel']).optional(),
  replace_original: flag.optional(),
  delete_original: flag.optional(),
  thread_ts: timestamp.optional(),
  metadata: json(metadata).optional(),
  mrkdwn: flag.optional(),
  unfurl_links: flag.optional(),
  unfurl_media: flag.optional(),
});
