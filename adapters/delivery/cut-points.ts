import { type Passage, passagesOf } from './markdown-passages.ts';
import { type Span, spansOf } from './markdown-spans.ts';

/** How good a place is to cut a text at; higher is better. */
export const Grade = { inside: 0, edge: 1, word: 2, sentence: 3, line: 4, paragraph: 5 } as const;

/** What has to be written where a text is cut: at the end of the one part and at the start of the next. */
export interface Seam {
  readonly closing: string;
  readonly opening: string;
}

export interface CutPoint extends Seam {
  /** The next part starts here. */
  readonly at: number;
  /** The part before ends here: without the white space before `at`. */
  readonly contentEnd: number;
  readonly grade: number;
}

/** A text with the places at which it may be cut, in order. */
export interface CuttableText {
  readonly text: string;
  readonly passages: readonly Passage[];
  readonly points: readonly CutPoint[];
  /** What has to be repeated for a cut at a place that is none of the points. */
  readonly seamAt: (at: number) => Seam;
}

const NO_SEAM: Seam = { closing: '', opening: '' };
const SENTENCE_END = /[.!?…][)\]"'”’*_]*$/u;
/** White space, and marks after which Chinese and Japanese text may break. */
const BREAK = /\s+|(?<=[。！？])(?!\s)/gu;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const isPlain = (unit: number): boolean => unit < 0x80;
/** How far back the start of what a character belongs to is looked for. */
const FAR = 1_000;
const NEAR = 40;

/** Whether a cut there goes through no character as a person sees it. */
export function startsGrapheme(text: string, at: number): boolean {
  if (isPlain(text.charCodeAt(at)) && isPlain(text.charCodeAt(at - 1))) return true;
  let from = at - 1;
  while (from > 0 && at - from < FAR && !isPlain(text.charCodeAt(from))) from -= 1;
  return graphemes.segment(text.slice(from, at + NEAR)).containing(at - from)?.index === at - from;
}

/** @param room a seam longer than this is not worth repeating */
function fenceSeam(passage: Passage & { kind: 'fence' }, room: number): Seam {
  const { opening, closing } = passage;
  if (opening.length + closing.length + 2 <= room) return { opening: `${opening}\n`, closing };
  return closing.length * 2 + 2 <= room ? { opening: `${closing}\n`, closing } : NO_SEAM;
}

const withBreak = (seam: Seam): Seam => (seam.closing === '' ? seam : { ...seam, closing: `\n${seam.closing}` });

/** Emphasis and code that a cut goes through are closed before it and opened after it. */
function spanSeam(spans: readonly Span[], room: number): Seam {
  const markers = spans.map((span) => span.marker);
  const opening = markers.join('');
  return opening.length * 2 > room ? NO_SEAM : { opening, closing: markers.toReversed().join('') };
}

/** The spans around each of some places, which come in order. */
function aroundEach(spans: readonly Span[]): (at: number) => Span[] {
  let open: Span[] = [];
  let next = 0;
  return (at) => {
    for (let span = spans[next]; span !== undefined && span.start < at; span = spans[++next]) open.push(span);
    open = open.filter((span) => span.end > at);
    return open;
  };
}

function textPoints(text: string, passage: Passage, room: number): CutPoint[] {
  const spans = spansOf(text, passage.start, passage.end);
  const around = aroundEach(spans);
  const places = new Map<number, { contentEnd: number; grade: number }>();
  for (const { start, end } of spans) {
    for (const at of [start, end]) places.set(at, { contentEnd: at, grade: Grade.edge });
  }
  for (const gap of text.slice(passage.start, passage.end).matchAll(BREAK)) {
    const contentEnd = passage.start + gap.index;
    const lastBreak = gap[0].lastIndexOf('\n');
    // What a line is indented by stays with it.
    const at = contentEnd + (lastBreak === -1 ? gap[0].length : lastBreak + 1);
    const isSentence = gap[0] === '' || SENTENCE_END.test(text.slice(Math.max(0, contentEnd - 8), contentEnd));
    const grade = lastBreak !== -1 ? Grade.line : isSentence ? Grade.sentence : Grade.word;
    places.set(at, { contentEnd, grade });
  }
  return [...places]
    .filter(([at]) => at > passage.start && at < passage.end && startsGrapheme(text, at))
    .sort(([a], [b]) => a - b)
    .flatMap(([at, { contentEnd, grade }]) => {
      const enclosing = around(at);
      if (enclosing.some((span) => span.marker === '')) return [];
      if (enclosing.length === 0) return [{ at, contentEnd, grade, ...NO_SEAM }];
      return grade < Grade.word ? [] : [{ at, contentEnd, grade: Grade.inside, ...spanSeam(enclosing, room) }];
    });
}

/** Places after the lines of code or rows from `start` to `end`, except the last, and between their words. */
function linePoints(text: string, [start, end]: readonly [number, number], seam: Seam): CutPoint[] {
  return [...text.slice(start, end).matchAll(/\n|[^\S\n]+(?=\S)/gu)].flatMap((gap) => {
    const at = start + gap.index + gap[0].length;
    if (at >= end || !startsGrapheme(text, at)) return [];
    // Blank lines and indentation are part of code, whose last break its closing fence needs.
    const contentEnd = seam.closing === '' ? at - gap[0].length : at;
    const isLine = gap[0] === '\n';
    return [{ at, contentEnd, grade: isLine ? Grade.line : Grade.inside, ...(isLine ? seam : withBreak(seam)) }];
  });
}

const tableSeam = (header: string, room: number): Seam => ({
  closing: '',
  opening: header.length <= room ? header : '',
});

function pointsWithin(text: string, passage: Passage, room: number): CutPoint[] {
  if (passage.kind === 'fence') {
    return linePoints(text, [passage.bodyStart, passage.bodyEnd], fenceSeam(passage, room));
  }
  if (passage.kind === 'table') {
    return linePoints(text, [passage.rowsStart, passage.end], tableSeam(passage.header, room));
  }
  return textPoints(text, passage, room);
}

/** @param room for what is repeated around a cut, in UTF-16 units */
export function cuttable(text: string, room: number): CuttableText {
  const passages = passagesOf(text);
  const points = passages.flatMap((passage, index): CutPoint[] => {
    const next = passages[index + 1];
    const within = pointsWithin(text, passage, room);
    const contentEnd = passage.start + text.slice(passage.start, passage.end).trimEnd().length;
    if (next === undefined) {
      const isOpen = passage.kind === 'fence' && !passage.isClosed;
      const seam = isOpen ? fenceSeam(passage, room) : NO_SEAM;
      const { closing } = contentEnd === passage.end ? withBreak(seam) : seam;
      const end = isOpen ? passage.end : contentEnd;
      return [...within, { at: text.length, contentEnd: end, grade: Grade.paragraph, closing, opening: '' }];
    }
    // A heading stays with what it heads.
    if (passage.kind === 'heading') return within;
    return [...within, { at: next.start, contentEnd, grade: Grade.paragraph, ...NO_SEAM }];
  });
  const seamAt = (at: number): Seam => {
    const passage = passages.find((one) => one.start < at && at < one.end);
    if (passage === undefined) return NO_SEAM;
    if (passage.kind === 'table') return at >= passage.rowsStart ? tableSeam(passage.header, room) : NO_SEAM;
    if (passage.kind === 'fence') return at > passage.bodyStart ? withBreak(fenceSeam(passage, room)) : NO_SEAM;
    const enclosing = spansOf(text, passage.start, passage.end).filter((span) => span.start < at && at < span.end);
    return spanSeam(enclosing, room);
  };
  return { text, passages, points, seamAt };
}
