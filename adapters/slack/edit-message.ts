import type { AnyChunk } from '@slack/types';
import { finalRefusalOf, refusalOf } from './calls.ts';
import type { SlackWorkspace } from './context.ts';
import type { MessagePlace } from './keys.ts';
import { paced } from './pace.ts';
import { plainly, progressMetadata, type SlackMessage } from './render.ts';

/** Refusals of blocks: the same message without markdown blocks may be taken. */
const blockRefusals: readonly (string | undefined)[] = [
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_blocks_too_long',
];

/** Makes a call with a message, and again without its markdown blocks where Slack refuses those. */
export async function withBlocks<T>(message: SlackMessage, call: (message: SlackMessage) => Promise<T>): Promise<T> {
  try {
    return await call(message);
  } catch (error) {
    if (!blockRefusals.includes(refusalOf(error))) throw error;
    return call(plainly(message));
  }
}

/**
 * Ends a stream, if it still is one. It cannot be told from other messages afterwards but by what it keeps: the question of which it
 * shows the progress. @throws what the call throws when it may be a stream still
 */
export async function endStream(
  { client, pace }: SlackWorkspace,
  { channel, ts }: MessagePlace,
  { questionId, chunks = [] }: { readonly questionId: string; readonly chunks?: AnyChunk[] },
): Promise<void> {
  const metadata = progressMetadata(questionId);
  try {
    const rest = chunks.length > 0 ? { chunks } : {};
    await paced(pace.stops, () => client.chat.stopStream({ channel, ts, metadata, ...rest }));
  } catch (error) {
    if (finalRefusalOf(error) === undefined) throw error;
  }
}

/** Changes a message. @throws what chat.update throws */
export async function updateMessage(
  { client, pace }: SlackWorkspace,
  place: MessagePlace,
  message: SlackMessage,
): Promise<void> {
  await withBlocks(message, (shown) => paced(pace.edits, () => client.chat.update({ ...place, ...shown })));
}

/** Changes a message of a question, which may be a stream that nobody has ended. @throws what chat.update throws */
export async function editMessage(
  workspace: SlackWorkspace,
  place: MessagePlace,
  message: SlackMessage,
  questionId: string,
): Promise<void> {
  try {
    await updateMessage(workspace, place, message);
  } catch (error) {
    if (refusalOf(error) !== 'streaming_state_conflict') throw error;
    await endStream(workspace, place, { questionId });
    await updateMessage(workspace, place, message);
  }
}

/** Deletes a message of the bot's; one that is gone already is no matter. @throws what chat.delete throws otherwise */
export async function deleteMessage({ client, pace }: SlackWorkspace, place: MessagePlace): Promise<void> {
  try {
    await paced(pace.edits, () => client.chat.delete(place));
  } catch (error) {
    if (finalRefusalOf(error) === undefined) throw error;
  }
}
