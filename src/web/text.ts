import { z } from 'zod';

/** Text of at most `most` UTF-16 units. Postgres keeps no NUL, and half a surrogate pair is no character. */
export const text = (most: number) =>
  z
    .string()
    .max(most)
    .refine((value) => !value.includes('\0') && !/\p{Surrogate}/u.test(value), 'must be Unicode text without NUL');

/** A name or key that a caller chose. */
export const name = text(200).min(1);
