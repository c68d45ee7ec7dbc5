import type { z } from 'zod';
import { badForm, type Fault, type Refusal } from './refusal.ts';

const LENGTH_MAX = 'BASE_TYPE_MAX_LENGTH';
const LENGTH = 'BASE_TYPE_BAD_LENGTH';

const TYPES: Readonly<Record<string, readonly [code: string, message: string]>> = {
  object: ['MODEL_TYPE_CONVERT', 'Only dictionaries may be used in a ModelType'],
  record: ['DICT_TYPE_CONVERT', 'Only dictionaries may be used in a DictType'],
  array: ['LIST_TYPE_CONVERT', 'Only iterables may be used in a ListType'],
  number: ['NUMBER_TYPE_COERCE', 'Value is not a number.'],
  int: ['NUMBER_TYPE_COERCE', 'Value is not an integer.'],
  string: ['STRING_TYPE_CONVERT', 'Could not interpret value as string.'],
  boolean: ['BOOLEAN_TYPE_CONVERT', 'Must be either true or false.'],
};

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value);

function faultsOf(issue: z.core.$ZodIssue, body: unknown): Fault[] {
  const { path } = issue;
  const one = (code: string, message: string): Fault[] => [{ path, code, message }];
  const isMissing = issue.code.startsWith('invalid_') && valueAt(body, path) === undefined;
  if (isMissing) return one('BASE_TYPE_REQUIRED', 'This field is required');
  switch (issue.code) {
    case 'too_big':
      if (issue.origin === 'array') return one(LENGTH_MAX, `Must be ${issue.maximum} or fewer in length.`);
      return one('NUMBER_TYPE_MAX', `int value should be less than or equal to ${issue.maximum}.`);
    case 'too_small':
      if (issue.origin === 'array') return one(LENGTH, `Must be ${issue.minimum} or more in length.`);
      return one('NUMBER_TYPE_MIN', `int value should be greater than or equal to ${issue.minimum}.`);
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: [...path, key],
        code: 'UNKNOWN_FIELD',
        message: 'Discord knows no such field and would ignore it.',
      }));
    case 'invalid_union': {
      const { options } = issue as { options?: readonly unknown[] };
      if (options === undefined) return one('BASE_TYPE_CHOICES', 'Value is none of those that are possible.');
      return one('UNION_TYPE_CHOICES', `Value of field "type" must be one of (${options.join(', ')}).`);
    }
    case 'invalid_value':
      return one('BASE_TYPE_CHOICES', `Value must be one of {${issue.values.map(String).join(', ')}}.`);
    case 'invalid_type': {
      const [code, message] = TYPES[issue.expected] ?? [
        'BASE_TYPE_CONVERT',
        `Could not interpret as ${issue.expected}.`,
      ];
      return one(code, message);
    }
    case 'custom':
      return one(String(issue.params?.code ?? 'BASE_TYPE_INVALID'), issue.message);
    default:
      return one('BASE_TYPE_INVALID', issue.message);
  }
}

/** 50035 with what is wrong, in Discord's words. */
export const refusalOf = (error: z.ZodError, body: unknown): Refusal =>
  badForm(error.issues.flatMap((issue) => faultsOf(issue, body)));
