import type { AskedQuestion, PostedMessage } from '../../src/domain/chat.ts';
import { messageOf } from '../../src/errors.ts';
import { createProgressBoard, type ProgressBoard, type ProgressPlace } from '../delivery/progress-board.ts';
import { isPassing } from './calls.ts';
import { PLATFORM, type SlackContext, type SlackWorkspace } from './context.ts';
import type { EarlierPostsSource } from './earlier-posts.ts';
import { deleteMessage, editMessage, endStream } from './edit-message.ts';
import { type MessagePlace, messageKey, messagePlace, threadPlace } from './keys.ts';
import { slackLiveCalls } from './live-message.ts';
import { renderStopped } from './render.ts';

/** Slack clears a status after two minutes. */
const HEARTBEAT_MS = 90_000;
const STATUS = 'is thinking …';

/** Shows how questions are getting on: first as a status of their thread, then in a message. */
export function createSlackBoard(slack: SlackContext, earlierPosts: EarlierPostsSource): ProgressBoard {
  const streaming = new Map<string, { isOn: boolean }>();

  const streamingOf = (workspace: string): { isOn: boolean } => {
    const found = streaming.get(workspace) ?? { isOn: true };
    streaming.set(workspace, found);
    return found;
  };

  async function placeOf(key: string, question: AskedQuestion): Promise<ProgressPlace> {
    const { questionId, person } = question;
    const workspace = await slack.workspaceOf(key);
    const onStopped = () => slack.inBackground('stopping a question', () => slack.stopQuestion(questionId, person));
    return {
      calls: slackLiveCalls({ slack, workspace, question, streaming: streamingOf(key), onStopped }),
      slot: workspace.pace.edits.message(),
      leftBehind: (posts, isLive) => leftBehind({ workspace, question, earlierPosts }, posts, isLive),
      setBusy: (isBusy) => setStatus(slack, workspace, question.conversation, isBusy ? STATUS : ''),
      async sayStopped(message, by) {
        const place = messagePlace(message);
        if (place !== undefined) await editMessage(workspace, place, renderStopped(questionId, by), questionId);
      },
      async remove(message) {
        const place = messagePlace(message);
        if (place !== undefined) await deleteMessage(workspace, place);
      },
    };
  }
  const { loop, desk, log, timers, signal } = slack;
  const common = { platform: PLATFORM, loop, desk, log, timers, signal };
  return createProgressBoard({ ...common, heartbeatMs: HEARTBEAT_MS, placeOf, isPassing });
}

async function setStatus(
  { log }: SlackContext,
  { client }: SlackWorkspace,
  conversation: string,
  status: string,
): Promise<void> {
  const place = threadPlace(conversation);
  if (place === undefined) return;
  const { channel, threadTs } = place;
  await client.assistant.threads
    .setStatus({ channel_id: channel, thread_ts: threadTs, status })
    .catch((error: unknown) => log.debug({ conversation, cause: messageOf(error) }, 'no status'));
}

interface LeftOf {
  readonly workspace: SlackWorkspace;
  readonly question: AskedQuestion;
  readonly earlierPosts: EarlierPostsSource;
}

/** Streams cannot be gone on with: one of the question's is ended, and edited from then on. */
async function leftBehind(
  { workspace, question, earlierPosts }: LeftOf,
  posts: readonly PostedMessage[],
  isLive: (message: string) => boolean,
): Promise<string | null> {
  const left = await earlierPosts.leftBehind(workspace, question.conversation);
  const channel = threadPlace(question.conversation)?.channel ?? '';
  const placeOf = (ts: string): MessagePlace => ({ channel, ts });
  const known = posts.flatMap(({ kind, message }) => (kind === 'progress' ? (messagePlace(message)?.ts ?? []) : []));
  const [ts, ...others] = [...new Set([...known, ...left.progressOf(question.questionId)])];
  const orphans = left.unfinished.filter((one) => one !== ts && !isLive(messageKey(placeOf(one))));
  for (const orphan of orphans) await endStream(workspace, placeOf(orphan), question);
  for (const other of [...others, ...orphans]) await deleteMessage(workspace, placeOf(other));
  if (ts === undefined) return null;
  if (left.unfinished.includes(ts)) await endStream(workspace, placeOf(ts), question);
  return messageKey(placeOf(ts));
}
