import { z } from 'zod';

/** Text of at most `most` code points. */
export const text = (most: number, least = 0) =>
  z.string().superRefine((value, context) => {
    const { length } = [...value];
    if (length >= least && length <= most) return;
    context.addIssue(
      least > 0
        ? fault('BASE_TYPE_BAD_LENGTH', `Must be between ${least} and ${most} in length.`)
        : fault('BASE_TYPE_MAX_LENGTH', `Must be ${most} or fewer in length.`),
    );
  });

/** An issue under Discord's own code. */
export const fault = (code: string, message: string, path: PropertyKey[] = []) => ({
  code: 'custom' as const,
  params: { code },
  message,
  path,
});

export const snowflake = z.string().superRefine((value, context) => {
  if (!/^\d{1,20}$/.test(value)) context.addIssue(fault('NUMBER_TYPE_COERCE', `Value "${value}" is not snowflake.`));
});

/** A moment in ISO 8601. */
export const moment = z.string().superRefine((value, context) => {
  if (/^\d{4}-\d\d-\d\dT/.test(value) && !Number.isNaN(Date.parse(value))) return;
  context.addIssue(fault('DATE_TIME_TYPE_PARSE', `Could not parse ${value}. Should be ISO8601.`));
});

/** A number in a query. */
export const number = (least: number, most: number) => z.coerce.number().int().min(least).max(most);
export const boolean = z.stringbool();
