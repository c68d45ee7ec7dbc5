import type { Draft } from '../draft.ts';
import { asSmall, isSolvable } from './arithmetic.ts';

export const TARGET = 24;
/** The benchmark's cards. */
const CARDS = 13;
const BENCHMARK_SIZE = 300;

/** Every multiset of `size` numbers from `low` to `high`, in lexical order. */
function* multisets(size: number, low: number, high: number): Generator<number[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (let first = low; first <= high; first += 1)
    for (const rest of multisets(size - 1, first, high)) yield [first, ...rest];
}

const keyOf = (numbers: readonly number[]): string => [...numbers].sort((a, b) => a - b).join(' ');

let benchmark: ReadonlySet<string> | undefined;

/** The benchmark's 300: the first solvable puzzles of the numbers 1 to 13 in lexical order. They are in no training. */
function benchmarkKeys(): ReadonlySet<string> {
  if (benchmark === undefined) {
    const keys = new Set<string>();
    for (const numbers of multisets(4, 1, CARDS)) {
      if (isSolvable(asSmall(numbers), TARGET)) keys.add(keyOf(numbers));
      if (keys.size === BENCHMARK_SIZE) break;
    }
    benchmark = keys;
  }
  return benchmark;
}

export const isBenchmarkPuzzle = (numbers: readonly number[]): boolean => benchmarkKeys().has(keyOf(numbers));

/** Four numbers whose sum is a multiple of 9 are kept for evaluation. */
export const isHeldPuzzle = (numbers: readonly number[]): boolean =>
  numbers.length === 4 && numbers.reduce((sum, n) => sum + n, 0) % 9 === 0;

const pools = new Map<string, readonly (readonly number[])[]>();

function poolOf(name: string, make: () => Iterable<number[]>): readonly (readonly number[])[] {
  let pool = pools.get(name);
  if (pool === undefined) {
    pool = [...make()].filter((numbers) => isSolvable(asSmall(numbers), TARGET));
    pools.set(name, pool);
  }
  return pool;
}

/** Solvable puzzles of two numbers up to 48 and of three up to 24. */
export const pairsPool = () => poolOf('pairs', () => multisets(2, 1, 48));
export const triplesPool = () => poolOf('triples', () => multisets(3, 1, 24));
/** Held-out puzzles of four: solvable, of the numbers 1 to 13, their sum a multiple of 9, none of the benchmark's. */
export const heldPool = () => {
  const all = poolOf('held', () => [...multisets(4, 1, CARDS)].filter(isHeldPuzzle));
  const key = 'held without the benchmark';
  const kept = pools.get(key) ?? all.filter((numbers) => !isBenchmarkPuzzle(numbers));
  pools.set(key, kept);
  return kept;
};

/** Any four numbers, most often of the benchmark's cards. */
function drawFour(draft: Draft): number[] {
  const high = draft.chance(0.7) ? CARDS : 20;
  return [draft.int(1, high), draft.int(1, high), draft.int(1, high), draft.int(1, high)];
}

/**
 * Four numbers for training: any that are neither the benchmark's nor held out, solvable or not, since SFT must not
 * learn from their choice; `solvable` asks for one that reinforcement learning can win.
 */
export function drawTrainingFour(draft: Draft, solvable: boolean): number[] {
  for (;;) {
    const numbers = drawFour(draft);
    if (isHeldPuzzle(numbers) || isBenchmarkPuzzle(numbers)) continue;
    if (!solvable || isSolvable(asSmall(numbers), TARGET)) return numbers;
  }
}

/** Solvable fours that training never sees, of numbers as large as training's (616 in all); none of the benchmark's. */
export function drawHeldFour(draft: Draft): number[] {
  for (;;) {
    const numbers = drawFour(draft);
    if (isHeldPuzzle(numbers) && !isBenchmarkPuzzle(numbers) && isSolvable(asSmall(numbers), TARGET)) return numbers;
  }
}
