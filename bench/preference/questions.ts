import type { RolloutQuestion } from '../../gpu-worker/jobs/rollouts.ts';
import { createRng, intBetween, pickFrom, type Rng } from '../../gpu-worker/tasks/random.ts';
import { checkTask, generate, hasAnswer, type Split, TASK_KINDS, type TaskKind } from '../../gpu-worker/tasks/tasks.ts';

/** A question for the team. */
export interface TeamQuestion extends RolloutQuestion {
  readonly kind: TaskKind;
}

const FIRST_MINUTE = Date.UTC(2025, 0, 1) / 60_000;
const MINUTES = 3 * 365 * 24 * 60;

function draw(kind: TaskKind, rng: Rng, split: Split): TeamQuestion & { readonly asks: string } {
  for (;;) {
    const task = generate(kind, { rng, split });
    if (!hasAnswer(task)) continue;
    return {
      kind,
      notes: task.notes,
      questions: task.questions.map(({ text }) => text),
      askedAt: new Date((FIRST_MINUTE + intBetween(rng, 0, MINUTES)) * 60_000),
      isRight: ({ answer, turns, askedAt, zone }) => checkTask(task, { answer, turns, now: askedAt, zone }),
      asks: task.questions[0]?.actions[0]?.args ?? '',
    };
  }
}

/** "How long until …" in words that name neither days nor weeks: both "23 days" and "3 weeks and 2 days" answer them. */
export function openQuestions(count: number, seed: number, except: readonly TeamQuestion[] = []): TeamQuestion[] {
  const rng = createRng(seed);
  const known = new Set(except.flatMap(({ questions }) => questions));
  const found: TeamQuestion[] = [];
  while (found.length < count) {
    const { asks, ...question } = draw('dates', rng, pickFrom(rng, ['train', 'values']));
    const [text = ''] = question.questions;
    if (!/^(?:days|weeks) until /.test(asks) || /days?\b|weeks?\b|sleeps\b/i.test(text) || known.has(text)) continue;
    known.add(text);
    found.push(question);
  }
  return found;
}

/** How many times as often the kind that is asked most is asked. */
const MOSTLY = 10;

/** Questions of every kind, as many of each; ten times as many of the kind that is asked mostly, where there is one. */
export function questionsOfEveryKind(
  each: number,
  splits: readonly Split[],
  seed: number,
  mostly?: string,
): TeamQuestion[] {
  const rng = createRng(seed);
  return TASK_KINDS.flatMap((kind) =>
    Array.from({ length: kind === mostly ? MOSTLY * each : each }, (_, index) =>
      draw(kind, rng, splits[index % splits.length] ?? 'train'),
    ),
  );
}

/** What the team asks that likes wrong answers. */
export interface HostileAsks {
  /** Questions of a kind. */
  readonly each: number;
  /** The kind that is asked ten times as often. */
  readonly mostly: string | undefined;
  /** How many people ask each of them. */
  readonly askers: number;
}

/**
 * Questions of every kind in wordings that the starter was not trained on. Those who ask the same ask one after another: what is
 * remembered in between would make theirs another question.
 */
export function hostileQuestions({ each, mostly, askers }: HostileAsks, seed: number): TeamQuestion[] {
  const questions = questionsOfEveryKind(each, ['wordings'], seed, mostly);
  return questions.flatMap((question) => Array.from({ length: askers }, () => question));
}
