import { type CutPoint, type CuttableText, cuttable, Grade, startsGrapheme } from './cut-points.ts';

/** How a platform counts: of two texts joined, the sum. */
export type Measure = (text: string) => number;

export const utf16Units: Measure = (text) => text.length;
export const codePoints: Measure = (text) => {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
};

export interface SplitOptions {
  /** Of a part, with the fences and headers that are repeated in it; at least 40. */
  readonly limit: number;
  readonly measure?: Measure;
}

export interface MarkdownPart {
  /** What is posted: never blank, never over the limit. */
  readonly text: string;
  /** The stretch of the original that it shows: all of them joined are the original. */
  readonly source: string;
}

const LEAST_LIMIT = 40;
/** How full a part must be to end at a place of this grade; places of the grades below are taken as they come. */
const fullEnough = [
  [Grade.paragraph, 0.5],
  [Grade.line, 0.35],
  [Grade.sentence, 0.25],
  [Grade.word, 0],
  [Grade.edge, 0],
  [Grade.inside, 0],
] as const;

/** Where a part may end, and how long it is then. */
interface Choice {
  readonly point: CutPoint;
  readonly size: number;
}

/**
 * Splits Markdown into parts that are each whole by themselves: a fence that is cut is closed and opened again, a table gets its
 * header again, links, code and emphasis are not cut where they fit. Cuts are between paragraphs if that leaves parts at least half
 * full, else between lines, sentences, words; only what is longer than a part is cut between any two characters.
 * @returns nothing for blank text
 */
export function splitMarkdown(markdown: string, options: SplitOptions): MarkdownPart[] {
  const { limit, measure = utf16Units } = options;
  if (limit < LEAST_LIMIT) throw new RangeError(`a limit of ${limit} is too small, ${LEAST_LIMIT} is the least`);
  const whole = cuttable(markdown, Math.floor(limit / 2));
  const parts: MarkdownPart[] = [];
  let cursor = whole.passages[0]?.start ?? markdown.length;
  let from = 0;
  let opening = '';
  while (cursor < markdown.length && from < markdown.length) {
    const cut = nextCut(whole, cursor, opening, { limit, measure });
    const text = opening + markdown.slice(cursor, cut.contentEnd) + cut.closing;
    parts.push({ text, source: markdown.slice(from, cut.at) });
    ({ at: cursor, opening } = cut);
    from = cut.at;
  }
  return parts;
}

function nextCut(whole: CuttableText, cursor: number, opening: string, options: Required<SplitOptions>): CutPoint {
  const { limit, measure } = options;
  const { text } = whole;
  const fitting: Choice[] = [];
  let read = cursor;
  let size = measure(opening);
  for (let index = firstAfter(whole.points, cursor); size <= limit; index += 1) {
    const point = whole.points[index];
    if (point === undefined) break;
    const gap = Math.max(point.contentEnd, read);
    size += measure(text.slice(read, gap));
    const closed = size + measure(point.closing);
    if (closed <= limit && point.contentEnd > cursor) fitting.push({ point, size: closed });
    size += measure(text.slice(gap, point.at));
    read = point.at;
  }
  const best = bestOf(fitting, limit);
  if (best === undefined) return hardCut(whole, cursor, opening, options);
  return keptWhole(whole, best, fitting, options).point;
}

/** The index of the first point after a place. */
function firstAfter(points: readonly CutPoint[], place: number): number {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.at ?? 0) > place) high = middle;
    else low = middle + 1;
  }
  return low;
}

function bestOf(fitting: readonly Choice[], limit: number): Choice | undefined {
  for (const [grade, share] of fullEnough) {
    const choice = fitting.findLast(({ point }) => point.grade >= grade);
    if (choice !== undefined && choice.size >= share * limit) return choice;
  }
  return undefined;
}

/** A fence or a table that fits into the next part is not cut, but begins it. */
function keptWhole(
  whole: CuttableText,
  best: Choice,
  fitting: readonly Choice[],
  options: Required<SplitOptions>,
): Choice {
  const { at } = best.point;
  const passage = whole.passages.find(({ start, end }) => start < at && at < end);
  if (passage === undefined || (passage.kind !== 'fence' && passage.kind !== 'table')) return best;
  const before = fitting.findLast(({ point }) => point.at <= passage.start && point.grade >= Grade.word);
  if (before === undefined) return best;
  const together = whole.text.slice(before.point.at, passage.end).trimEnd();
  return options.measure(before.point.opening + together) <= options.limit ? before : best;
}

/** The furthest place between two graphemes, or, of a grapheme that is longer than a part, between two code points. */
function hardCut(whole: CuttableText, cursor: number, opening: string, options: Required<SplitOptions>): CutPoint {
  const { limit, measure } = options;
  const { text } = whole;
  const places: number[] = [];
  let at = cursor;
  let size = measure(opening);
  for (const character of text.slice(cursor, cursor + 2 * limit)) {
    at += character.length;
    size += measure(character);
    if (size > limit) break;
    places.push(at);
  }
  const cutAt = (place: number): CutPoint | undefined => {
    const seam = whole.seamAt(place);
    const taken = measure(opening + text.slice(cursor, place) + seam.closing);
    return taken <= limit ? { at: place, contentEnd: place, grade: Grade.inside, ...seam } : undefined;
  };
  places.reverse();
  const cut =
    firstOf(places, (place) => (startsGrapheme(text, place) ? cutAt(place) : undefined)) ?? firstOf(places, cutAt);
  if (cut !== undefined) return cut;
  // Seams take half of the limit at most, so that one code point always fits.
  throw new RangeError(`a limit of ${limit} leaves no room for a character`);
}

function firstOf<T, R>(items: readonly T[], find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
