import type { KnownBlock } from '@slack/types';
import type { Answer } from '../../../src/domain/progress.ts';
import { answerFootnote } from '../../delivery/progress-text.ts';
import { withSources } from '../../delivery/sources.ts';
import { actionIds } from '../action-ids.ts';
import { markdownMessages, postMetadata, type SlackMessage } from './message.ts';

const feedbackButton = (vote: 'up' | 'down', answerId: string) => ({
  text: { type: 'plain_text', text: vote === 'up' ? '👍' : '👎', emoji: true } as const,
  value: `${vote}:${answerId}`,
  accessibility_label: vote === 'up' ? 'This answer was right' : 'This answer was not right',
});

/** What stands under the last part of an answer. */
function answerFoot(answer: Answer): KnownBlock[] {
  return [
    { type: 'context', elements: [{ type: 'mrkdwn', text: answerFootnote(answer) }] },
    {
      type: 'context_actions',
      elements: [
        {
          type: 'feedback_buttons',
          action_id: actionIds.rate,
          positive_button: feedbackButton('up', answer.answerId),
          negative_button: feedbackButton('down', answer.answerId),
        },
      ],
    },
    {
      type: 'actions',
      elements: [
        {
          type: 'button',
          action_id: actionIds.trace,
          value: answer.questionId,
          text: { type: 'plain_text', text: 'How I got there', emoji: true },
        },
      ],
    },
  ];
}

/** The messages that an answer is, in order. @param delivery kept in each of them, with its number */
export function renderAnswer(delivery: string, answer: Answer): SlackMessage[] {
  const messages = markdownMessages(withSources(answer));
  return messages.map((message, part) => ({
    ...message,
    blocks: part === messages.length - 1 ? [...message.blocks, ...answerFoot(answer)] : message.blocks,
    metadata: postMetadata(delivery, part),
  }));
}

/** The explained failure of a question. @param text Markdown */
export const renderFailure = (delivery: string, text: string): SlackMessage[] =>
  renderPost(delivery, `⚠️ **I could not answer this.** ${text}`);

/** The report of a night. @param text Markdown */
export const renderReport = (delivery: string, text: string): SlackMessage[] => renderPost(delivery, text);

const renderPost = (delivery: string, markdown: string): SlackMessage[] =>
  markdownMessages(markdown).map((message, part) => ({ ...message, metadata: postMetadata(delivery, part) }));
