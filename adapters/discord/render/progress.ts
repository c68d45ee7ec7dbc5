import { ButtonStyle } from 'discord.js';
import type { Progress } from '../../../src/domain/progress.ts';
import { progressMarkdown } from '../../delivery/progress-text.ts';
import { codePoints } from '../../delivery/split-markdown.ts';
import { ANSWER_PART } from '../limits.ts';
import { button, contentsOf, type DiscordMessage, messageOf } from './message.ts';

/**
 * A question's progress, with a button that stops it.
 * @param steps what has happened so far, oldest first
 */
export function renderProgress(questionId: string, steps: readonly Progress[]): DiscordMessage {
  const text = progressMarkdown(steps, { limit: ANSWER_PART, measure: codePoints });
  const [content = ''] = contentsOf(text);
  return messageOf(content, { buttons: [button({ type: 'stop', questionId }, 'Stop', ButtonStyle.Danger)] });
}

/** In the place of the progress of a question that was stopped. */
export const renderStopped = (by: string | null): DiscordMessage =>
  messageOf(by === null ? '-# Stopped.' : `-# Stopped by <@${by}>.`);
