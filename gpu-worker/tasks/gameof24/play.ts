import type { Draft } from '../draft.ts';
import type { ExpertAction } from '../question.ts';
import { asSmall, isSolvable, isWhole, type Move, movesFrom, type Small, shown } from './arithmetic.ts';
import { TARGET } from './puzzles.ts';

const listed = (numbers: readonly Small[]): string => numbers.map(shown).join(' ');

/**
 * Legal play for SFT, which teaches the rules and not how to win with four numbers: while four or more are left the
 * move is drawn at random, whatever it leads to; with three or fewer a winning move is played where there is one. When
 * one number is left that is not the target, the numbers return and the game goes on. Ends with the target or after
 * `most` moves.
 */
export function legalPlay(draft: Draft, numbers: readonly number[], most = 6): ExpertAction[] {
  const start = asSmall(numbers);
  const actions: ExpertAction[] = [];
  const tried = new Set<string>();
  let left: readonly Small[] = start;
  let path = '';
  while (actions.length < most) {
    const moves = movesFrom(left);
    const winning = left.length <= 3 ? moves.filter((move) => isSolvable(move.left, TARGET)) : [];
    const fresh = moves.filter((move) => !tried.has(`${path};${written(move)}`));
    const move = draft.pick(winning.length > 0 ? winning : fresh.length > 0 ? fresh : moves);
    path = `${path};${written(move)}`;
    const last = move.left[0];
    const done = move.left.length === 1 && last !== undefined && isWhole(last, TARGET);
    if (move.left.length === 1) {
      tried.add(path);
      path = '';
      left = start;
    } else left = move.left;
    const result = done
      ? `${shown(move.value)}, target reached`
      : move.left.length === 1
        ? `${shown(move.value)}, not ${TARGET}, left ${listed(start)}`
        : `${shown(move.value)}, left ${listed(left)}`;
    actions.push({ tool: 'combine', args: written(move), stop: 'final', result });
    if (done) break;
  }
  return actions;
}

const written = ({ a, op, b }: Move): string => `${shown(a)} ${op} ${shown(b)}`;
