/** The tasks' public side: questions with expert play and what a right answer is, and their checkers. */
export { check, checkTask, hasAnswer } from './check/check.ts';
export type { CheckClock, Outcome } from './check/outcome.ts';
export { gameof24Puzzle } from './gameof24/gameof24.ts';
export { isBenchmarkPuzzle, isHeldPuzzle } from './gameof24/puzzles.ts';
export { type GenerateOptions, generate } from './generate.ts';
export {
  type AskedQuestion,
  type EntityKind,
  type Expected,
  type ExpertAction,
  SPLITS,
  type Span,
  type Split,
  TASK_KINDS,
  type TaskKind,
  type TaskQuestion,
} from './question.ts';
