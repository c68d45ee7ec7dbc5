import type { z } from 'zod';
import { isJson } from './messages.ts';
import { complaint, type Refusal } from './refusal.ts';

/** What is at a path of the arguments, of which some are JSON in a string. */
function valueAt(args: unknown, path: readonly PropertyKey[]): unknown {
  let value = args;
  for (const key of path) {
    if (typeof value === 'string') {
      try {
        value = JSON.parse(value);
      } catch {
        // Not JSON, so there is nothing below it.
        return undefined;
      }
    }
    value = Array.isArray(value) ? value[Number(key)] : isJson(value) ? value[String(key)] : undefined;
  }
  return value;
}

const pointer = (path: readonly PropertyKey[]) => `[json-pointer:/${path.map(String).join('/')}]`;

/** A complaint in Slack's words. */
function sentenceOf(issue: z.core.$ZodIssue, args: unknown): string[] {
  const { path } = issue;
  const at = pointer(path);
  switch (issue.code) {
    case 'too_big':
      return issue.origin === 'array'
        ? [`no more than ${issue.maximum} items allowed ${at}`]
        : [`must be less than ${Number(issue.maximum) + 1} characters ${at}`];
    case 'too_small':
      return issue.origin === 'array'
        ? [`no fewer than ${issue.minimum} items allowed ${at}`]
        : [`must be more than ${Number(issue.minimum) - 1} characters ${at}`];
    case 'unrecognized_keys':
      return issue.keys.map((key) => `invalid additional property: ${key} ${at}`);
    case 'invalid_union':
      return 'discriminator' in issue && issue.discriminator !== undefined
        ? [`unsupported type: ${String(valueAt(args, path))} ${at}`]
        : [`failed to match all allowed schemas ${at}`];
    case 'invalid_type':
      return valueAt(args, path) === undefined
        ? [`missing required field: ${String(path.at(-1))} ${pointer(path.slice(0, -1))}`]
        : [`must provide a ${issue.expected} ${at}`];
    default:
      return [`${issue.message} ${at}`];
  }
}

/** Arguments whose faults have an error of their own: that of their form, that of their content. */
const ERRORS: Readonly<Record<string, readonly [string, string]>> = {
  blocks: ['invalid_blocks_format', 'invalid_blocks'],
  chunks: ['invalid_chunks', 'invalid_chunks'],
  metadata: ['invalid_metadata_format', 'invalid_metadata_schema'],
  attachments: ['invalid_attachments', 'invalid_attachments'],
};

export function refusalOf(error: z.ZodError, args: unknown): Refusal {
  const [first] = error.issues;
  const key = String(first?.path[0] ?? '');
  const [form, content] = ERRORS[key] ?? ['invalid_arguments', 'invalid_arguments'];
  const isForm = first?.path.length === 1 && (first.code === 'invalid_type' || first.code === 'invalid_union');
  return complaint(
    isForm ? form : content,
    error.issues.flatMap((issue) => sentenceOf(issue, args)),
  );
}
