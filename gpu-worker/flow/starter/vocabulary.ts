import { MOST_SLOTS, slotToken } from './analysis.ts';

/** Marks of the prompt's segments; `final` and `more` end an action. */
export const marks = {
  question: '<|q|>',
  action: '<|a|>',
  result: '<|r|>',
  error: '<|e|>',
  final: '<|final|>',
  more: '<|more|>',
  /** Stands for a word that the tokenizer has no token for. */
  word: '<|w|>',
  pad: '<|pad|>',
} as const;

/** The tools, as the planner writes them. */
export const toolTokens = ['calculator:', 'convert:', 'dates:', 'notes:', 'combine:', 'help'] as const;

/** Every token that is no piece of text, in the order of their ids. */
export const specialTokens: readonly string[] = [
  marks.pad,
  marks.question,
  marks.action,
  marks.result,
  marks.error,
  marks.final,
  marks.more,
  marks.word,
  ...toolTokens,
  ...Array.from({ length: MOST_SLOTS }, (_, i) => slotToken(i + 1)),
];

/** Words of actions, which the tokenizer must know whole. */
export const actionWords: readonly string[] = (
  'prev to in of until between and time zone weekday days weeks months years hours minutes date ago before after from remember recall ' +
  'today tomorrow yesterday day week month year hour minute noon midnight next last now again sqrt plus minus + - * / ^ % ( ) ,'
).split(' ');

/** What the starter needs of a tokenizer; that of an opened model fits. */
export interface StarterTokenizer {
  /** The id of a token as the vocabulary spells it; undefined when there is none. */
  idOf(token: string): number | undefined;
  /** `plain`: text that looks like a special token stays text. */
  encode(text: string, options?: { readonly plain?: boolean }): readonly number[];
  decode(ids: readonly number[]): string;
}
