import type { RESTJSONErrorCodes } from 'discord.js';
import type { Json } from './types.ts';

const MESSAGES: Readonly<Record<number, readonly [status: number, message: string]>> = {
  0: [401, '401: Unauthorized'],
  10002: [404, 'Unknown Application'],
  10003: [404, 'Unknown Channel'],
  10004: [404, 'Unknown Guild'],
  10007: [404, 'Unknown Member'],
  10008: [404, 'Unknown Message'],
  10013: [404, 'Unknown User'],
  10014: [400, 'Unknown Emoji'],
  10015: [404, 'Unknown Webhook'],
  10062: [404, 'Unknown interaction'],
  10063: [404, 'Unknown application command'],
  30010: [400, 'Maximum number of reactions reached (20)'],
  40058: [400, 'Cannot message this thread until after the post author has sent an initial message.'],
  40060: [400, 'Interaction has already been acknowledged.'],
  40333: [403, 'internal network error'],
  50001: [403, 'Missing Access'],
  50003: [403, 'Cannot execute action on a DM channel'],
  50005: [403, 'Cannot edit a message authored by another user'],
  50006: [400, 'Cannot send an empty message'],
  50007: [403, 'Cannot send messages to this user'],
  50008: [400, 'Cannot send messages in a non-text channel'],
  50013: [403, 'Missing Permissions'],
  50021: [403, 'Cannot execute action on a system message'],
  50024: [400, 'Cannot execute action on this channel type'],
  50027: [401, 'Invalid Webhook Token'],
  50033: [400, 'Invalid Recipient(s)'],
  50035: [400, 'Invalid Form Body'],
  50083: [400, 'Thread is archived'],
  50109: [400, 'The request body contains invalid JSON.'],
  160002: [400, 'Cannot reply without permission to read message history'],
  160004: [400, 'A thread has already been created for this message'],
  160005: [403, 'Thread is locked'],
};

/** What a route answers instead of doing its work. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly code: number;
  readonly errors: Json | undefined;

  constructor(code: RESTJSONErrorCodes | 0, errors?: Json, known = MESSAGES[code]) {
    const [status, message] = known ?? [400, 'Bad Request'];
    super(message);
    this.status = status;
    this.code = code;
    this.errors = errors;
  }

  get body(): Json {
    const { message, code, errors } = this;
    return errors === undefined ? { message, code } : { message, code, errors };
  }
}

/** Something wrong at one place of the body. */
export interface Fault {
  readonly path: readonly PropertyKey[];
  readonly code: string;
  readonly message: string;
}

/** 50035 with its tree: `{content: {_errors: [{code, message}]}}`. */
export function badForm(faults: readonly Fault[]): Refusal {
  const tree: Record<string, unknown> = {};
  for (const { path, code, message } of faults) {
    let node = tree;
    for (const key of path) {
      const below = (node[String(key)] ?? {}) as Record<string, unknown>;
      node[String(key)] = below;
      node = below;
    }
    node._errors = [...((node._errors as Json[] | undefined) ?? []), { code, message }];
  }
  return new Refusal(50035, tree);
}

export const badField = (path: string, code: string, message: string) =>
  badForm([{ path: path.split('.'), code, message }]);
