import {
  add,
  compare,
  divide,
  equals,
  type Fraction,
  multiply,
  parseFraction,
  showRatio,
  subtract,
} from '../../src/domain/fraction.ts';
import type { Puzzle } from '../../src/domain/puzzle.ts';
import { type Tool, type ToolContext, ToolError } from '../../src/domain/tool.ts';

/** A number in play, and how it came about. */
interface Piece {
  readonly value: Fraction;
  readonly expression: string;
  /** What binds last in the expression: decides where parentheses go. */
  readonly operator: Operator | undefined;
}

type Operator = '+' | '-' | '*' | '/';

interface Game {
  readonly start: readonly Piece[];
  readonly target: Fraction;
}

const limits = { numbers: 10, digits: 12, characters: 100 } as const;

const byValue = (a: Piece, b: Piece): number => compare(a.value, b.value);
const showLeft = (pieces: readonly Piece[]): string =>
  `left ${pieces.map((piece) => showRatio(piece.value)).join(' ')}`;

/** The puzzle in a question's words: all its whole numbers, without a target that is named or a mention of 24. */
export function puzzleIn(question: string): Puzzle | undefined {
  const named =
    /\b(?:make|makes|reach|get|get to|obtain|target(?: is| of)?|equals?|=|build|form)\s+(\d+)\b(?!\s*[,\d])/i.exec(
      question,
    );
  const target = named?.[1] ?? '24';
  const numbers = [...question.matchAll(/(?<![\d.,/])\d+(?![\d/]|\.\d)/g)].map((match) => match[0]);
  const without = numbers.indexOf(target);
  if (without >= 0 && (named !== null || numbers.length > 4)) numbers.splice(without, 1);
  return numbers.length >= 2 ? { numbers, target } : undefined;
}

function openGame(context: Pick<ToolContext, 'puzzle' | 'question'>): Game {
  const puzzle = context.puzzle ?? puzzleIn(context.question);
  const numbers = puzzle?.numbers.map((number) => parseFraction(number)) ?? [];
  const target = parseFraction(puzzle?.target ?? '24');
  const start = numbers.flatMap((value): Piece[] =>
    value ? [{ value, expression: showRatio(value), operator: undefined }] : [],
  );
  if (start.length < 2 || start.length < numbers.length || start.length > limits.numbers || target === undefined) {
    throw new ToolError('there are no numbers to combine');
  }
  return { start: start.sort(byValue), target };
}

const operations: Readonly<Record<Operator, (a: Fraction, b: Fraction) => Fraction>> = {
  '+': add,
  '-': subtract,
  '*': multiply,
  '/': divide,
};

/** Parentheses only where leaving them out would change the meaning. */
function inside(piece: Piece, operator: Operator, right: boolean): string {
  const weak = piece.operator === '+' || piece.operator === '-';
  const strong = piece.operator === '*' || piece.operator === '/';
  const tight = operator === '*' || operator === '/';
  const ratio = piece.operator === undefined && piece.value.d !== 1n;
  const needs = (weak && (tight || (right && operator === '-'))) || ((strong || ratio) && right && operator === '/');
  const negative = piece.operator === undefined && piece.value.n < 0n;
  return needs || negative ? `(${piece.expression})` : piece.expression;
}

interface Move {
  readonly a: Piece;
  readonly operator: Operator;
  readonly b: Piece;
  readonly rest: readonly Piece[];
}

/** Takes two pieces of those values out of play. */
function take(pieces: readonly Piece[], a: Fraction, b: Fraction): Pick<Move, 'a' | 'b' | 'rest'> | undefined {
  const first = pieces.findIndex((piece) => equals(piece.value, a));
  const second = pieces.findIndex((piece, index) => index !== first && equals(piece.value, b));
  const [one, two] = [pieces[first], pieces[second]];
  if (!one || !two) return undefined;
  return { a: one, b: two, rest: pieces.filter((_, index) => index !== first && index !== second) };
}

/** Reads `13 - 1` or `3 - 8/3`; `8/3/3` is read as the numbers in play allow. */
function parseMove(command: string, pieces: readonly Piece[]): Move {
  const text = command.normalize('NFKC').replace(/[×⋅x]/g, '*').replace(/[÷∕⁄]/g, '/').replace(/[−–]/g, '-').trim();
  let missing: string | undefined;
  for (const match of text.matchAll(/[-+*/]/g)) {
    const operator = match[0] as Operator;
    const [left, right] = [text.slice(0, match.index).trim(), text.slice(match.index + 1).trim()];
    if (left.length > limits.digits * 2 || right.length > limits.digits * 2) continue;
    // `3 - 8 / 3` is two operations, `3 - 8/3` is one: a fraction has no spaces.
    const [a, b] = [parseFraction(left), parseFraction(right)];
    if (!a || !b) continue;
    const taken = take(pieces, a, b);
    if (taken) return { ...taken, operator };
    missing ??= pieces.some((piece) => equals(piece.value, a)) ? showRatio(b) : showRatio(a);
  }
  throw new ToolError(
    `${missing === undefined ? 'say two numbers and + - * or /' : `${missing} is not there`}, ${showLeft(pieces)}`,
  );
}

function play(game: Game, pieces: readonly Piece[], command: string): { result: string; pieces: readonly Piece[] } {
  if (command.length > limits.characters) throw new ToolError(`the command is too long, ${showLeft(pieces)}`);
  const { a, operator, b, rest } = parseMove(command, pieces);
  if (operator === '/' && b.value.n === 0n) throw new ToolError(`division by zero, ${showLeft(pieces)}`);
  const value = operations[operator](a.value, b.value);
  const expression = `${inside(a, operator, false)} ${operator} ${inside(b, operator, true)}`;
  const left = [...rest, { value, expression, operator }].sort(byValue);
  if (left.length > 1) return { result: `${showRatio(value)}, ${showLeft(left)}`, pieces: left };
  if (equals(value, game.target)) return { result: `${showRatio(value)}, reached: ${expression}`, pieces: game.start };
  return { result: `${showRatio(value)}, not ${showRatio(game.target)}, ${showLeft(game.start)}`, pieces: game.start };
}

/**
 * Plays one move after those that the trajectory's turns hold: the memory is the game's only state, so that any worker can go on.
 * @throws ToolError for an illegal move; it costs a turn and changes nothing
 */
export function combineNumbers(command: string, context: Pick<ToolContext, 'puzzle' | 'question' | 'turns'>): string {
  const game = openGame(context);
  let pieces = game.start;
  for (const turn of context.turns) {
    if (turn.tool === 'combine' && turn.error === null) pieces = play(game, pieces, turn.command).pieces;
  }
  return play(game, pieces, command).result;
}

export const combine: Tool = {
  metadata: {
    name: 'combine',
    does: 'Plays number puzzles such as Game of 24: combines two of the numbers left into one.',
    inputs: ['two of the numbers left and one of + - * /: 13 - 1'],
    output:
      'The new number and the numbers left: 12, left 1 1 12; at the end whether the target was reached, with the expression.',
    limits:
      'Each number is used once. A last number that is not the target brings the first numbers back; an illegal move costs a turn.',
    bestPractice: 'Look at the attempts that failed before choosing the next first move.',
  },
  run: async (command, context) => ({ result: combineNumbers(command, context) }),
};
