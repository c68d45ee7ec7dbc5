import type { z } from 'zod';
import { refusalOf } from './complaints.ts';
import type { Desk } from './desk.ts';
import type { Bucket } from './limits.ts';
import type { World } from './world.ts';

export type Params = Readonly<Record<string, string>>;

export interface RouteCall<Body, Query> {
  readonly desk: Desk;
  readonly world: World;
  readonly params: Params;
  readonly body: Body;
  readonly query: Query;
  /** A parameter that the route is sure to have. */
  param(name: string): string;
}

interface Spec<Body extends z.ZodType, Query extends z.ZodType> {
  readonly body?: Body;
  readonly query?: Query;
  /** False for those whose address alone is the secret. */
  readonly needsToken?: boolean;
  readonly bucket?: Bucket;
  /** Gives the answer; undefined means 204. */
  readonly run: (call: RouteCall<z.infer<Body>, z.infer<Query>>) => unknown;
}

export interface Prepared {
  run(): unknown;
}

export interface Route {
  readonly needsToken: boolean;
  readonly bucket: Bucket | undefined;
  /** Checks body and query; throws a Refusal. */
  prepare(desk: Desk, params: Params, body: unknown, query: unknown): Prepared;
}

/** By method and pattern, e.g. `GET /channels/:channel`. */
export type Routes = Readonly<Record<string, Route>>;

export function route<Body extends z.ZodType, Query extends z.ZodType>(spec: Spec<Body, Query>): Route {
  const parse = <Schema extends z.ZodType>(schema: Schema | undefined, value: unknown): z.infer<Schema> => {
    if (schema === undefined) return undefined as z.infer<Schema>;
    const result = schema.safeParse(value);
    if (!result.success) throw refusalOf(result.error, value);
    return result.data;
  };
  return {
    needsToken: spec.needsToken ?? true,
    bucket: spec.bucket,
    prepare(desk, params, body, query) {
      const param = (name: string) => {
        const value = params[name];
        if (value === undefined) throw new Error(`the route has no parameter ${name}`);
        return value;
      };
      const call = {
        desk,
        world: desk.world,
        params,
        param,
        body: parse(spec.body, body),
        query: parse(spec.query, query),
      };
      return { run: () => spec.run(call) };
    },
  };
}
