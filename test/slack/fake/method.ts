import type { z } from 'zod';
import { refusalOf } from './complaints.ts';
import type { Desk } from './desk.ts';
import type { Tier } from './limits.ts';
import type { Grant, Json, Team } from './types.ts';

export interface MethodCall {
  readonly desk: Desk;
  /** The workspace of the token; methods without a bot token have none. */
  readonly team: Team;
  readonly grant: Grant | undefined;
  /** Notes what Slack does silently but a test wants to know. */
  warn(what: string): void;
}

interface Spec<Schema extends z.ZodType> {
  readonly schema: Schema;
  readonly token?: 'bot' | 'app' | 'none';
  readonly tier: Tier | 'posting' | null;
  /** Any one of them will do; none means that no scope is needed. */
  readonly scopes: (args: z.infer<Schema>, call: MethodCall) => readonly string[];
  readonly run: (args: z.infer<Schema>, call: MethodCall) => Json;
}

export interface Method {
  readonly token: 'bot' | 'app' | 'none';
  readonly tier: Tier | 'posting' | null;
  /** Checks the arguments; throws a Refusal. */
  prepare(args: unknown, call: MethodCall): { readonly scopes: readonly string[]; run(): Json };
}

export type Methods = Readonly<Record<string, Method>>;

export function method<Schema extends z.ZodType>(spec: Spec<Schema>): Method {
  return {
    token: spec.token ?? 'bot',
    tier: spec.tier,
    prepare(args, call) {
      const parsed = spec.schema.safeParse(args);
      if (!parsed.success) throw refusalOf(parsed.error, args);
      const { data } = parsed;
      return { scopes: spec.scopes(data, call), run: () => spec.run(data, call) };
    },
  };
}

/** The scopes of a method that always needs the same. */
export const needs =
  (...scopes: readonly string[]) =>
  () =>
    scopes;
