import type { Puzzle } from '../../../src/domain/puzzle.ts';
import type { Entity } from '../agents.ts';

const LARGEST = 199;
const mentions = /(?<![\d.,/:])24(?![\d.,:/]\d)|\btwenty[- ]four\b/;
const asks =
  /\b(?:game|puzzle|make|makes|making|get|getting|reach|reaching|hit|obtain|produce|form|build|come to|arrive at|equals?|equaling|use|using|combine|play|target|numbers|expression|cards)\b|24-game|= ?24|\bfor 24|\b24 (?:from|with|out of)|→ 24/;
/** Words of calculations and stories, not of the game. */
const otherwise =
  /\b(?:how many|how much|percent|sum of|product of|difference between|twice|double|half|squared)\b|\d\s+(?:times|plus|minus|divided by|multiplied by)\s+\d/;

/**
 * The number puzzle of a question: two or more small whole numbers that are to make 24. Undefined when it asks something else:
 * it names a unit or a date, or an operation between numbers.
 */
export function findPuzzle(folded: string, entities: readonly Entity[]): Puzzle | undefined {
  if (!mentions.test(folded) || otherwise.test(folded)) return undefined;
  if (!asks.test(folded) && !holdsList(folded, entities)) return undefined;
  const values = entities.flatMap(({ kind, value, start, end }) => {
    if (kind === 'number') return [{ value, start, end }];
    // People also write the numbers as 3-3-8-8 or 3/3/8/8.
    if (kind === 'expression' && /^\d+(?: ([-+/*]) \d+)(?: \1 \d+)*$/.test(value))
      return value.split(/ [-+/*] /).map((part) => ({ value: part, start: -1, end: -1 }));
    return kind === 'unit' || kind === 'place' ? [] : [{ value: 'other', start, end }];
  });
  if (entities.some(({ kind }) => kind === 'unit') && !/\bgame|puzzle\b/.test(folded)) return undefined;
  if (!values.every(({ value }) => /^\d+$/.test(value) && Number(value) <= LARGEST)) return undefined;
  for (const target of targetPlaces(folded, values)) {
    const numbers = values.filter((_, index) => index !== target);
    if (numbers.length >= 2 && numbers.length <= 6 && inARow(folded, numbers))
      return { numbers: numbers.map(({ value }) => value), target: '24' };
  }
  return undefined;
}

/** The numbers of a puzzle are a list: nothing but commas and the like is between them. */
const inARow = (folded: string, numbers: readonly { readonly start: number; readonly end: number }[]): boolean =>
  numbers.every(
    ({ start }, index) =>
      index === 0 ||
      /^[\s,;&|/[\]()-]*(?:and\s*)?$/.test(folded.slice(numbers[index - 1]?.end ?? start, Math.max(start, 0))),
  );

/** Three numbers or more in a row, with nothing but commas between them. */
function holdsList(folded: string, entities: readonly Entity[]): boolean {
  let row = 1;
  for (const [index, { start }] of entities.entries()) {
    const between = folded.slice(entities[index - 1]?.end ?? 0, start);
    row = index > 0 && /^[\s,;&]*(?:and\s*)?$/.test(between) ? row + 1 : 1;
    if (row >= 3) return true;
  }
  return false;
}

const pointer =
  /(?:make|makes|making|get|getting|to|reach|reaching|hit|is|of|equals?|equaling|=|target:?|obtain|produce|form|build|play|the|into|at|exactly|a|up|add|give|gives|for|→|->)\s*$/;

/** Which 24 may be the target, the likeliest first: one that a verb of making points at, the last one, the first one. */
function targetPlaces(folded: string, values: readonly { readonly value: string; readonly start: number }[]): number[] {
  const places = values.flatMap(({ value, start }, index) => (value === '24' && start >= 0 ? [index] : []));
  const pointed = places.filter((index) => pointer.test(folded.slice(0, values[index]?.start ?? 0)));
  return [...new Set([...pointed, ...places.toReversed()])];
}

const ratioOf = (number: string): number => {
  const [top = 0, bottom = 1] = number.split('/').map(Number);
  return top / bottom;
};

/** What the planner reads of a puzzle, whatever its wording: the numbers in play, like the tool shows them. */
export const puzzleText = ({ numbers }: Puzzle): string =>
  `game left ${[...numbers].sort((a, b) => ratioOf(a) - ratioOf(b)).join(' ')}`;
