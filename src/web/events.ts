import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { Loop } from '../domain/ports.ts';
import type { Progress } from '../domain/progress.ts';
import type { Log } from '../log.ts';

/** Comments at this distance keep proxies from closing a quiet stream. */
const KEEP_ALIVE_MS = 15_000;
const END_ID = 1_000_000;

/** The place of a value in its question's progress: what an interrupted reader sends back as `Last-Event-ID`. */
function eventId(progress: Progress): number {
  if (progress.type === 'queued') return 0;
  if (progress.type === 'started') return 1;
  return progress.type === 'turn' ? 1 + progress.turn.turn : END_ID;
}

/**
 * Server-sent events of a question's progress: the type is the event's name, the value its JSON data. All that has
 * happened is told first, except what `Last-Event-ID` says was received; the stream ends with the question.
 * @throws InputError for an unknown id
 */
export async function followProgress(c: Context, loop: Loop, questionId: string, log: Log): Promise<Response> {
  const received = Number(c.req.header('last-event-id') ?? Number.NaN);
  // An EventSource reconnects after the stream's end; 204 tells it to stop.
  if (received >= END_ID) return c.body(null, 204);
  const stop = new AbortController();
  const steps = loop.watch(questionId, { signal: stop.signal })[Symbol.asyncIterator]();
  const first = await steps.next();
  return streamSSE(
    c,
    async (stream) => {
      stream.onAbort(() => stop.abort());
      const keepAlive = setInterval(() => void stream.write(': still here\n\n'), KEEP_ALIVE_MS);
      try {
        for (let step = first; step.done !== true; step = await steps.next()) {
          const id = eventId(step.value);
          if (id <= received) continue;
          await stream.writeSSE({ id: String(id), event: step.value.type, data: JSON.stringify(step.value) });
        }
      } finally {
        clearInterval(keepAlive);
        stop.abort();
      }
    },
    async (error) => log.error({ err: error, questionId }, 'stream of progress broke'),
  );
}
