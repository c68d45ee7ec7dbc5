import type { FakeDiscord } from './fake-discord.ts';
import type { Json } from './types.ts';

export interface Called {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
}
export type Caller = (method: string, path: string, body?: Json | readonly Json[]) => Promise<Called>;

/** Calls the fake's REST API without a client's own checks and retries; a path begins after the version. */
export function callerOf(discord: FakeDiscord): Caller {
  return async (method, path, body) => {
    const response = await fetch(`${discord.apiUrl}/v10${path}`, {
      method,
      headers: {
        authorization: `Bot ${discord.token}`,
        'user-agent': 'DiscordBot (https://example.org, 1.0)',
        ...(body === undefined || method === 'GET' ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined || method === 'GET' ? null : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
  };
}

export const chars = (count: number) => 'x'.repeat(count);
export const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
