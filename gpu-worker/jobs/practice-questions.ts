import { Draft } from '../tasks/draft.ts';
import { createRng, intBetween, pickFrom, type Rng } from '../tasks/random.ts';
import {
  checkTask,
  gameof24Puzzle,
  generate,
  hasAnswer,
  type Split,
  TASK_KINDS,
  type TaskKind,
  type TaskQuestion,
} from '../tasks/tasks.ts';
import type { EvaluationItem } from './evaluate.ts';
import type { RolloutQuestion } from './rollouts.ts';

/** A question to practise. */
export interface PracticeQuestion extends RolloutQuestion {
  /** Questions of one key count as equally hard: a puzzle's numbers, a wording, a line of a file. */
  readonly key: string;
}

/** Draws a question; everything random comes from `rng`. */
export type QuestionSource = (rng: Rng) => PracticeQuestion;

/** Clocks of questions: any minute of these years. */
const FIRST_MINUTE = Date.UTC(2025, 0, 1) / 60_000;
const MINUTES = 3 * 365 * 24 * 60;
const drawClock = (rng: Rng): Date => new Date((FIRST_MINUTE + intBetween(rng, 0, MINUTES)) * 60_000);

/** What can be practised: a kind of questions, or several under one name. */
export const PRACTICE_TASKS: Readonly<Record<string, readonly TaskKind[]>> = {
  ...Object.fromEntries(TASK_KINDS.map((kind) => [kind, [kind]])),
  arithmetic: ['symbols', 'words', 'problems'],
};

/** Generated questions of these kinds, with training values in training wordings. Number puzzles are solvable fours. */
export function taskSource(...kinds: readonly TaskKind[]): QuestionSource {
  const [first] = kinds;
  if (first === undefined) throw new RangeError('no kind of questions');
  return (rng) => drawQuestion(kinds.length === 1 ? first : pickFrom(rng, kinds), rng, 'train');
}

/** Questions of every other kind. */
export function otherSource(...practised: readonly (TaskKind | undefined)[]): QuestionSource {
  const kinds = TASK_KINDS.filter((kind) => !practised.includes(kind));
  return (rng) => drawTask(pickFrom(rng, kinds), rng, 'train');
}

/** Questions of a file, any of them as often as another. */
export function itemSource(items: readonly EvaluationItem[]): QuestionSource {
  const keyed = [...items.entries()];
  return (rng) => {
    const [line, item] = pickFrom(rng, keyed);
    return { ...item, key: `line ${line + 1}`, askedAt: drawClock(rng) };
  };
}

/** A generated task as a conversation to run, judged by its checker. */
export const taskItem = (task: TaskQuestion): EvaluationItem => ({
  notes: task.notes,
  questions: task.questions.map(({ text }) => text),
  isRight: ({ answer, turns, askedAt, zone }) => checkTask(task, { answer, turns, now: askedAt, zone }),
});

/** A generated question of a kind, asked at any time of three years. Number puzzles are solvable fours. */
export const drawQuestion = (kind: TaskKind, rng: Rng, split: Split): PracticeQuestion =>
  kind === 'gameof24' ? drawPuzzle(rng, split) : drawTask(kind, rng, split);

function drawTask(kind: TaskKind, rng: Rng, split: Split): PracticeQuestion {
  for (;;) {
    const task = generate(kind, { rng, split });
    if (!hasAnswer(task)) continue;
    return { ...taskItem(task), key: `${kind}: ${task.template}`, askedAt: drawClock(rng) };
  }
}

function drawPuzzle(rng: Rng, split: Split): PracticeQuestion {
  const asked = gameof24Puzzle(new Draft(rng, split));
  const task = { kind: 'gameof24', template: '', notes: [], questions: [asked] } as const;
  const numbers = asked.expected.type === 'game' ? [...asked.expected.numbers].sort((a, b) => a - b) : [];
  return { ...taskItem(task), key: numbers.join(' '), askedAt: drawClock(rng) };
}

/** Shares of right answers above and below which a question teaches little, and how often it is then passed over. */
const EASY = { above: 0.95, skipped: 0.75 } as const;
const HARD = { below: 0.02, skipped: 0.4 } as const;
/** What the newest group counts in a key's share. */
const NEWEST = 0.5;
const MOST_PASSED_OVER = 20;

/** Draws questions, those that are always or never solved less often. */
export class QuestionDeck {
  readonly #source: QuestionSource;
  /** Running shares of right answers by key. */
  readonly #shares = new Map<string, number>();

  constructor(source: QuestionSource) {
    this.#source = source;
  }

  /** Equal steps of equal runs draw equal questions, given the same results before. */
  draw(count: number, seed: number): PracticeQuestion[] {
    const rng = createRng(seed);
    return Array.from({ length: count }, () => this.#drawOne(rng));
  }

  #drawOne(rng: Rng): PracticeQuestion {
    let question = this.#source(rng);
    for (let passed = 0; passed < MOST_PASSED_OVER && this.#isPassedOver(question.key, rng); passed += 1)
      question = this.#source(rng);
    return question;
  }

  #isPassedOver(key: string, rng: Rng): boolean {
    const share = this.#shares.get(key);
    if (share === undefined) return false;
    const skipped = share > EASY.above ? EASY.skipped : share < HARD.below ? HARD.skipped : 0;
    return rng.next() < skipped;
  }

  /** @param accuracy the group's share of right answers */
  record({ key }: PracticeQuestion, accuracy: number): void {
    const share = this.#shares.get(key) ?? accuracy;
    this.#shares.set(key, share + NEWEST * (accuracy - share));
  }

  /** Running shares of right answers by key, all that is remembered between two draws. */
  shares(): [string, number][] {
    return [...this.#shares];
  }

  restore(shares: readonly (readonly [string, number])[]): void {
    this.#shares.clear();
    for (const [key, share] of shares) this.#shares.set(key, share);
  }
}
