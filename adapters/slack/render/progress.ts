import type { ActionsBlock, MessageMetadata } from '@slack/types';
import type { Progress } from '../../../src/domain/progress.ts';
import { shortened } from '../../delivery/markdown-text.ts';
import { progressMarkdown } from '../../delivery/progress-text.ts';
import { utf16Units } from '../../delivery/split-markdown.ts';
import { actionIds } from '../action-ids.ts';
import { limits } from '../limits.ts';
import { fallbackOf, slackMarkdown } from '../markdown.ts';
import type { SlackMessage } from './message.ts';

/** Of the progress shown: the last turns, which fit on a screen. */
const SHOWN = 3_000;
export const PROGRESS_EVENT = 'foursight_progress';
/** What is kept in a message that shows a question's progress, so that it is found. */
export const progressMetadata = (questionId: string): MessageMetadata => ({
  event_type: PROGRESS_EVENT,
  event_payload: { question: questionId },
});

/**
 * A question's progress, with a button that stops it.
 * @param steps what has happened so far, oldest first
 */
export function renderProgress(questionId: string, steps: readonly Progress[]): SlackMessage {
  const text = slackMarkdown(progressMarkdown(steps, { limit: SHOWN, measure: utf16Units }));
  return {
    text: shortened(fallbackOf(text), limits.fallback),
    blocks: [{ type: 'markdown', text }, stopButton(questionId)],
    metadata: progressMetadata(questionId),
  };
}

export const stopButton = (questionId: string): ActionsBlock => ({
  type: 'actions',
  elements: [
    {
      type: 'button',
      action_id: actionIds.stop,
      value: questionId,
      style: 'danger',
      text: { type: 'plain_text', text: 'Stop', emoji: true },
      accessibility_label: 'Stop working on this question',
    },
  ],
});

/** In the place of the progress of a question that was stopped. */
export function renderStopped(questionId: string, by: string | null): SlackMessage {
  const text = by === null ? 'Stopped.' : `Stopped by <@${by.replace(/[^A-Z0-9]/g, '')}>.`;
  return {
    text,
    blocks: [{ type: 'context', elements: [{ type: 'mrkdwn', text }] }],
    metadata: progressMetadata(questionId),
  };
}
