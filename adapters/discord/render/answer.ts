import { type APIButtonComponent, ButtonStyle } from 'discord.js';
import type { Answer } from '../../../src/domain/progress.ts';
import { answerFootnote } from '../../delivery/progress-text.ts';
import { withSources } from '../../delivery/sources.ts';
import { codePoints } from '../../delivery/split-markdown.ts';
import { ANSWER_PART, limits } from '../limits.ts';
import { button, contentsOf, type DiscordMessage, messageOf, renderNotice } from './message.ts';

/** Under the last part of an answer. */
const answerButtons = ({ answerId, questionId }: Answer): APIButtonComponent[] => [
  button({ type: 'rate', vote: 'up', answerId }, '👍 Right'),
  button({ type: 'rate', vote: 'down', answerId }, '👎 Not right', ButtonStyle.Secondary),
  button({ type: 'trace', questionId }, 'How I got there'),
];

/** The messages that an answer is, in order. */
export function renderAnswer(answer: Answer): DiscordMessage[] {
  const contents = contentsOf(withSources(answer), ANSWER_PART);
  const foot = `\n-# ${answerFootnote(answer)}`;
  return contents.map((content, part) => {
    if (part < contents.length - 1) return messageOf(content);
    const whole = codePoints(content) + codePoints(foot) <= limits.content ? content + foot : content;
    return messageOf(whole, { buttons: answerButtons(answer) });
  });
}

/** The explained failure of a question. @param text Markdown */
export const renderFailure = (text: string): DiscordMessage[] => renderNotice(`⚠️ **I could not answer this.** ${text}`);

/** The report of a night. @param text Markdown */
export const renderReport = (text: string): DiscordMessage[] => renderNotice(text);
