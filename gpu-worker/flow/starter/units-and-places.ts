import { findPlace, placeNames } from '../../../src/domain/places.ts';
import { findUnits, unitNames } from '../../../src/domain/units.ts';
import type { Token } from './fold.ts';

const LONGEST_UNIT = 6;
const LONGEST_PLACE = 5;

/** Units whose names are short and yet never words of anything else. */
const plainShort = new Set(
  'day km kms cm mm kg kgs lb lbs oz ml cl dl mg mph kph kmh ft yd yds gb mb kb tb mi tbsp tsp kwh hrs mins secs min hr sec kn pt qt'.split(
    ' ',
  ),
);
/** Words that mean a unit only beside a number or as the aim of a conversion. */
const ambiguous = new Set(
  (
    'are hand hands rod rods chain chains league leagues turn turns degree degrees bar bars mil mils thou second grain grains stone ' +
    'stones carat carats revolution revolutions full circle grad grads point barrel barrels cup cups ton tons bit bits ' +
    'point decade decades century centuries watt watts gig gigs cal calorie calories mole rankine'
  ).split(' '),
);
/** Short names that are words first of all. */
const words = new Set("are a as is am i an at be by do go he if me my no on or so to up us we ' d of".split(' '));
/** What stands before the aim of a conversion: `in g`, `how many g`. */
const shortAims = new Set([
  'and',
  'or',
  'about',
  'to',
  'into',
  'in',
  'as',
  'many',
  '?',
  '=',
  '>',
  '→',
  'a',
  'an',
  'per',
  'of',
  'from',
  '°',
  'deg',
  'degrees',
]);
const aims = new Set([
  'about',
  'and',
  'or',
  '?',
  '=',
  ':',
  '→',
  'to',
  'into',
  'in',
  'as',
  'many',
  'much',
  'a',
  'an',
  'per',
  'one',
  'from',
  'of',
  'the',
]);
const closers = new Set([
  '?',
  '.',
  ',',
  '!',
  ')',
  'to',
  'into',
  'in',
  'is',
  'are',
  'as',
  'from',
  'please',
  'equals',
  'make',
  'equal',
  'then',
  'and',
  'now',
  'do',
  'does',
  'there',
  'for',
  'would',
  ':',
  ';',
  '=',
  '-',
  'go',
  'fit',
]);

export interface ReadName {
  readonly next: number;
  readonly end: number;
  /** For units the dimension, or for units of time the unit; for places `place`. */
  readonly shown: string;
}

const joined = (question: string, tokens: readonly Token[], from: number, count: number): string | undefined => {
  const first = tokens[from];
  const last = tokens[from + count - 1];
  return first === undefined || last === undefined ? undefined : question.slice(first.start, last.end);
};

const timeWords: Readonly<Record<string, string>> = {
  s: 'second',
  min: 'minute',
  h: 'hour',
  days: 'day',
  weeks: 'week',
  fortnights: 'fortnight',
  months: 'month',
  years: 'year',
};

/**
 * Reads the unit that starts at a token. A short or ambiguous name counts only right after a number, or where a conversion's
 * aim stands.
 */
export function readUnit(
  question: string,
  tokens: readonly Token[],
  from: number,
  afterNumber: boolean,
): ReadName | undefined {
  for (let count = Math.min(LONGEST_UNIT, tokens.length - from); count > 0; count--) {
    const name = joined(question, tokens, from, count);
    if (name === undefined || !/[\p{L}°'"℃℉º]/u.test(name)) continue;
    const folded = name.toLowerCase().replace(/\s+/g, ' ');
    const plain = folded.replaceAll('²', '2').replaceAll('³', '3');
    if (!unitNames.has(folded) && !unitNames.has(plain)) continue;
    // Litres per 100 km are a unit beside miles per gallon; in a story they are two numbers.
    if (
      folded === 'of' ||
      (/100/.test(folded) && !/mpg|gallon/i.test(question)) ||
      !isMeant(folded, tokens, from, count, afterNumber)
    )
      continue;
    const unit = findUnits(name)[0];
    const end = tokens[from + count - 1]?.end ?? 0;
    if (unit === undefined) continue;
    return { next: from + count, end, shown: timeWords[unit.symbol] ?? unit.dimension.split(' ')[0] ?? 'unit' };
  }
  return undefined;
}

/** Ambiguous names that are units right after `in`, `to` or `into`. */
const aimed =
  /^(?:cups?|watts|bars?|tons?|barrels|grains|stones?|bits|carats|calories|cal|gigs|decades|centuries|degrees)$/;

function isMeant(name: string, tokens: readonly Token[], from: number, count: number, afterNumber: boolean): boolean {
  const before = tokens[from - 1]?.text ?? '';
  const after = tokens[from + count]?.text ?? '';
  if (name === 'in')
    return (
      afterNumber &&
      (tokens[from - 1]?.end === tokens[from]?.start ||
        [
          'to',
          'in',
          'into',
          'as',
          'be',
          'is',
          'are',
          'equal',
          'long',
          'tall',
          'wide',
          'make',
          '?',
          '.',
          ',',
          '',
        ].includes(after))
    );
  if (words.has(name)) return name === "'" && afterNumber;
  if (afterNumber || before === 'many') return true;
  if (name === 'second') return /^(?:an?|one|per|in|to|into)$/.test(before);
  if (name === 'day') return /^(?:an?|one|per|many|of|to|into)$/.test(before);
  if (ambiguous.has(name) && /^(?:in|to|into)$/.test(before) && aimed.test(name)) return true;
  if (ambiguous.has(name)) return aims.has(before) && (closers.has(after) || after === '');
  return name.length > 3 || plainShort.has(name) || shortAims.has(before);
}

/** Names of places that are words of another meaning too: places only where the sentence asks for one. */
const alsoWords = new Set(
  'nice reading mobile bath of most east west north south center central split male lima cork orange bend buffalo phoenix chad turkey jordan georgia troll casey davis easter chihuahua hermosillo victoria charlotte madison jersey guinea marathon many man manning est met mst hst wake midway rest stanley saint'.split(
    ' ',
  ),
);
const beforePlace = new Set(['in', 'for', 'at', 'from', 'to', 'over', 'and', 'of', 'about', 'into']);

/** Reads the place that starts at a token. */
export function readPlace(question: string, tokens: readonly Token[], from: number): ReadName | undefined {
  for (let count = Math.min(LONGEST_PLACE, tokens.length - from); count > 0; count--) {
    const name = joined(question, tokens, from, count);
    if (name === undefined || name.length < 3 || !/^\p{L}[^,;?!]+$/u.test(name)) continue;
    const folded = name.toLowerCase();
    if (!placeNames.has(folded) && (!/[^a-z ]/.test(folded) || findPlace(name) === undefined)) continue;
    const capital = name.charAt(0) !== name.charAt(0).toLowerCase();
    const before = tokens[from - 1]?.text ?? '';
    if (alsoWords.has(folded) && !(beforePlace.has(before) && (capital || question === question.toLowerCase())))
      continue;
    if (folded.length === 3 && !/^[A-Z]{3}$/.test(name) && !beforePlace.has(before)) continue;
    return { next: from + count, end: tokens[from + count - 1]?.end ?? 0, shown: 'place' };
  }
  return undefined;
}
