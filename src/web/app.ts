import { createHash, timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Loop } from '../domain/ports.ts';
import type { Log } from '../log.ts';
import { HttpFailure, respondToFailure } from './failures.ts';
import { questionRoutes } from './questions.ts';
import { voteRoutes } from './votes.ts';

const MAX_BODY_BYTES = 64 * 1024;

export interface WebOptions {
  readonly loop: Loop;
  /** What callers of /api must send as `Authorization: Bearer …`. */
  readonly token: string;
  /** The platform's name of the workspace that HTTP asks in. */
  readonly workspace: string;
  readonly log: Log;
}

const digest = (text: string) => createHash('sha256').update(text).digest();

/** The HTTP interface: health without, the API with the bearer token. docs/operations.md describes it. */
export function createApp({ loop, token, workspace, log }: WebOptions): Hono {
  const expected = digest(`Bearer ${token}`);
  return new Hono()
    .onError((error, c) => respondToFailure(error, c, log))
    .notFound((c) =>
      respondToFailure(
        new HttpFailure(
          404,
          'PATH_UNKNOWN',
          `nothing is at ${c.req.method} ${c.req.path}`,
          'docs/operations.md lists the paths.',
        ),
        c,
        log,
      ),
    )
    .get('/healthz', (c) => c.json({ ok: true }))
    .get('/readyz', async (c) => {
      const status = await loop.status();
      return c.json(status, status.ready ? 200 : 503);
    })
    .use('/api/*', async (c, next) => {
      if (!timingSafeEqual(digest(c.req.header('authorization') ?? ''), expected)) {
        throw new HttpFailure(
          401,
          'TOKEN_WRONG',
          'the bearer token is missing or wrong',
          '`foursight start` prints the token.',
        );
      }
      await next();
    })
    .use(
      '/api/*',
      bodyLimit({
        maxSize: MAX_BODY_BYTES,
        onError: () => {
          throw new HttpFailure(
            413,
            'BODY_TOO_LARGE',
            `the body has more than ${MAX_BODY_BYTES} bytes`,
            'Send a shorter one.',
          );
        },
      }),
    )
    .route('/api', questionRoutes(loop, workspace, log))
    .route('/api', voteRoutes(loop));
}
