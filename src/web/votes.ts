import { Hono } from 'hono';
import { z } from 'zod';
import type { Loop } from '../domain/ports.ts';
import { parsed, readBody } from './failures.ts';
import { name, text } from './text.ts';

const voteSchema = z.strictObject({
  vote: z.enum(['up', 'down', 'clear']),
  person: name.default('http'),
  reason: text(2_000).optional(),
});

/** Rating an answer: one vote a person, the last one counts. */
export function voteRoutes(loop: Loop): Hono {
  return new Hono().post('/answers/:id/vote', async (c) => {
    const answerId = parsed(z.uuid(), c.req.param('id'), 'id');
    const { vote, person, reason } = await readBody(c, voteSchema);
    return c.json(
      await loop.rate({
        answerId,
        platform: 'http',
        person: { key: person, name: person },
        vote,
        reason: reason ?? null,
      }),
    );
  });
}
