import type { PromptWriter } from '../../gpu-worker/flow/starter/prompt.ts';
import { puzzleText } from '../../gpu-worker/flow/starter/puzzles.ts';
import {
  isSolvable,
  type Move,
  movesFrom,
  type Small,
  shown,
  small,
} from '../../gpu-worker/tasks/gameof24/arithmetic.ts';
import { isBenchmarkPuzzle, isHeldPuzzle } from '../../gpu-worker/tasks/tasks.ts';
import { combineNumbers } from '../../gpu-worker/tools/combine.ts';
import type { Turn } from '../../src/domain/trajectory.ts';
import type { Example } from './examples.ts';
import type { Random } from './random.ts';

const TARGET = 24;

const pick = <T>(random: Random, list: readonly T[]): T => list[random.below(list.length)] as T;

/** Four numbers that are neither the benchmark's nor held out. */
function drawFour(random: Random): number[] {
  for (;;) {
    const high = random.next() < 0.7 ? 13 : 20;
    const numbers = Array.from({ length: 4 }, () => 1 + random.below(high));
    if (!isHeldPuzzle(numbers) && !isBenchmarkPuzzle(numbers)) return numbers;
  }
}

/** What a random first move leaves of four numbers, when that can still be won; the four numbers and the move are not shown. */
function drawThree(random: Random): readonly Small[] {
  for (;;) {
    const left = pick(random, movesFrom(drawFour(random).map((n) => small(n)))).left;
    if (isSolvable(left, TARGET)) return left;
  }
}

/**
 * A puzzle of three numbers, fractions among them, and its solution: how a game of four goes on after its first move, without
 * a word about which first move is good.
 */
export function drawSubPuzzle(writer: PromptWriter, random: Random): Example {
  let left = drawThree(random);
  const puzzle = { numbers: left.map(shown), target: String(TARGET) };
  const ids = writer.question(puzzleText(puzzle));
  const mask = ids.map(() => 0);
  const turns: Turn[] = [];
  while (left.length > 1) {
    const winning: readonly Move[] = movesFrom(left).filter((move) => isSolvable(move.left, TARGET));
    const { a, op, b, left: after } = pick(random, winning);
    const command = `${shown(a)} ${op} ${shown(b)}`;
    const result = combineNumbers(command, { puzzle, question: '', turns });
    const action = writer.action(`combine: ${command}`, 'final');
    ids.push(...writer.opening(), ...action);
    mask.push(0, ...action.map(() => 1));
    left = after;
    if (left.length > 1) {
      const outcome = writer.outcome({ tool: 'combine', result, error: null });
      ids.push(...outcome);
      mask.push(...outcome.map(() => 0));
    }
    turns.push({
      turn: turns.length + 1,
      subGoal: '',
      tool: 'combine',
      command,
      result,
      error: null,
      verdict: 'continue',
      reason: '',
      ms: 0,
      planner: null,
    });
  }
  return { ids, mask, kind: 'gameof24' };
}
