import { findClockTimes, parseClockTime, showClockTime } from '../../../src/domain/clock-reading.ts';
import { findDates } from '../../../src/domain/date-reading.ts';
import { findPlace } from '../../../src/domain/places.ts';
import type { Puzzle } from '../../../src/domain/puzzle.ts';
import type { Analysis, Entity } from '../agents.ts';
import { readExpression } from './expressions.ts';
import { fold, type Token, tokenise } from './fold.ts';
import { isNumberWord, readNumber } from './numbers.ts';
import { findPuzzle, puzzleText } from './puzzles.ts';
import { readPlace, readUnit } from './units-and-places.ts';
import { plainWords } from './wording.ts';

export type EntityKind = 'number' | 'expression' | 'unit' | 'place' | 'date' | 'time';

/** Slots that the tokenizer has; further entities stay unmarked. */
export const MOST_SLOTS = 24;

/** The token that names an entity in prompts and actions. */
export const slotToken = (slot: number): string => `<|${slot}|>`;

interface Found {
  readonly kind: EntityKind;
  readonly start: number;
  readonly end: number;
  readonly value: string;
  /** The word that the planner reads behind the slot. */
  readonly shown: string;
  readonly next: number;
}

interface Moment {
  readonly kind: 'date' | 'time';
  readonly start: number;
  readonly end: number;
}

const signed = new Set([
  'is',
  'are',
  'convert',
  'of',
  'from',
  'at',
  'what',
  "what's",
  'whats',
  'to',
  'change',
  'if',
  'when',
  '=',
  ':',
]);

/** Reads "minus forty" and "-40" as one number where no number stands before. */
function readSigned(tokens: readonly Token[], from: number): { value: string; next: number } | undefined {
  const sign = tokens[from];
  const number = tokens[from + 1];
  if (sign === undefined || number === undefined) return undefined;
  const before = tokens[from - 1]?.text ?? '';
  const word = sign.text === 'negative' || (sign.text === 'minus' && signed.has(before));
  const touching = sign.text === '-' && number.start === sign.end && (tokens[from - 1]?.end ?? -1) < sign.start;
  if (!word && !(touching && /^\d|^\.\d/.test(number.text))) return undefined;
  const read = readNumber(tokens, from + 1);
  return read && { value: `-${read.value}`, next: read.next };
}

/** "one" that is a pronoun. */
function isPronoun(tokens: readonly Token[], at: number): boolean {
  if (tokens[at]?.text !== 'one') return false;
  const before = tokens[at - 1]?.text ?? '';
  const after = tokens[at + 1]?.text ?? '';
  if (isNumberWord(after)) return false;
  if (at <= 1 && /^[:,.!-]$/.test(after)) return true;
  if (
    /^(?:which|no|this|that|each|every|the|another|any|last|next|quick|easy|new|simple|good|right|first)$/.test(before)
  )
    return true;
  return after === 'of' || (/^(?:more|another|question|thing|last)$/.test(after) && before === '');
}

const operandsFollow = new Set(['sum', 'product', 'difference', 'quotient', 'average', 'mean', 'total']);

/**
 * "The sum of two hundred and seven" has two operands: where the wording wants two numbers and no other joint follows, the last `and`
 * of a number in words parts them.
 */
function firstOperand(tokens: readonly Token[], at: number, next: number): number {
  const [before, earlier] = [tokens[at - 1]?.text ?? '', tokens[at - 2]?.text ?? ''];
  const opens = (before === 'add' || before === 'multiply') && /^[,.:;]?$|^please$|^you$/.test(earlier);
  const wantsTwo = opens || (/^(?:of|between)$/.test(before) && operandsFollow.has(earlier));
  const later = tokens
    .slice(next, next + 5)
    .some(({ text }) => /^(?:and|by|to|with|from|plus|minus|times|,)$/.test(text));
  if (!wantsTwo || later) return next;
  for (let joint = next - 2; joint > at; joint--)
    if (tokens[joint]?.text === 'and' && readNumber(tokens, joint + 1)?.next === next) return joint;
  return next;
}

