import type { FakeSlack } from './fake-slack.ts';
import { isJson } from './messages.ts';
import type { Json } from './types.ts';

/** Calls of the fake's Web API with a JSON body; each gives the answer's body with its status and scopes. */
export function callerOf(slack: FakeSlack) {
  return async (method: string, args: Json, token = slack.team.botToken ?? ''): Promise<Json> => {
    const response = await fetch(`${slack.apiUrl}${method}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
      body: JSON.stringify(args),
    });
    const body: unknown = await response.json();
    if (!isJson(body)) throw new Error(`${method} answered ${JSON.stringify(body)}`);
    return { status: response.status, scopes: response.headers.get('x-oauth-scopes'), ...body };
  };
}
export type Caller = ReturnType<typeof callerOf>;

// What blocks and views of tests are made of.

export const chars = (count: number) => 'x'.repeat(count);
export const many = <Value>(count: number, value: (index: number) => Value) =>
  Array.from({ length: count }, (_, index) => value(index));
export const plain = (text: string) => ({ type: 'plain_text', text });
export const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
export const section = (text: string) => ({ type: 'section', text: mrkdwn(text) });
