import { type Passage, passagesOf } from '../delivery/markdown-passages.ts';
import { type Span, spansOf } from '../delivery/markdown-spans.ts';
import { codePoints } from '../delivery/split-markdown.ts';

const ESCAPE = /\\([!-/:-@[-`{-~])/g;
/** Bars that divide cells: not those that are escaped. */
const BAR = /(?<!\\)\|/;

const cellsOf = (line: string): string[] =>
  line
    .trim()
    .replace(/^\|/, '')
    .replace(/(?<!\\)\|$/, '')
    .split(BAR)
    .map((cell) => cell.trim().replace(ESCAPE, '$1'));

const padded = (cell: string, width: number): string => cell + ' '.repeat(Math.max(0, width - codePoints(cell)));

/** Discord knows no tables: their columns stand under each other as code. */
function tableAsCode(text: string): string {
  const [header = '', , ...rows] = text.trimEnd().split('\n');
  const lines = [header, ...rows].map(cellsOf);
  const widths: number[] = [];
  for (const cells of lines)
    cells.forEach((cell, at) => {
      widths[at] = Math.max(widths[at] ?? 0, codePoints(cell));
    });
  const drawn = lines.map((cells) =>
    cells
      .map((cell, at) => padded(cell, widths[at] ?? 0))
      .join(' | ')
      .trimEnd(),
  );
  const rule = widths.map((width) => '-'.repeat(width)).join('-+-');
  const body = [drawn[0] ?? '', rule, ...drawn.slice(1)].join('\n');
  // A run of backticks would end the code.
  return `\`\`\`\n${body.replaceAll('```', "'''")}\n\`\`\``;
}

/** Levels below the third are bold lines. */
function heading(text: string): string {
  const level = /^\s*(#+)/.exec(text)?.[1]?.length ?? 0;
  const title = text.trim().slice(level).trim().replaceAll('**', '');
  return level > 3 && title !== '' ? `**${title}**\n` : text;
}

/** Pictures are links to them. */
function withoutPictures(text: string): string {
  let at = 0;
  let written = '';
  for (const span of spansOf(text).filter(({ kind }: Span) => kind === 'image')) {
    written += `${text.slice(at, span.start)}[${span.label || 'picture'}](${span.target})`;
    at = span.end;
  }
  return written + text.slice(at);
}

function passageMarkdown(markdown: string, passage: Passage): string {
  const text = markdown.slice(passage.start, passage.end);
  if (passage.kind === 'table') return `${tableAsCode(text)}${text.endsWith('\n') ? '\n' : ''}`;
  if (passage.kind === 'heading') return heading(text);
  return passage.kind === 'text' ? withoutPictures(text) : text;
}

/** Model Markdown as Discord's messages take it: what Discord does not know is written with what it knows. */
export function discordMarkdown(markdown: string): string {
  let at = 0;
  let written = '';
  for (const passage of passagesOf(markdown)) {
    written += markdown.slice(at, passage.start) + passageMarkdown(markdown, passage);
    at = passage.end;
  }
  return written + markdown.slice(at);
}
