import { type Passage, passagesOf } from '../delivery/markdown-passages.ts';
import { type Span, spansOf } from '../delivery/markdown-spans.ts';

/** Between an @ and a word it stops Slack from reading a mention, and is not seen. */
const GAP = '\u200b';
const OPEN = '(?:<|&lt;|&#60;|&#x3c;)';
const CLOSE = '(?:>|&gt;|&#62;|&#x3e;)';
const BROADCAST = new RegExp(`${OPEN}!(channel|here|everyone|group)(?:\\|[^<>&|]*)?${CLOSE}`, 'gi');
const USER_GROUP = new RegExp(`${OPEN}!subteam\\^([A-Z0-9]+)(?:\\|@?([^<>&|]*))?${CLOSE}`, 'gi');
const BROADCAST_WORD = /(?<![\p{L}\p{N}_])@(?=(?:channel|here|everyone|group)(?![\p{L}\p{N}_]))/giu;

/** A text that calls nobody: mentions of channels, of everybody and of groups are words. */
export const withoutMassMentions = (text: string): string =>
  text
    .replace(BROADCAST, (_, who: string) => `@${GAP}${who}`)
    .replace(USER_GROUP, (_, id: string, name: string | undefined) => `@${GAP}${name || id}`)
    .replace(BROADCAST_WORD, `@${GAP}`);

/** Model Markdown as a `markdown` block takes it, which is as it is but for mentions of many. */
export const slackMarkdown = withoutMassMentions;

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const MARKDOWN_ESCAPE = /\\([!-/:-@[-`{-~])/g;
const plain = (text: string): string => escaped(text.replace(MARKDOWN_ESCAPE, '$1'));

/** How mrkdwn writes what Markdown writes with these marks. */
const mrkdwnMarks: Readonly<Record<string, readonly [string, string]>> = {
  '*': ['_', '_'],
  _: ['_', '_'],
  '**': ['*', '*'],
  __: ['*', '*'],
  '***': ['*_', '_*'],
  ___: ['*_', '_*'],
  '~~': ['~', '~'],
};

function linkOf(target: string, label: string): string {
  if (!/^(?:https?:\/\/|mailto:)/i.test(target)) return label === '' ? escaped(target) : label;
  const address = escaped(target.replaceAll('|', '%7C').replace(/\s/g, '%20'));
  return label === '' ? `<${address}>` : `<${address}|${label.replaceAll('|', '¦')}>`;
}

function spanOf(text: string, span: Span, inner: readonly Span[]): string {
  const within = (marker: string) => inlineOf(text, span.start + marker.length, span.end - marker.length, inner);
  if (span.kind === 'code') return `\`${escaped(text.slice(span.start, span.end).replace(/^`+ ?| ?`+$/g, ''))}\``;
  if (span.kind === 'address') return linkOf(span.target, '');
  if (span.kind === 'emphasis') return (mrkdwnMarks[span.marker] ?? ['', '']).join(within(span.marker));
  return linkOf(span.target, plain(span.label.replace(/[*_~`]/g, '')));
}

/** @param spans of the whole paragraph, by where they start */
function inlineOf(text: string, start: number, end: number, spans: readonly Span[]): string {
  let at = start;
  let written = '';
  spans.forEach((span, index) => {
    if (span.start < at || span.end > end) return;
    written += plain(text.slice(at, span.start)) + spanOf(text, span, spans.slice(index + 1));
    at = span.end;
  });
  return written + plain(text.slice(at, end));
}

/** An item begins with a bullet; numbers, quotations and plain lines stay as they are. */
const withBullets = (text: string): string => text.replace(/^([ \t]*)[-*+][ \t]+/gm, '$1• ');

function passageMrkdwn(text: string, passage: Passage): string {
  const { start, end } = passage;
  if (passage.kind === 'fence')
    return `\`\`\`\n${escaped(text.slice(passage.bodyStart, passage.bodyEnd).replace(/\n$/, ''))}\n\`\`\``;
  if (passage.kind === 'table') return `\`\`\`\n${escaped(text.slice(start, end).trimEnd())}\n\`\`\``;
  const words = text.slice(start, end).trimEnd();
  if (passage.kind === 'heading') {
    const title = words.replace(/^\s*#+\s*|\s*#*$/g, '').replace(/[*_~`]/g, '');
    return title === '' ? '' : `*${plain(title)}*`;
  }
  const bulleted = withBullets(words);
  const quoted = inlineOf(bulleted, 0, bulleted.length, spansOf(bulleted));
  return quoted.replace(/^(\s*)&gt; ?/gm, '$1> ');
}

/** Markdown as `mrkdwn` writes it, for views, which take no `markdown` block. Nobody is mentioned. */
export const mrkdwnOf = (markdown: string): string =>
  withoutMassMentions(
    passagesOf(markdown)
      .map((passage) => passageMrkdwn(markdown, passage))
      .filter((part) => part !== '')
      .join('\n\n'),
  );

/** The words of a text for notifications and screen readers, as `text` beside blocks takes them. */
export const fallbackOf = (markdown: string): string => mrkdwnOf(markdown).replace(/\n{2,}/g, '\n');
