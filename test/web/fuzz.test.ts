import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openService, type Service, TOKEN } from './service.ts';

const SEED = 20_261_123;
const MUTATIONS = 1_000;

/** Mulberry32: numbers in [0, 1) that are the same in every run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const VALUES: readonly unknown[] = [
  null,
  true,
  -1,
  0.5,
  1e308,
  2 ** 53,
  '',
  '\0',
  '\ud800',
  '𝟙𝟚𝟛',
  '‮evil',
  'x'.repeat(5_000),
  'x'.repeat(70_000),
  [],
  {},
  [[[[]]]],
  { toString: 1, __proto__: null },
  "'; drop table questions; --",
  '%00%ff',
  '../../etc/passwd',
];

/** The fields of a body, as far as it still has any. */
function fieldsOf(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** One change to a valid request: a value of the body, its text, the path, the method or a header. */
function mutate(call: Call, random: () => number): Call {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const at = (text: string) => Math.floor(random() * (text.length + 1));
  const cut = (text: string) => text.slice(0, at(text)) + text.slice(at(text));
  const insert = (text: string) => {
    const place = at(text);
    return (
      text.slice(0, place) + pick(['"', '{', '}', '\\', '/', '\n', '%', '..', '\u{1f4a5}', '0']) + text.slice(place)
    );
  };
  const fields = fieldsOf(call.body);
  const names = [
    ...Object.keys(fields),
    'question',
    'vote',
    'policy',
    'key',
    'conversation',
    'person',
    'extra',
    '__proto__',
  ];
  const escaped = (text: string) => text.replace(/[\s\\]|[^!-~]/gu, (c) => encodeURIComponent(c));
  return pick([
    () => ({ ...call, body: JSON.stringify({ ...fields, [pick(names)]: pick(VALUES) }) }),
    () => ({ ...call, body: cut(call.body) }),
    () => ({ ...call, body: insert(call.body) }),
    () => ({ ...call, body: JSON.stringify(pick(VALUES)) }),
    () => ({ ...call, path: escaped(insert(call.path)) }),
    () => ({ ...call, path: escaped(cut(call.path)) }),
    () => ({ ...call, method: pick(['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) }),
    () => ({
      ...call,
      headers: { ...call.headers, authorization: pick(['', 'Bearer', 'Bearer ', 'Basic eA==', 'x'.repeat(9_000)]) },
    }),
    () => ({ ...call, headers: { ...call.headers, 'content-type': pick(['text/plain', 'multipart/form-data', 'x']) } }),
    () => ({ ...call, headers: { ...call.headers, 'last-event-id': pick(['-1', 'x', '1e9', '9'.repeat(400)]) } }),
  ])();
}

// Processes on a busy machine take their time; nothing here is measured.
describe('malformed requests', { timeout: 180_000 }, () => {
  let service: Service;
  let valid: readonly Call[];
  beforeAll(async () => {
    service = await openService();
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
    const asked = await service.app.request('/api/questions?wait=1', {
      method: 'POST',
      headers,
      body: JSON.stringify({ question: 'What is 1 + 1?' }),
    });
    const { questionId, answerId } = (await asked.json()) as { questionId: string; answerId: string };
    const post = (path: string, body: unknown) => ({ method: 'POST', path, headers, body: JSON.stringify(body) });
    valid = [
      post('/api/questions', {
        question: 'What is 1 + 1?',
        conversation: 'fuzz',
        person: 'Ada',
        key: 'fuzz',
        policy: 0,
      }),
      post(`/api/answers/${answerId}/vote`, { vote: 'up', person: 'Ada', reason: 'right' }),
      post(`/api/questions/${questionId}/cancel`, {}),
      { method: 'GET', path: `/api/questions/${questionId}`, headers, body: '' },
      { method: 'GET', path: `/api/questions/${questionId}/events`, headers, body: '' },
    ];
  }, 180_000);
  afterAll(() => service.close());

  it(`are answered ${MUTATIONS} times with a success or an explained refusal, never with a failure of the service`, async () => {
    const random = randomFrom(SEED);
    const statuses = new Map<number, number>();
    for (let index = 0; index < MUTATIONS; index += 1) {
      let call = valid[index % valid.length] as Call;
      for (let changes = 1 + Math.floor(random() * 3); changes > 0; changes -= 1) {
        call = mutate(call, random);
      }
      const { method, path, headers, body } = call;
      const response = await service.app.request(path.startsWith('/') ? path : `/${path}`, {
        method,
        headers,
        ...(method !== 'GET' && { body }),
      });
      const text = await response.text();
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
      expect(response.status, `${method} ${path} ${body.slice(0, 200)}: ${text}`).toBeLessThan(500);
      if (response.status < 400) continue;
      const { error } = JSON.parse(text) as { error: Record<string, string> };
      expect([error.code, error.message, error.remedy].every((part) => typeof part === 'string' && part !== '')).toBe(
        true,
      );
    }
    expect(statuses.get(400)).toBeGreaterThan(200);
    expect((await service.app.request('/readyz')).status).toBe(200);
  });
});
