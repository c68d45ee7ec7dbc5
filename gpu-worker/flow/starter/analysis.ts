import { findPlace } from '../../../src/domain/places.ts';
import type { Puzzle } from '../../../src/domain/puzzle.ts';
import type { Analysis, Entity } from '../agents.ts';
import { readExpression } from './expressions.ts';
import { fold, type Token, tokenise } from './fold.ts';
import { findMoments, momentEntity } from './moments.ts';
import { findPuzzle, puzzleText } from './puzzles.ts';
import { readQuestionNumber } from './question-numbers.ts';
import { readPlace, readUnit } from './units-and-places.ts';
import { plainWords } from './wording.ts';

export type EntityKind = 'number' | 'expression' | 'unit' | 'place' | 'date' | 'time';

/** Slots that the tokenizer has; further entities stay unmarked. */
export const MOST_SLOTS = 24;

/** The token that names an entity in prompts and actions. */
export const slotToken = (slot: number): string => `<|${slot}|>`;

/** An entity as it is found: `next` is the token behind it. */
export interface Found {
  readonly kind: EntityKind;
  readonly start: number;
  readonly end: number;
  readonly value: string;
  /** The word that the planner reads behind the slot. */
  readonly shown: string;
  readonly next: number;
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
  const number = readQuestionNumber(tokens, at, afterNumber);
  if (number !== undefined) {
    const { value, next } = number;
    const shown = value.endsWith('%') ? 'n percent' : 'n';
    return { kind: 'number', start: first.start, end: upTo(next), value, shown, next };
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

/** What the planner is shown of a question, with everything that its actions can name. */
export function analyseQuestion(question: string): Analysis {
  const folded = fold(question);
  const tokens = tokenise(folded);
  const moments = findMoments(folded);
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
