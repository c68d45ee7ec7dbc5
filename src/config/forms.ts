import { z } from 'zod';

/** The form of an environment variable, and what to do when it has another. */
export interface Variable {
  readonly form: z.ZodType;
  readonly wants: string;
  /** It may hold a password: messages do not repeat it. */
  readonly isSecret?: true;
}

/** What the variables of a table come to; those that are unset are missing. */
export type ValuesOf<Table extends Readonly<Record<string, Variable>>> = {
  [Name in keyof Table]?: z.output<Table[Name]['form']>;
};

export const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most);

export const url = (...protocols: readonly string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol));

export const onOff = z.enum(['on', 'off']).transform((text) => text === 'on');

/** Words between commas, at least one; white space around them does not count. */
export const listOf = (word: RegExp) =>
  z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(z.string().regex(word)).min(1));

/** `up:NAME` and `down:NAME` between commas, no name on both sides. @param pair how one looks */
export const reactionPairs = (pair: RegExp) =>
  listOf(pair)
    .transform((pairs) => ({
      up: pairs.flatMap((one) => (one.startsWith('up:') ? [one.slice(3)] : [])),
      down: pairs.flatMap((one) => (one.startsWith('down:') ? [one.slice(5)] : [])),
    }))
    .refine(({ up, down }) => !up.some((name) => down.includes(name)));
