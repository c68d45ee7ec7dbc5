import type { Json } from './types.ts';

/** What a method answers with `ok: false`. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly error: string;
  readonly extra: Json;

  constructor(error: string, extra: Json = {}) {
    super(error);
    this.error = error;
    this.extra = extra;
  }
}

/** A refusal that says what is wrong with the arguments, as Slack words it. */
export function complaint(error: string, messages: readonly string[]): Refusal {
  return new Refusal(error, {
    ...(error === 'invalid_blocks' ? { errors: messages } : {}),
    response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) },
  });
}
