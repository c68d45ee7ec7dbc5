import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openService, type Service, TOKEN } from './service.ts';

const authorization = `Bearer ${TOKEN}`;

/** What the routes answer, as far as a test reads on from it. */
const bodySchema = z.looseObject({
  questionId: z.string().optional(),
  answerId: z.string().optional(),
  answer: z.unknown().optional(),
  turns: z.array(z.unknown()).optional(),
  error: z.record(z.string(), z.string()).optional(),
});

// Processes on a busy machine take their time; nothing here is measured.
describe('HTTP API', { timeout: 180_000 }, () => {
  let service: Service;
  beforeAll(async () => {
    service = await openService();
  }, 180_000);
  afterAll(() => service.close());

  async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await service.app.request(path, {
      method,
      headers: { authorization, ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, text, body: bodySchema.parse(text.startsWith('{') ? JSON.parse(text) : {}) };
  }

  it('tells without a token that it lives and is ready, and nothing else', async () => {
    const open = async (path: string) => (await service.app.request(path)).status;
    expect([await open('/healthz'), await open('/readyz')]).toEqual([200, 200]);
    const refused = await service.app.request('/api/questions', {
      method: 'POST',
      headers: { authorization: 'Bearer x' },
    });
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ error: { code: 'TOKEN_WRONG' } });
  });

  it('answers in the same response when asked to wait', async () => {
    for (const [path, headers] of [
      ['/api/questions?wait=1', {}],
      ['/api/questions', { prefer: 'wait' }],
    ] as const) {
      const { status, body } = await call('POST', path, { question: 'What is 17 * 23 + 4?' }, headers);
      expect(status).toBe(200);
      expect(body).toMatchObject({ answer: expect.stringContaining('395'), policyVersion: 0, stopReason: 'verified' });
      expect(body.turns?.[0]).not.toHaveProperty('planner');
    }
  });

  it('accepts at once otherwise, and tells the answer later', async () => {
    const asked = await call('POST', '/api/questions', { question: 'What is 6 * 7?' });
    expect(asked).toMatchObject({ status: 202, body: { duplicate: false } });
    const { questionId } = asked.body;
    await call('GET', `/api/questions/${questionId}/events`);
    const { body } = await call('GET', `/api/questions/${questionId}`);
    expect(body).toMatchObject({ questionId, status: 'answered', answer: { answer: expect.stringContaining('42') } });
  });

  it('streams the progress of a question, and resumes after what was received', async () => {
    const { body } = await call('POST', '/api/questions', { question: 'How many km are 26 miles?' });
    const path = `/api/questions/${body.questionId}/events`;
    const events = (text: string) => [...text.matchAll(/^event: (\w+)$/gm)].map(([, name]) => name);
    const whole = await call('GET', path);
    expect(events(whole.text)).toEqual(['queued', 'started', 'turn', 'answered']);
    const ids = [...whole.text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => id ?? '');
    expect(events((await call('GET', path, undefined, { 'last-event-id': ids[1] ?? '' })).text)).toEqual([
      'turn',
      'answered',
    ]);
    expect((await call('GET', path, undefined, { 'last-event-id': ids[3] ?? '' })).status).toBe(204);
  });

  it('takes a question for a direct message only when told so', async () => {
    const key = randomUUID();
    await call('POST', '/api/questions', { question: 'What is 2 + 3?', key: `${key} direct`, direct: true });
    await call('POST', '/api/questions', { question: 'What is 2 + 3?', key });
    const { rows } = await service.backend.db.execute(
      sql`select is_direct from questions where key like ${`${key}%`} order by key`,
    );
    expect(rows).toEqual([{ is_direct: false }, { is_direct: true }]);
  });

  it('takes the same key for the same question', async () => {
    const question = { question: 'What is 2 + 2?', key: randomUUID(), conversation: 'keys' };
    const [first, again] = [
      await call('POST', '/api/questions', question),
      await call('POST', '/api/questions', question),
    ];
    expect(again.body).toEqual({ ...first.body, duplicate: true });
  });

  it('answers the questions of one conversation in order, each knowing those before', async () => {
    const conversation = randomUUID();
    const ids: (string | undefined)[] = [];
    for (const question of ['What is 5 * 8?', 'double that', 'add 20 to that']) {
      const asked = await call('POST', '/api/questions', { question, conversation });
      expect(asked.status).toBe(202);
      ids.push(asked.body.questionId);
    }
    const answerTo = async (questionId: string | undefined) => {
      await call('GET', `/api/questions/${questionId}/events`);
      return (await call('GET', `/api/questions/${questionId}`)).body.answer;
    };
    expect(await Promise.all(ids.map(answerTo))).toEqual(
      ['40', '80', '100'].map((value) => expect.objectContaining({ answer: expect.stringContaining(value) })),
    );
  });

  it('counts one vote a person: the last one, until it is cleared', async () => {
    const { body } = await call('POST', '/api/questions?wait=1', { question: 'What is 9 - 4?' });
    const vote = async (vote: string, person?: string) =>
      (await call('POST', `/api/answers/${body.answerId}/vote`, { vote, person, reason: 'because' })).body;
    expect(await vote('up')).toMatchObject({ vote: 'up', changed: true, up: 1, down: 0 });
    expect(await vote('up')).toMatchObject({ changed: false, up: 1 });
    expect(await vote('down', 'Ada')).toMatchObject({ up: 1, down: 1 });
    expect(await vote('down')).toMatchObject({ vote: 'down', up: 0, down: 2 });
    expect(await vote('clear')).toMatchObject({ vote: null, up: 0, down: 1 });
  });

  it('cancels only what has no answer yet', async () => {
    const { body } = await call('POST', '/api/questions?wait=1', { question: 'What is 9 - 4?' });
    expect((await call('POST', `/api/questions/${body.questionId}/cancel`)).body).toEqual({ cancelled: false });
  });

  it.each([
    ['GET', `/api/questions/${randomUUID()}`, undefined, 404],
    ['GET', `/api/questions/${randomUUID()}/events`, undefined, 404],
    ['POST', `/api/answers/${randomUUID()}/vote`, { vote: 'up' }, 404],
    ['GET', '/api/questions/none', undefined, 400],
    ['POST', '/api/questions', { question: '' }, 400],
    ['POST', '/api/questions', { question: 'x'.repeat(4_001) }, 400],
    ['POST', '/api/questions', { question: 'x'.repeat(70_000) }, 413],
    ['POST', '/api/questions', { question: 'x', policy: 7 }, 400],
    ['POST', '/api/questions', { question: 'x', extra: 1 }, 400],
    ['GET', '/api/elsewhere', undefined, 404],
  ])('refuses %s %s with what to do', async (method, path, body, status) => {
    const answer = await call(method, path, body);
    expect(answer.status).toBe(status);
    expect(Object.keys(answer.body.error ?? {})).toEqual(['code', 'message', 'remedy']);
    expect(answer.body.error?.remedy).toMatch(/./);
  });
});
