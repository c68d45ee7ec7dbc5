import { checkBlocks } from '../contents.ts';
import { LIMITS } from '../limits.ts';
import { change, post } from '../messages.ts';
import { type MethodCall, type Methods, method, needs } from '../method.ts';
import { Refusal } from '../refusal.ts';
import * as schemas from '../schemas/chat.ts';
import type { Json, Message, Stream } from '../types.ts';
import { userOf } from '../world.ts';
import { checkThread, clearStatus, metadataOf, ownMessage, writableChannel } from './chat.ts';

interface Streamed {
  readonly markdown_text?: string | undefined;
  readonly chunks?: readonly schemas.Chunk[] | undefined;
}

const modeOf = ({ chunks }: Streamed): Stream['mode'] => (chunks === undefined ? 'text' : 'chunks');

/** Adds what came to a stream: text at its end, cards in the place of earlier ones with the same id. */
function append(stream: Stream, { markdown_text, chunks = [] }: Streamed): void {
  stream.markdown += markdown_text ?? '';
  for (const chunk of chunks) {
    if (chunk.type === 'markdown_text') stream.markdown += chunk.text;
    else if (chunk.type === 'plan_update') stream.cards.set('plan', { type: 'plan', title: chunk.title });
    else if (chunk.type === 'task_update') {
      const { id, type: _type, details, output, ...rest } = chunk;
      const rich = {
        ...(details ? { details: richText(details) } : {}),
        ...(output ? { output: richText(output) } : {}),
      };
      stream.cards.set(`task:${id}`, { type: 'task_card', task_id: id, ...rest, ...rich });
    } else for (const block of chunk.blocks) stream.cards.set(`block:${stream.cards.size}`, block);
  }
}

const richText = (text: string): Json => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }],
});

const blocksOf = ({ markdown, cards }: Stream): readonly Json[] => [
  ...cards.values(),
  ...(markdown === '' ? [] : [{ type: 'markdown', text: markdown }]),
];

/** A stream of the app that still takes text, sent in the way in which it was begun. */
function openStream(call: MethodCall, channel: string, ts: string, streamed: Streamed): [Message, Stream] {
  const message = ownMessage(call, channel, ts, 'message_not_owned_by_app');
  const { stream } = message;
  if (message.channel.isArchived) throw new Refusal('is_archived');
  if (stream?.state === 'stopped_by_user') throw new Refusal('stopped_by_user');
  if (stream?.state !== 'in_progress') throw new Refusal('message_not_in_streaming_state');
  if (Date.now() - stream.startedAt > LIMITS.streamMs) {
    stream.state = 'completed';
    throw new Refusal('message_not_in_streaming_state');
  }
  const { markdown_text, chunks } = streamed;
  if (markdown_text !== undefined && chunks !== undefined)
    throw new Refusal('cannot_provide_both_markdown_text_and_chunks');
  const isBegun = stream.markdown !== '' || stream.cards.size > 0;
  const isSent = markdown_text !== undefined || chunks !== undefined;
  if (isBegun && isSent && modeOf(streamed) !== stream.mode) throw new Refusal('streaming_mode_mismatch');
  return [message, stream];
}

const changed = ({ channel, ts }: Message): Json => ({ channel: channel.id, ts });

export const streamMethods: Methods = {
  'chat.startStream': method({
    schema: schemas.startStream,
    tier: 'tier2',
    scopes: needs('chat:write'),
    run(args, call) {
      const channel = writableChannel(call, args.channel);
      checkThread(channel, args.thread_ts);
      if (channel.kind !== 'im') {
        if (args.recipient_team_id === undefined) throw new Refusal('missing_recipient_team_id');
        if (args.recipient_user_id === undefined) throw new Refusal('missing_recipient_user_id');
      }
      if (args.recipient_user_id !== undefined) userOf(call.desk.world, args.recipient_user_id);
      const stream: Stream = {
        mode: modeOf(args),
        startedAt: Date.now(),
        state: 'in_progress',
        markdown: '',
        cards: new Map(),
      };
      append(stream, args);
      const { markdown: text } = stream;
      const user = call.team.bot.userId;
      const message = post(call.desk, {
        channel,
        user,
        text,
        blocks: blocksOf(stream),
        threadTs: args.thread_ts,
        stream,
      });
      clearStatus(call, channel, args.thread_ts);
      return changed(message);
    },
  }),
  'chat.appendStream': method({
    schema: schemas.appendStream,
    tier: 'tier4',
    scopes: needs('chat:write'),
    run(args, call) {
      const [message, stream] = openStream(call, args.channel, args.ts, args);
      if (args.markdown_text === undefined && args.chunks === undefined) throw new Refusal('no_text');
      append(stream, args);
      // What is appended is shown at once, but no event tells of it.
      message.text = stream.markdown;
      message.blocks = blocksOf(stream);
      call.desk.changed();
      return changed(message);
    },
  }),
  'chat.stopStream': method({
    schema: schemas.stopStream,
    tier: 'tier2',
    scopes: needs('chat:write'),
    run(args, call) {
      const [message, stream] = openStream(call, args.channel, args.ts, args);
      checkBlocks(args.blocks ?? []);
      const metadata = metadataOf(args.metadata);
      append(stream, args);
      const blocks = [...blocksOf(stream), ...(args.blocks ?? [])];
      if (blocks.length === 0) throw new Refusal('no_text');
      stream.state = 'completed';
      change(call.desk, message, { text: stream.markdown, blocks, metadata, isEdit: false });
      return changed(message);
    },
  }),
};
