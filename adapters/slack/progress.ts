import type { AskedQuestion } from '../../src/domain/chat.ts';
import { messageOf } from '../../src/errors.ts';
import { createProgressBoard, type ProgressBoard, type ProgressPlace } from '../delivery/progress-board.ts';
import { isPassing } from './calls.ts';
import { PLATFORM, type SlackContext, type SlackWorkspace } from './context.ts';
import type { EarlierPostsSource } from './earlier-posts.ts';
import { deleteMessage, editMessage, endStream } from './edit-message.ts';
import { placeOf, threadPlace } from './keys.ts';
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

  async function progressPlace(key: string, question: AskedQuestion): Promise<ProgressPlace> {
    const { questionId, person } = question;
    const workspace = await slack.workspaceOf(key);
    const onStopped = () => slack.inBackground('stopping a question', () => slack.stopQuestion(questionId, person));
    return {
      calls: slackLiveCalls({ slack, workspace, question, streaming: streamingOf(key), onStopped }),
      slot: workspace.pace.edits.message(),
      leftBehind: () => earlierPosts.leftBehind(workspace, question.conversation),
      finish: (message) => endStream(workspace, placeOf(message), question),
      setBusy: (isBusy) => setStatus(slack, workspace, question.conversation, isBusy ? STATUS : ''),
      sayStopped: (message, by) => editMessage(workspace, placeOf(message), renderStopped(questionId, by), questionId),
      remove: (message) => deleteMessage(workspace, placeOf(message)),
    };
  }
  const { loop, desk, log, timers, signal } = slack;
  const common = { platform: PLATFORM, loop, desk, log, timers, signal };
  return createProgressBoard({ ...common, heartbeatMs: HEARTBEAT_MS, placeOf: progressPlace, isPassing });
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
