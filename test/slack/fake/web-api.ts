import type { Desk } from './desk.ts';
import type { FaultSource, NextFailure } from './faults.ts';
import type { Call, Journal } from './journal.ts';
import { isJson } from './messages.ts';
import type { Method, MethodCall, Methods } from './method.ts';
import { assistantMethods } from './methods/assistant.ts';
import { authMethods } from './methods/auth.ts';
import { chatMethods } from './methods/chat.ts';
import { conversationMethods } from './methods/conversations.ts';
import { reactionMethods } from './methods/reactions.ts';
import { streamMethods } from './methods/streams.ts';
import { viewMethods } from './methods/views.ts';
import type { RateLimits } from './rate-limits.ts';
import { Refusal } from './refusal.ts';
import type { Grant, Json, Team } from './types.ts';
import type { World } from './world.ts';

export const METHODS: Methods = {
  ...authMethods,
  ...chatMethods,
  ...streamMethods,
  ...conversationMethods,
  ...reactionMethods,
  ...viewMethods,
  ...assistantMethods,
};

export interface ApiRequest {
  readonly method: string;
  readonly authorization: string | undefined;
  readonly args: Json;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json;
}

export interface WebApiOptions {
  readonly desk: Desk;
  readonly journal: Journal;
  readonly faults: FaultSource;
  readonly rateLimits: RateLimits;
}

const STATE_ERRORS = { revoked: 'token_revoked', uninstalled: 'account_inactive' } as const;

function grantOf(world: World, { authorization, args }: ApiRequest, method: Method): Grant | undefined {
  const token = authorization?.replace(/^Bearer /, '') ?? (typeof args.token === 'string' ? args.token : undefined);
  if (method.token === 'none') return undefined;
  if (token === undefined) throw new Refusal('not_authed');
  const grant = world.grants.get(token);
  if (grant === undefined) throw new Refusal('invalid_auth');
  if (grant.state !== 'live') throw new Refusal(STATE_ERRORS[grant.state]);
  if (grant.kind !== method.token) throw new Refusal('not_allowed_token_type');
  return grant;
}

const tooMany = (seconds: number): ApiAnswer => ({
  status: 429,
  headers: { 'retry-after': String(seconds) },
  body: { ok: false, error: 'ratelimited' },
});

/** What an injected failure answers in place of the truth. */
function failedAnswer(failure: NextFailure): ApiAnswer {
  if ('retryAfterSeconds' in failure) return tooMany(failure.retryAfterSeconds);
  if ('error' in failure)
    return { status: 200, headers: {}, body: { ok: false, error: failure.error, ...failure.extra } };
  return { status: failure.status, headers: {}, body: { ok: false, error: 'service_unavailable' } };
}

/** Answers calls of the Web API: token, rate, arguments and scopes are looked at, then the method does its work. */
export function createWebApi({ desk, journal, faults, rateLimits }: WebApiOptions) {
  function perform(request: ApiRequest, call: Call): ApiAnswer {
    const headers: Record<string, string> = {};
    try {
      const method = METHODS[request.method];
      if (method === undefined) throw new Refusal('unknown_method');
      const grant = grantOf(desk.world, request, method);
      call.team = grant?.team?.id ?? null;
      if (grant !== undefined) headers['x-oauth-scopes'] = grant.scopes.join(',');
      const seconds = rateLimits.take(request.method, method.tier, call.team ?? '', String(request.args.channel ?? ''));
      if (seconds > 0) {
        call.outcome = 'ratelimited';
        return tooMany(seconds);
      }
      const warnings: string[] = [];
      const { scopes, run } = method.prepare(request.args, contextOf(desk, grant, request.args, warnings));
      if (scopes.length > 0) headers['x-accepted-oauth-scopes'] = scopes.join(',');
      if (scopes.length > 0 && !scopes.some((scope) => grant?.scopes.includes(scope)))
        throw new Refusal('missing_scope', { needed: scopes.join(','), provided: grant?.scopes.join(',') ?? '' });
      const body = run();
      call.outcome = 'ok';
      call.detail = warnings;
      return { status: 200, headers, body: { ok: true, ...body, ...warningsOf(warnings, body) } };
    } catch (error) {
      if (!(error instanceof Refusal)) {
        call.outcome = 'fatal_error';
        throw error;
      }
      call.outcome = error.error;
      const { response_metadata: metadata } = error.extra;
      call.detail = isJson(metadata) && Array.isArray(metadata.messages) ? metadata.messages.map(String) : [];
      return { status: 200, headers, body: { ok: false, error: error.error, ...error.extra } };
    }
  }

  return {
    async answer(request: ApiRequest): Promise<ApiAnswer> {
      const call = journal.record(request.method, request.args);
      const { latencyMs, failure } = faults.plan(request.method);
      if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
      if (failure === undefined || ('afterwards' in failure && failure.afterwards)) {
        const answer = perform(request, call);
        journal.changed();
        if (failure === undefined) return answer;
      }
      call.isInjected = true;
      call.outcome = `injected ${JSON.stringify(failure)} after ${call.outcome}`;
      journal.changed();
      return failedAnswer(failure);
    },
  };
}
export type WebApi = ReturnType<typeof createWebApi>;

function warningsOf(warnings: readonly string[], body: Json): Json {
  if (warnings.length === 0) return {};
  const metadata = isJson(body.response_metadata) ? body.response_metadata : {};
  return { warning: warnings.join(','), response_metadata: { ...metadata, warnings } };
}

function contextOf(desk: Desk, grant: Grant | undefined, args: Json, warnings: string[]): MethodCall {
  return {
    desk,
    grant,
    get team() {
      if (!grant?.team) throw new Refusal('not_allowed_token_type');
      return grant.isOrgWide ? meantTeam(desk.world, grant.team, args) : grant.team;
    },
    warn: (what) => warnings.push(what),
  };
}

/** Which workspace of an organisation a call is about: the one named, or the one of the channel or person named. */
function meantTeam(world: World, home: Team, args: Json): Team {
  const { team_id, channel = args.channel_id, user = args.user_id } = args;
  const named = world.teams.get(String(team_id)) ?? world.channels.get(String(channel))?.team;
  const meant = named ?? world.users.get(String(user))?.team;
  return meant !== undefined && meant.enterprise?.id === home.enterprise?.id ? meant : home;
}
