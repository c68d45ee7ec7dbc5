import type { PromptWriter } from '../../gpu-worker/flow/starter/prompt.ts';
import { taskSource } from '../../gpu-worker/jobs/practice-questions.ts';
import { asSmall, isSolvable, movesFrom, type Small, shown } from '../../gpu-worker/tasks/gameof24/arithmetic.ts';
import { TARGET } from '../../gpu-worker/tasks/gameof24/puzzles.ts';
import type { ExpertAction } from '../../gpu-worker/tasks/question.ts';
import { createRng, pickFrom, type Rng } from '../../gpu-worker/tasks/random.ts';
import { tools } from '../../gpu-worker/tools/registry.ts';
import { drawExamples } from '../../starter/recipe/data.ts';
import { type Example, type Played, play } from '../../starter/recipe/examples.ts';

/** A way to the target, any of the winning moves at each turn. The puzzle must be solvable. */
function winningPlay(rng: Rng, numbers: readonly number[]): ExpertAction[] {
  const actions: ExpertAction[] = [];
  let left: readonly Small[] = asSmall(numbers);
  while (left.length > 1) {
    const move = pickFrom(
      rng,
      movesFrom(left).filter((next) => isSolvable(next.left, TARGET)),
    );
    actions.push({ tool: 'combine', args: `${shown(move.a)} ${move.op} ${shown(move.b)}`, stop: 'final' });
    left = move.left;
  }
  return actions;
}

const practised = taskSource('gameof24');

/** An expert's game of a puzzle that `practice gameof24` may draw, played through the flow's own prompts and tools. */
export async function expertGame(writer: PromptWriter, rng: Rng): Promise<Played> {
  const { key, questions, askedAt } = practised(rng);
  const numbers = key.split(' ').map(Number);
  const expected = { type: 'game', numbers, target: TARGET } as const;
  const asked = { text: questions[0] ?? '', spans: [], actions: winningPlay(rng, numbers), expected };
  const task = { kind: 'gameof24', template: '', notes: [], questions: [asked] } as const;
  return await play(task, { writer, tools, now: askedAt });
}

/** Beside each question of another kind, so that a fifth is of other kinds, as in `practice`. */
const PUZZLES = 4;

/** A stream of expert traces: puzzles, and the other kinds that the starter was made from. */
export async function* expertTraces(writer: PromptWriter, seed: number): AsyncGenerator<Example> {
  const rng = createRng(seed);
  for await (const other of drawExamples(writer, seed)) {
    if (other.kind === 'gameof24') continue;
    for (let i = 0; i < PUZZLES; i++) {
      const game = await expertGame(writer, rng);
      if ('example' in game) yield game.example;
    }
    yield other;
  }
}
