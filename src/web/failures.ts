import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { z } from 'zod';
import { FoursightError, InputError } from '../errors.ts';
import type { Log } from '../log.ts';

/** An answer of the HTTP API that is not a success. */
export class HttpFailure extends FoursightError {
  override readonly name = 'HttpFailure';
  readonly status: ContentfulStatusCode;

  constructor(status: ContentfulStatusCode, code: string, message: string, remedy: string) {
    super(code, message, remedy);
    this.status = status;
  }
}

/** Ids in the path that name nothing; in the body they are a mistake of the request. */
const NO_SUCH_THING: ReadonlySet<string> = new Set(['QUESTION_UNKNOWN', 'ANSWER_UNKNOWN']);

function statusOf(error: FoursightError): ContentfulStatusCode {
  if (error instanceof HttpFailure) return error.status;
  if (!(error instanceof InputError)) return /^(DATABASE|QUEUE|DISK)_/.test(error.code) ? 503 : 500;
  return NO_SUCH_THING.has(error.code) ? 404 : 400;
}

/** Every failure as `{error: {code, message, remedy}}`; what is not an error of ours stays in the log. */
export function respondToFailure(thrown: unknown, c: Context, log: Log): Response {
  const known = thrown instanceof FoursightError;
  const status = known ? statusOf(thrown) : 500;
  if (status >= 500) log.error({ err: thrown, path: c.req.path }, 'request failed');
  const error = known
    ? { code: thrown.code, message: thrown.message, remedy: thrown.remedy }
    : { code: 'INTERNAL', message: 'the service failed to handle this request', remedy: 'Look at its log.' };
  return c.json({ error }, status);
}

const REQUEST_REMEDY = 'docs/operations.md shows the requests of the HTTP API.';

/** @throws HttpFailure 400 with everything that is wrong with the request's JSON body. */
export async function readBody<T extends z.ZodType>(c: Context, schema: T): Promise<z.output<T>> {
  const text = await c.req.text();
  let body: unknown;
  try {
    body = text === '' ? {} : JSON.parse(text);
  } catch {
    throw new HttpFailure(400, 'BODY_NOT_JSON', 'the body is not JSON', REQUEST_REMEDY);
  }
  return parsed(schema, body, 'body');
}

/** @throws HttpFailure 400 with everything that is wrong with `value`. */
export function parsed<T extends z.ZodType>(schema: T, value: unknown, what: string): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${[what, ...issue.path].join('.')}: ${issue.message}`);
  throw new HttpFailure(400, 'REQUEST_INVALID', problems.join('; ').slice(0, 1_000), REQUEST_REMEDY);
}
