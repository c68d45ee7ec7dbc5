import type { PromptWriter } from '../../gpu-worker/flow/starter/prompt.ts';
import { generate } from '../../gpu-worker/tasks/generate.ts';
import type { AskedQuestion, ExpertAction, TaskKind, TaskQuestion } from '../../gpu-worker/tasks/question.ts';
import { tools } from '../../gpu-worker/tools/registry.ts';
import { type Example, play, type Slip } from './examples.ts';
import { drawExtra, EXTRA_SHARE } from './extra-tasks.ts';
import { createRandom, type Random } from './random.ts';
import { drawSubPuzzle } from './sub-puzzles.ts';

/** How often each kind is drawn. */
export const kindWeights: Readonly<Record<TaskKind, number>> = {
  symbols: 4,
  words: 16,
  problems: 30,
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

/** "How many days until …" is answered in days, "how many weeks …" in weeks; where the question leaves it open both forms stay. */
function inAskedUnit(asked: AskedQuestion): AskedQuestion {
  const unit = /\b(?:days?|sleeps)\b/i.test(asked.text) ? 'days' : /\bweeks?\b/i.test(asked.text) ? 'weeks' : undefined;
  if (unit === undefined) return asked;
  const actions = asked.actions.map((action) => ({
    ...action,
    args: action.args.replace(/^(?:days|weeks)(?= until )/, unit),
  }));
  return { ...asked, actions };
}

/**
 * Some questions that no tool answers are first looked up in the notes: what a team has noted cannot be told from its question, and
 * finding nothing costs only a turn.
 */
function lookedUp(random: Random, asked: AskedQuestion): AskedQuestion {
  const open = asked.actions.length === 1 && asked.actions[0]?.tool === 'help' && wantsFact.test(asked.text);
  if (!open || random.next() > 0.5) return asked;
  const recall = { tool: 'notes', args: 'recall', stop: 'final', error: 'nothing noted about that' } as const;
  return { ...asked, actions: [recall, ...asked.actions] };
}

const wantsFact =
  /^(?:who|whose|whom|where|when|which|what(?:'s)?|how (?:many|much|old|tall|long|big|far))\b(?!.*\byou\b)/i;

/** A stream of training tasks. */
export function* drawTasks(seed: number): Generator<TaskQuestion> {
  const random = createRandom(seed);
  for (;;) {
    const task =
      random.next() < EXTRA_SHARE
        ? drawExtra(random)
        : generate(drawKind(random), { seed: random.below(2 ** 31), split: 'train' });
    yield { ...task, questions: task.questions.map((asked) => lookedUp(random, inAskedUnit(asked))) };
  }
}

/** Puzzles of three numbers for each task. */
const SUB_PUZZLE_SHARE = 0.07;
/** The share of tasks with wrong actions before the right ones, from which the planner learns to go on after an error. */
const SLIP_SHARE = 0.07;

/** The action as if it were the last one, without its last term, with a slot that the question does not have, or with two slots exchanged. */
function slipOf(random: Random, action: string, stop: ExpertAction['stop']): Slip | undefined {
  const slots = [...action.matchAll(/<\|\d+\|>/g)].map((match) => match[0]);
  const u = random.next();
  if (stop === 'more' && u < 0.6) return { text: action, stop: 'final' };
  if (u < 0.6 && action.startsWith('calculator:')) {
    const shorter = action
      .replace(/ [-+*/^] (?:<\|\d+\|>|\d+)$/, '')
      .replace(/^calculator: \( ([^()]*) \)$/, 'calculator: $1');
    return shorter === action ? undefined : { text: shorter, stop };
  }
  const [first, second] = [slots[0], slots.at(-1)];
  if (first === undefined || second === undefined) return undefined;
  if (u < 0.8) return { text: action.replace(second, `<|${slots.length + 1 + random.below(3)}|>`), stop };
  if (first === second) return undefined;
  return { text: action.replace(first, '@').replace(second, first).replace('@', second), stop };
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
    if (random.next() < SUB_PUZZLE_SHARE) yield drawSubPuzzle(writer, random);
    const slips = task.kind !== 'gameof24' && random.next() < SLIP_SHARE;
    const played = await play(task, {
      writer,
      tools,
      now: moment(random),
      ...(slips && { slip: (action, stop) => slipOf(random, action, stop) }),
    });
    if ('refused' in played) onRefused(task, played.refused);
    else yield played.example;
  }
}
