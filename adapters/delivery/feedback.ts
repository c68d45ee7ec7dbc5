import type { Person } from './inputs.ts';

/** What may be wrong with an answer: kept value and shown label. */
export const reasons = [
  ['wrong', 'It is wrong'],
  ['outdated', 'It is outdated'],
  ['too long', 'It is too long'],
  ['wrong tool', 'It used the wrong tool'],
  ['other', 'Something else'],
] as const;

/** The words around the form in which a person may say what was wrong. */
export const reasonWords = {
  open: 'Say what was wrong',
  chosen: 'What was wrong with the answer?',
  written: 'What would have been right?',
} as const;

/** Of what may be written in it, in characters. */
export const MAX_WRITTEN = 1_500;
const MAX_REASON = 2_000;

/**
 * The reason that a form gives.
 * @param chosen kept values; others are left out
 * @returns null: nothing was chosen or written
 */
export function reasonOf(chosen: readonly string[], written: string): string | null {
  const known = chosen.filter((value) => reasons.some(([name]) => name === value));
  const said = [known.join(', '), written.trim()].filter((part) => part !== '').join(': ');
  return said === '' ? null : said.slice(0, MAX_REASON);
}

/** What a person said of an answer in that form. */
export interface GivenReason {
  readonly workspace: string;
  readonly person: Person;
  readonly answerId: string;
  /** null: nothing was chosen or written. */
  readonly reason: string | null;
}

/** What somebody who rated is told. */
export const thanks = {
  up: 'Thank you, your 👍 is noted.',
  down: 'Thank you, your 👎 is noted.',
  clear: 'Your rating is taken back.',
  same: 'That rating stands already.',
  reason: 'Thank you, your reason is noted.',
} as const;

export type Thanks = keyof typeof thanks;
