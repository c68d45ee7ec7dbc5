import type { PromptWriter } from '../../gpu-worker/flow/starter/prompt.ts';
import { generate } from '../../gpu-worker/tasks/generate.ts';
import type { TaskKind, TaskQuestion } from '../../gpu-worker/tasks/question.ts';
import { tools } from '../../gpu-worker/tools/registry.ts';
import { type Example, play } from './examples.ts';
import { drawExtra, EXTRA_SHARE } from './extra-tasks.ts';
import { createRandom, type Random } from './random.ts';

/** How often each kind is drawn. */
export const kindWeights: Readonly<Record<TaskKind, number>> = {
  symbols: 4,
  words: 15,
  problems: 24,
  convert: 10,
  dates: 13,
  notes: 9,
  followups: 12,
  twotools: 11,
  gameof24: 12,
  other: 8,
};

const kinds = Object.entries(kindWeights) as [TaskKind, number][];
const total = kinds.reduce((sum, [, weight]) => sum + weight, 0);

export function drawKind(random: Random): TaskKind {
  let left = random.next() * total;
  for (const [kind, weight] of kinds) {
    left -= weight;
    if (left < 0) return kind;
  }
  return 'other';
}

/** A stream of training tasks. */
export function* drawTasks(seed: number): Generator<TaskQuestion> {
  const random = createRandom(seed);
  for (;;) {
    if (random.next() < EXTRA_SHARE) yield drawExtra(random);
    else yield generate(drawKind(random), { seed: random.below(2 ** 31), split: 'train' });
  }
}

/** Moments of asking, spread over several years. */
const moment = (random: Random): Date => new Date(Date.UTC(2023, 0, 1) + random.below(2_500 * 1_440) * 60_000);

/** A stream of examples; tasks that cannot be played (a note that is not found, a slot that is not seen) are counted and left out. */
export async function* drawExamples(
  writer: PromptWriter,
  seed: number,
  onRefused: (task: TaskQuestion, why: string) => void = () => undefined,
): AsyncGenerator<Example> {
  const random = createRandom(seed + 1);
  for (const task of drawTasks(seed)) {
    const played = await play(task, { writer, tools, now: moment(random) });
    if ('refused' in played) onRefused(task, played.refused);
    else yield played.example;
  }
}
