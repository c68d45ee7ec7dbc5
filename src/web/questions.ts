import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { z } from 'zod';
import type { Loop } from '../domain/ports.ts';
import type { Progress } from '../domain/progress.ts';
import { MAX_QUESTION_LENGTH } from '../domain/question.ts';
import type { Log } from '../log.ts';
import { followProgress } from './events.ts';
import { HttpFailure, parsed, readBody } from './failures.ts';
import { name, text } from './text.ts';

const askSchema = z.strictObject({
  question: text(MAX_QUESTION_LENGTH).refine((value) => value.trim() !== '', 'must not be empty'),
  /** A name of the caller's own, or the `conversationId` of an earlier answer. */
  conversation: name.optional(),
  policy: z.number().int().nonnegative().max(2_147_483_647).optional(),
  person: name.default('http'),
  /** The same key is the same question, however often it is sent. */
  key: name.optional(),
  /** A private message of the person, which is trained on only if the person has opted in. */
  direct: z.boolean().default(false),
});

const idSchema = z.uuid();

/** The last value of a question's progress. @throws InputError for an unknown id */
async function lastProgress(loop: Loop, questionId: string, signal: AbortSignal): Promise<Progress | undefined> {
  let last: Progress | undefined;
  for await (const progress of loop.watch(questionId, { signal })) last = progress;
  return last;
}

function answerOf(last: Progress | undefined) {
  if (last?.type === 'answered') return last.answer;
  if (last?.type === 'cancelled') {
    throw new HttpFailure(409, 'QUESTION_CANCELLED', 'the question was cancelled', 'Ask it again.');
  }
  if (last?.type === 'failed') {
    throw new HttpFailure(
      502,
      'QUESTION_FAILED',
      last.message,
      'Ask again; `foursight status` tells how the workers are.',
    );
  }
  throw new HttpFailure(503, 'NO_ANSWER_YET', 'waiting ended before the answer', 'Get the question by its id later.');
}

/** Asking, following and cancelling questions. `workspace` is the platform's name of the workspace that HTTP asks in. */
export function questionRoutes(loop: Loop, workspace: string, log: Log): Hono {
  return new Hono()
    .post('/questions', async (c) => {
      const wish = await readBody(c, askSchema);
      const receipt = await loop.ask({
        platform: 'http',
        workspace,
        conversation: wish.conversation ?? randomUUID(),
        person: { key: wish.person, name: wish.person },
        key: wish.key ?? randomUUID(),
        text: wish.question,
        policyVersion: wish.policy ?? null,
        isDirect: wish.direct,
      });
      const waits = c.req.query('wait') !== undefined || /\bwait\b/.test(c.req.header('prefer') ?? '');
      if (!waits) return c.json(receipt, 202, { location: `/api/questions/${receipt.questionId}` });
      return c.json(answerOf(await lastProgress(loop, receipt.questionId, c.req.raw.signal)));
    })
    .get('/questions/:id', async (c) => {
      const questionId = parsed(idSchema, c.req.param('id'), 'id');
      const standing = await loop.standing(questionId);
      if (standing === undefined) {
        throw new HttpFailure(404, 'QUESTION_UNKNOWN', `no question ${questionId}`, 'Use the id that asking returned.');
      }
      return c.json(standing);
    })
    .get('/questions/:id/events', (c) => followProgress(c, loop, parsed(idSchema, c.req.param('id'), 'id'), log))
    .post('/questions/:id/cancel', async (c) =>
      c.json({ cancelled: await loop.cancel(parsed(idSchema, c.req.param('id'), 'id')) }),
    );
}
