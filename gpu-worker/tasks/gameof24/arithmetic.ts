/** Small exact fractions for the game; the numbers stay far below 2^53. */
export interface Small {
  readonly top: number;
  readonly bottom: number;
}

const gcd = (a: number, b: number): number => (b === 0 ? Math.abs(a) : gcd(b, a % b));

export function small(top: number, bottom = 1): Small {
  const d = gcd(top, bottom) * (bottom < 0 ? -1 : 1);
  return { top: top / d, bottom: bottom / d };
}

export const shown = ({ top, bottom }: Small): string => (bottom === 1 ? String(top) : `${top}/${bottom}`);
export const isWhole = (a: Small, n: number): boolean => a.bottom === 1 && a.top === n;
const before = (a: Small, b: Small): number => a.top * b.bottom - b.top * a.bottom;

export const GAME_OPERATORS = ['+', '-', '*', '/'] as const;
export type GameOperator = (typeof GAME_OPERATORS)[number];

/** Undefined for a division by zero. */
export function applied(a: Small, op: GameOperator, b: Small): Small | undefined {
  if (op === '+') return small(a.top * b.bottom + b.top * a.bottom, a.bottom * b.bottom);
  if (op === '-') return small(a.top * b.bottom - b.top * a.bottom, a.bottom * b.bottom);
  if (op === '*') return small(a.top * b.top, a.bottom * b.bottom);
  return b.top === 0 ? undefined : small(a.top * b.bottom, a.bottom * b.top);
}

/** Two of the numbers left combined: what is written, and what is left after it, in ascending order. */
export interface Move {
  readonly a: Small;
  readonly op: GameOperator;
  readonly b: Small;
  readonly value: Small;
  readonly left: readonly Small[];
}

/** Every different move from the numbers left; of a + b and b + a only one. */
export function movesFrom(numbers: readonly Small[]): readonly Move[] {
  const moves = new Map<string, Move>();
  numbers.forEach((a, i) => {
    numbers.forEach((b, j) => {
      if (i === j) return;
      for (const op of GAME_OPERATORS) {
        if ((op === '+' || op === '*') && i > j) continue;
        const value = applied(a, op, b);
        if (value === undefined) continue;
        const rest = numbers.filter((_, at) => at !== i && at !== j);
        moves.set(`${shown(a)}${op}${shown(b)}`, { a, op, b, value, left: [...rest, value].sort(before) });
      }
    });
  });
  return [...moves.values()];
}

const solved = new Map<string, boolean>();

/** Whether the numbers can make the target. Remembered for the process's life. */
export function isSolvable(numbers: readonly Small[], target: number): boolean {
  const [first] = numbers;
  if (numbers.length === 1 && first !== undefined) return isWhole(first, target);
  const key = `${target}:${[...numbers].sort(before).map(shown).join(' ')}`;
  let known = solved.get(key);
  if (known === undefined) {
    known = movesFrom(numbers).some((move) => isSolvable(move.left, target));
    if (solved.size < 400_000) solved.set(key, known);
  }
  return known;
}

export const asSmall = (numbers: readonly number[]): Small[] => numbers.map((n) => small(n)).sort(before);
