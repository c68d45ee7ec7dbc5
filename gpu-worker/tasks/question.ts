/** The ten kinds of questions, in the order in which evaluations print them. */
export const TASK_KINDS = [
  'symbols',
  'words',
  'problems',
  'convert',
  'dates',
  'notes',
  'followups',
  'twotools',
  'gameof24',
  'other',
] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

/**
 * `train`: training values in training wordings. `values`: at least one held-out value in training wordings.
 * `wordings`: at least one held-out wording at the question's core, any values.
 */
export const SPLITS = ['train', 'values', 'wordings'] as const;
export type Split = (typeof SPLITS)[number];

export type EntityKind = 'number' | 'expression' | 'unit' | 'place' | 'date' | 'time';

/** A filled value of a question: `text.slice(start, end)` is how it is written, `value` its canonical form. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly kind: EntityKind;
  /** `17`, `2.5`, `17 * 23 + 4`, `km`, `Asia/Tokyo`, `1969-07-20` or `12-24` (no year), `14:30`. */
  readonly value: string;
}

/** What an expert planner does in one turn. */
export interface ExpertAction {
  readonly tool: 'calculator' | 'convert' | 'dates' | 'notes' | 'combine' | 'help';
  /** `{0}`, `{1}`, … stand for `spans[0]`, `spans[1]`, … of the question; `prev` for the conversation's last result. Empty for `help`. */
  readonly args: string;
  /** Whether another action of this question follows. */
  readonly stop: 'final' | 'more';
  /** What the tool answers, where the game's state decides it (`combine`). */
  readonly result?: string;
  /** The tool's refusal of this action, in a trajectory that shows one. Loss must not be put on such an action. */
  readonly error?: string;
}

/** What a right answer is. Steps are actions bound to canonical values, run by the checker's own evaluator. */
export type Expected =
  | { readonly type: 'steps'; readonly steps: readonly string[] }
  | { readonly type: 'contains'; readonly values: readonly string[] }
  | { readonly type: 'remembered'; readonly values: readonly string[] }
  | { readonly type: 'help' }
  | { readonly type: 'game'; readonly numbers: readonly number[]; readonly target: number };

/** One question of a task's conversation. */
export interface AskedQuestion {
  readonly text: string;
  /** In order of appearance; they never overlap. */
  readonly spans: readonly Span[];
  readonly actions: readonly ExpertAction[];
  readonly expected: Expected;
}

/** A task: a conversation of one or more questions, judged by the answer to the last. */
export interface TaskQuestion {
  readonly kind: TaskKind;
  /** The wordings that it was put together from, for figures by wording. */
  readonly template: string;
  /** Facts that the workspace must hold before the first question, oldest first. */
  readonly notes: readonly string[];
  readonly questions: readonly AskedQuestion[];
}

/** What a kind's generator writes. */
export interface Written {
  readonly notes?: readonly string[];
  readonly questions: readonly AskedQuestion[];
}
