/** Lines of a Markdown text that belong together. Blank lines are between passages; `end` is after the last line's break. */
export type Passage =
  | { readonly kind: 'text' | 'heading'; readonly start: number; readonly end: number }
  | FencePassage
  | TablePassage;

/** Code between fences. */
export interface FencePassage {
  readonly kind: 'fence';
  readonly start: number;
  readonly end: number;
  /** The lines of code. */
  readonly bodyStart: number;
  readonly bodyEnd: number;
  /** Opens and closes the same fence anew; no line break at the end. */
  readonly opening: string;
  readonly closing: string;
  readonly isClosed: boolean;
}

export interface TablePassage {
  readonly kind: 'table';
  readonly start: number;
  readonly end: number;
  readonly rowsStart: number;
  /** The header and the delimiter row, with their line breaks. */
  readonly header: string;
}

interface Line {
  readonly start: number;
  /** After its break. */
  readonly end: number;
  readonly text: string;
}

/** Fences may be indented, quoted and the first thing of a list item. */
const FENCE = /^([\s>]*(?:(?:[-*+]|\d+[.)])\s+)?)(`{3,}(?=[^`]*$)|~{3,})[ \t]*(.*?)\s*$/;
const HEADING = /^\s{0,3}#{1,6}(?:\s|$)/;
const DELIMITER_ROW = /^[\s>]*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  for (let start = 0; start < text.length; ) {
    const breakAt = text.indexOf('\n', start);
    const end = breakAt === -1 ? text.length : breakAt + 1;
    lines.push({ start, end, text: text.slice(start, end) });
    start = end;
  }
  return lines;
}

const isBlank = (line: Line): boolean => line.text.trim() === '';
const isTableStart = (line: Line, next: Line | undefined): boolean =>
  next !== undefined && line.text.includes('|') && next.text.includes('|') && DELIMITER_ROW.test(next.text);

function fenceAt(lines: readonly Line[], first: number): { passage: FencePassage; next: number } | undefined {
  const line = lines[first];
  const match = line && FENCE.exec(line.text);
  if (!line || !match) return undefined;
  const [, lead = '', marker = '', info = ''] = match;
  const closer = new RegExp(`^[\\s>]*${marker[0]}{${marker.length},}\\s*$`);
  let next = first + 1;
  while (lines[next] !== undefined && !closer.test(lines[next]?.text ?? '')) next += 1;
  const close = lines[next];
  const bodyEnd = close?.start ?? lines.at(-1)?.end ?? line.end;
  // What continues a list item is indented like it; what begins a part is not, or it would be taken for indented code.
  const indent = lead.replace(/[^\s>]/g, ' ');
  const shallow = indent.includes('>') ? indent : indent.slice(0, 3);
  const passage: FencePassage = {
    kind: 'fence',
    start: line.start,
    end: close?.end ?? bodyEnd,
    bodyStart: line.end,
    bodyEnd,
    opening: `${shallow}${marker}${info}`,
    closing: `${indent}${marker}`,
    isClosed: close !== undefined,
  };
  return { passage, next: close === undefined ? next : next + 1 };
}

function tableAt(lines: readonly Line[], first: number): { passage: TablePassage; next: number } | undefined {
  const [header, delimiter] = [lines[first], lines[first + 1]];
  if (!header || !delimiter || !isTableStart(header, delimiter)) return undefined;
  let next = first + 2;
  let end = delimiter.end;
  for (let row = lines[next]; row?.text.includes('|') && !FENCE.test(row.text); row = lines[next]) {
    end = row.end;
    next += 1;
  }
  const both = header.text + delimiter.text;
  const passage: TablePassage = {
    kind: 'table',
    start: header.start,
    end,
    rowsStart: delimiter.end,
    header: both.endsWith('\n') ? both : `${both}\n`,
  };
  return { passage, next };
}

/** The fences, tables, headings and paragraphs of a Markdown text, in order; every line that is not blank is in one. */
export function passagesOf(text: string): Passage[] {
  const lines = linesOf(text);
  const passages: Passage[] = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at];
    if (line === undefined || isBlank(line)) {
      at += 1;
      continue;
    }
    const whole = fenceAt(lines, at) ?? tableAt(lines, at);
    if (whole !== undefined) {
      passages.push(whole.passage);
      at = whole.next;
    } else if (HEADING.test(line.text)) {
      passages.push({ kind: 'heading', start: line.start, end: line.end });
      at += 1;
    } else {
      const { start } = line;
      let end = line.end;
      at += 1;
      for (let next = lines[at]; next !== undefined && !startsAnother(next, lines[at + 1]); next = lines[at]) {
        end = next.end;
        at += 1;
      }
      passages.push({ kind: 'text', start, end });
    }
  }
  return passages;
}

const startsAnother = (line: Line, next: Line | undefined): boolean =>
  isBlank(line) || FENCE.test(line.text) || HEADING.test(line.text) || isTableStart(line, next);
