import { z } from 'zod';

// Arguments come from forms as well as from JSON: there every value is a string.

export const text = z.string();
export const flag = z
  .union([z.boolean(), z.enum(['true', 'false', '1', '0'])])
  .transform((value) => value === true || value === 'true' || value === '1');
export const whole = z
  .union([z.int(), z.string().regex(/^\d+$/).transform(Number)])
  .refine((value) => Number.isSafeInteger(value), 'must be an integer');

export const id = z.string().regex(/^[A-Z][A-Z0-9]+$/);
export const timestamp = z.string().regex(/^\d{10}\.\d{6}$/, 'invalid timestamp');

/** What may come as JSON in a string. */
export function json<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((value) => {
    if (typeof value !== 'string') return value;
    try {
      return JSON.parse(value);
    } catch {
      // Left as the string it is, which the schema refuses.
      return value;
    }
  }, schema);
}

/** The arguments of a method. Clients send the token and, with org-wide apps in mind, the team with every call. */
export function args<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject({ token: text.optional(), team_id: id.optional(), ...shape });
}
