import { shortened } from '../../delivery/markdown-text.ts';
import { codePoints } from '../../delivery/split-markdown.ts';
import { type DiscordMessage, messageOf } from './message.ts';

/** Of the question in it; a link may stand under it. */
const MOST = 1_850;
const CUT = '…';
const LINK = '\n-# ';

function quoted(text: string): string {
  for (let most = text.length; ; most = Math.floor(most / 2)) {
    const quote = shortened(text, most).replace(/^/gm, '> ');
    if (codePoints(quote) <= MOST) return quote;
  }
}

/** What a question by command looks like in its channel: it opens the thread in which it is answered. @param about an address; null: none */
export const renderOpening = (text: string, about: string | null): DiscordMessage =>
  messageOf(`${quoted(text)}${about === null ? '' : `${LINK}${about}`}`);

/** The question in such a message; undefined where it is not whole, and for other messages. */
export function askedInOpening(content: string): string | undefined {
  const [quote = ''] = content.split(LINK);
  const lines = quote.split('\n');
  if (quote.endsWith(CUT) || !lines.every((line) => /^>(?: |$)/.test(line))) return undefined;
  const text = lines
    .map((line) => line.slice(2))
    .join('\n')
    .trim();
  return text === '' ? undefined : text;
}
