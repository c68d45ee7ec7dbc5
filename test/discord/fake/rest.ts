import type { Desk } from './desk.ts';
import type { FaultSource, NextFailure } from './faults.ts';
import type { Call, Journal } from './journal.ts';
import { isJson } from './messages.ts';
import type { RateLimits, Verdict } from './rate-limits.ts';
import { Refusal } from './refusal.ts';
import type { Route, Routes } from './route.ts';
import { appRoutes } from './routes/app.ts';
import { channelRoutes } from './routes/channels.ts';
import { commandRoutes } from './routes/commands.ts';
import { guildRoutes } from './routes/guilds.ts';
import { interactionRoutes } from './routes/interactions.ts';
import { messageRoutes } from './routes/messages.ts';
import { reactionRoutes } from './routes/reactions.ts';
import { threadRoutes } from './routes/threads.ts';

export const ROUTES: Routes = {
  ...appRoutes,
  ...guildRoutes,
  ...channelRoutes,
  ...threadRoutes,
  ...messageRoutes,
  ...reactionRoutes,
  ...commandRoutes,
  ...interactionRoutes,
};

export interface RestRequest {
  readonly method: string;
  /** After the version, e.g. `/users/@me`. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly authorization: string | undefined;
  readonly userAgent: string | undefined;
  readonly contentType: string | undefined;
  readonly text: string;
}

export interface RestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

interface Match {
  readonly name: string;
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** By method, the routes with their patterns. A fixed word goes before a parameter: `@me` before `:user`. */
const PATTERNS = Object.entries(ROUTES)
  .map(([name, route]) => {
    const [method = '', pattern = ''] = name.split(' ');
    const keys = [...pattern.matchAll(/:(\w+)/g)].map(([, key = '']) => key);
    return { name, route, method, keys, pattern: new RegExp(`^${pattern.replace(/:\w+/g, '([^/]+)')}$`) };
  })
  .sort((a, b) => a.keys.length - b.keys.length);

function matchOf({ method, path }: RestRequest): Match | undefined {
  for (const { name, route, method: of, keys, pattern } of PATTERNS) {
    const found = of === method ? pattern.exec(path) : null;
    if (found === null) continue;
    const params = keys.map((key, index) => [key, decodeURIComponent(found[index + 1] ?? '')]);
    return { name, route, params: Object.fromEntries(params) };
  }
  return undefined;
}

const NOT_FOUND: RestAnswer = { status: 404, headers: {}, body: { message: '404: Not Found', code: 0 } };
const UNAUTHORIZED: RestAnswer = { status: 401, headers: {}, body: { message: '401: Unauthorized', code: 0 } };

const tooMany = (retryAfter: number, isGlobal: boolean, headers: RestAnswer['headers'] = {}): RestAnswer => ({
  status: 429,
  headers: {
    ...headers,
    'retry-after': String(retryAfter),
    'x-ratelimit-scope': isGlobal ? 'global' : 'user',
    ...(isGlobal ? { 'x-ratelimit-global': 'true' } : {}),
  },
  body: { message: 'You are being rate limited.', retry_after: retryAfter, global: isGlobal },
});

/** What an injected failure answers in place of the truth; undefined hangs up. */
function failedAnswer(failure: NextFailure): RestAnswer | undefined {
  if ('hangUp' in failure) return undefined;
  if ('retryAfterSeconds' in failure) return tooMany(failure.retryAfterSeconds, failure.isGlobal ?? false);
  if ('code' in failure) {
    const { status, body } = new Refusal(failure.code);
    return { status, headers: {}, body };
  }
  return { status: failure.status, headers: {}, body: { message: `${failure.status}: Service Unavailable`, code: 0 } };
}

function bodyOf({ text, contentType }: RestRequest): unknown {
  if (text === '') return {};
  if (!(contentType ?? '').includes('json')) throw new Refusal(50109);
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(50109);
  }
}

export interface RestOptions {
  readonly desk: Desk;
  readonly journal: Journal;
  readonly faults: FaultSource;
  readonly rateLimits: RateLimits;
}

/** Answers calls of the REST API: client, token, rate and body are looked at, then the route does its work. */
export function createRest({ desk, journal, faults, rateLimits }: RestOptions) {
  function refusalOf(request: RestRequest, { route }: Match): RestAnswer | undefined {
    if (!/^DiscordBot \(\S+, \S+\)/.test(request.userAgent ?? ''))
      return { status: 403, headers: {}, body: new Refusal(40333).body };
    if (route.needsToken && request.authorization !== `Bot ${desk.world.app.token}`) return UNAUTHORIZED;
    return undefined;
  }

  function run(request: RestRequest, { route, params }: Match, call: Call, { headers }: Verdict): RestAnswer {
    try {
      const body = route.prepare(desk, params, bodyOf(request), request.query).run();
      call.outcome = 'ok';
      return { status: body === undefined ? 204 : 200, headers, body };
    } catch (error) {
      if (!(error instanceof Refusal)) {
        call.outcome = `the fake failed: ${String(error)}`;
        throw error;
      }
      call.outcome = `${error.code} ${error.message}`;
      call.errors = error.errors;
      return { status: error.status, headers, body: error.body };
    }
  }

  function perform(request: RestRequest, match: Match, call: Call): RestAnswer {
    const refused = refusalOf(request, match);
    if (refused !== undefined) {
      call.outcome = `${refused.status}`;
      return refused;
    }
    const { route, params, name } = match;
    const major = params.channel ?? params.guild ?? params.token ?? '';
    const verdict = rateLimits.take(name, route.bucket, major, route.needsToken);
    if (verdict.retryAfter === 0) return run(request, match, call, verdict);
    call.outcome = verdict.isGlobal ? '429 global' : '429';
    return tooMany(verdict.retryAfter, verdict.isGlobal, verdict.headers);
  }

  function record(request: RestRequest, match: Match | undefined): Call {
    const { method, path, query } = request;
    let body: unknown;
    try {
      body = bodyOf(request);
    } catch {
      // Refused when the call is performed.
      body = { text: request.text };
    }
    const params = match?.params ?? {};
    const asJson = isJson(body) ? body : { items: body };
    return journal.record({ route: match?.name ?? `${method} ${path}`, method, path, params, query, body: asJson });
  }

  function note(call: Call, answer: RestAnswer): RestAnswer {
    call.status = answer.status;
    call.answer = answer.body;
    journal.changed();
    return answer;
  }

  return {
    /** The answer, or undefined when the connection is to be broken. */
    async answer(request: RestRequest): Promise<RestAnswer | undefined> {
      const match = matchOf(request);
      const call = record(request, match);
      if (match === undefined) {
        call.outcome = 'no such route';
        return note(call, NOT_FOUND);
      }
      const { latencyMs, failure } = faults.plan(match.name);
      if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
      if (failure === undefined) return note(call, perform(request, match, call));
      if ('afterwards' in failure && failure.afterwards) perform(request, match, call);
      call.isInjected = true;
      call.outcome = `injected ${JSON.stringify(failure)} after ${call.outcome}`;
      const failed = failedAnswer(failure);
      if (failed !== undefined) return note(call, failed);
      journal.changed();
      return undefined;
    },
  };
}
export type Rest = ReturnType<typeof createRest>;