function entityAt(question: string, tokens: readonly Token[], at: number, afterNumber: boolean): Found | undefined {
  const first = tokens[at];
  if (first === undefined) return undefined;
  const upTo = (next: number): number => tokens[next - 1]?.end ?? first.end;
  const expression = readExpression(tokens, at);
  if (expression !== undefined) {
    const { value, next } = expression;
    if (/^\d+ \/ \d+$/.test(value) && upTo(next) - first.start === value.length - 2)
      return {
        kind: 'number',
        start: first.start,
        end: upTo(next),
        value: value.replaceAll(' ', ''),
        shown: 'n',
        next,
      };
    return { kind: 'expression', start: first.start, end: upTo(next), value, shown: 'expr', next };
  }
  if (!isPronoun(tokens, at)) {
    const whole = (afterNumber ? undefined : readSigned(tokens, at)) ?? readNumber(tokens, at);
    const joint = whole && firstOperand(tokens, at, whole.next);
    const number = whole && joint !== whole.next ? readNumber(tokens.slice(0, joint), at) : whole;
    if (number !== undefined) {
      const { value, next } = number;
      return {
        kind: 'number',
        start: first.start,
        end: upTo(next),
        value,
        shown: value.endsWith('%') ? 'n percent' : 'n',
        next,
      };
    }
  }
  const place = readPlace(question, tokens, at);
  if (place !== undefined) {
    const name = question.slice(first.start, place.end);
    return {
      kind: 'place',
      start: first.start,
      end: place.end,
      value: /^\p{Lu}/u.test(name) ? name : (findPlace(name)?.name ?? name),
      shown: 'place',
      next: place.next,
    };
  }
  const unit = readUnit(question, tokens, at, afterNumber);
  if (unit === undefined) return undefined;
  const value = question.slice(first.start, unit.end).replace(/\s+/g, ' ');
  return { kind: 'unit', start: first.start, end: unit.end, value, shown: unit.shown, next: unit.next };
}

function momentEntity(question: string, tokens: readonly Token[], at: number, moment: Moment): Found {
  let next = at;
  while ((tokens[next]?.start ?? Number.POSITIVE_INFINITY) < moment.end) next++;
  const surface = question.slice(moment.start, moment.end).replace(/\s+/g, ' ');
  if (moment.kind === 'time') {
    const minutes = parseClockTime(surface);
    const value = minutes === undefined ? surface : showClockTime(minutes);
    return { ...moment, value, shown: 'time', next };
  }
  const plain = /^(?:today|tomorrow|yesterday)$/i.test(surface) ? surface.toLowerCase() : 'date';
  const day = /^(?:next |last |this |coming |past )?(?:mon|tues|wednes|thurs|fri|satur|sun)day$/i.test(surface)
    ? 'day'
    : plain;
  return { ...moment, value: surface, shown: day === 'day' ? 'dayname' : plain, next };
}

/** "18 in the evening" is a time only behind a word that says so: a story may count what happens in the evening. */
const isPartOfDay = (folded: string, start: number, end: number): boolean =>
  /^\d+ ?[ap]$/.test(folded.slice(start, end)) ||
  (/^\d+ in the /.test(folded.slice(start, end)) &&
    !/\b(?:at|from|until|till|by|since|is|was|after|before|to)\s+$/.test(folded.slice(0, start)));

/** "add 50 minutes to 11 pm" is no "minutes to": the `to` is hidden, positions stay. */
const withoutSums = (folded: string): string =>
  folded.replace(/(?<=\b(?:add|adding|put)\b[^.?!]{1,24}\bminutes?) to (?=\S)/g, ' @@ ');

/** What the planner is shown of a question, with everything that its actions can name. */
export function analyseQuestion(question: string): Analysis {
  const folded = fold(question);
  const tokens = tokenise(folded);
  const moments: Moment[] = [
    ...findDates(folded).map((found) => ({ kind: 'date' as const, ...found })),
    ...findClockTimes(withoutSums(folded)).map((found) => ({ kind: 'time' as const, ...found })),
  ].filter(({ start, end }) => !isPartOfDay(folded, start, end));
  const found: Found[] = [];
  const words: string[] = [];
  const place = new Map<string, Found>();
  let at = 0;
  let lastNumber = -1;
  while (at < tokens.length) {
    const token = tokens[at];
    if (token === undefined) break;
    const moment = moments.find(({ start }) => start === token.start);
    const entity =
      found.length >= MOST_SLOTS
        ? undefined
        : moment
          ? momentEntity(question, tokens, at, moment)
          : entityAt(question, tokens, at, lastNumber === at);
    if (entity === undefined) {
      if (token.text !== '-' || lastNumber !== at) words.push(token.text);
      else lastNumber = at + 1;
      at++;
      continue;
    }
    const key = `<${found.length}>`;
    found.push(entity);
    place.set(key, entity);
    words.push(key);
    at = Math.max(entity.next, at + 1);
    if (entity.kind === 'number' || entity.kind === 'expression') lastNumber = at;
  }
  const entities: Entity[] = found.map(({ kind, start, end, value }, index) => ({
    slot: index + 1,
    kind,
    start,
    end,
    value,
  }));
  const puzzle: Puzzle | undefined = findPuzzle(folded, entities);
  if (puzzle !== undefined) return { text: puzzleText(puzzle), entities, puzzle };
  const text = plainWords(words)
    .map((word) => {
      const entity = place.get(word);
      if (entity === undefined) return word;
      const slot = slotToken(found.indexOf(entity) + 1);
      return `${slot} ${entity.shown}`;
    })
    .join(' ');
  return { text, entities };
}
