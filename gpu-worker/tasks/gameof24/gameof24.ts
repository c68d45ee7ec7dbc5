import type { Draft } from '../draft.ts';
import type { AskedQuestion } from '../question.ts';
import { shuffled } from '../random.ts';
import { styled } from '../style.ts';
import { PUZZLE_FRAMES } from './frames.ts';
import { legalPlay } from './play.ts';
import { drawHeldFour, drawTrainingFour, heldPool, pairsPool, TARGET, triplesPool } from './puzzles.ts';

const SEPARATORS = [', ', ', ', ' ', ' ', ',', ' and ', '; '];

function listed(draft: Draft, numbers: readonly number[]): string {
  const separator = draft.pick(SEPARATORS);
  const order = shuffled(draft.rng, numbers).map(String);
  const last = order.pop() ?? '';
  const joint = separator === ', ' && draft.chance(0.4) ? draft.pick([' and ', ', and ']) : separator;
  const list = `${order.join(separator)}${joint}${last}`;
  return draft.chance(0.08) ? `[${list}]` : list;
}

/**
 * The puzzle's numbers for a split: training mixes two, three and four numbers; evaluation has held-out fours. `solvable` asks for
 * fours up to 20 that can be won.
 */
function puzzleFor(draft: Draft, solvable: boolean): readonly number[] {
  if (draft.split !== 'train') {
    draft.heldValues += 1;
    return solvable ? drawHeldFour(draft) : draft.pick(heldPool());
  }
  const u = draft.rng.next();
  if (!solvable && u < 0.12) return draft.pick(pairsPool());
  if (!solvable && u < 0.5) return draft.pick(triplesPool());
  return drawTrainingFour(draft, solvable);
}

function question(draft: Draft, numbers: readonly number[], actions: boolean): AskedQuestion {
  const wording = draft.core(PUZZLE_FRAMES).replace('{n}', '\ue000');
  const text = styled(draft, draft.say(wording), 0.15).replace('\ue000', listed(draft, numbers));
  return {
    text,
    spans: [],
    actions: actions ? legalPlay(draft, numbers) : [],
    expected: { type: 'game', numbers, target: TARGET },
  };
}

/** A puzzle with legal play (see `legalPlay`). Its actions end when the target was reached or after six. */
export function gameof24(draft: Draft): AskedQuestion {
  return question(draft, puzzleFor(draft, false), true);
}

/** A puzzle of four numbers up to 20 that can be won, without anyone's play: for reinforcement learning and gates. */
export function gameof24Puzzle(draft: Draft): AskedQuestion {
  return question(draft, puzzleFor(draft, true), false);
}
