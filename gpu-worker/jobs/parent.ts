import { z } from 'zod';
import { ConfigError, FoursightError, messageOf } from '../../src/errors.ts';

const startSchema = z.object({ type: z.literal('start'), databaseUrl: z.string() });

/**
 * The process that started this one. It tells where the database is, and is told when the worker is ready or why it
 * cannot be. A worker without a parent takes DATABASE_URL.
 */
export interface Parent {
  readonly isThere: boolean;
  readonly databaseUrl: Promise<string>;
  ready(): void;
  /** Reports a failure that restarting would not mend. */
  failed(error: unknown): Promise<void>;
  /** The parent died: nobody would stop this process otherwise. */
  readonly onGone: (listener: () => void) => void;
}

function childOf(send: (message: unknown, done: () => void) => void): Parent {
  return {
    isThere: true,
    databaseUrl: new Promise((resolve) => {
      process.once('message', (message) => resolve(startSchema.parse(message).databaseUrl));
    }),
    ready: () => send({ type: 'ready' }, () => undefined),
    failed: (error) => {
      const code = error instanceof FoursightError ? error.code : 'WORKER_FAILED';
      const remedy = error instanceof FoursightError ? error.remedy : 'Run `foursight doctor`, and look at the log.';
      return new Promise((resolve) => send({ type: 'failed', code, message: messageOf(error), remedy }, resolve));
    },
    // One that died while this process was starting is told of by no event any more.
    onGone: (listener) => void (process.connected ? process.once('disconnect', listener) : listener()),
  };
}

/** @param ownUrl the database of a worker that has no parent */
export function findParent(ownUrl: () => string | null): Parent {
  if (process.send !== undefined) {
    const send = process.send.bind(process);
    return childOf((message, done) => send(message, undefined, undefined, () => done()));
  }
  const missing = new ConfigError(
    'DATABASE_URL_MISSING',
    'a worker on its own needs a database',
    'Set DATABASE_URL, or use `foursight start --roles worker`.',
  );
  const own = async (): Promise<string> => {
    const url = ownUrl();
    if (url === null) throw missing;
    return url;
  };
  return {
    isThere: false,
    get databaseUrl() {
      return own();
    },
    ready: () => undefined,
    failed: async (error) => {
      const remedy = error instanceof FoursightError ? `\nremedy: ${error.remedy}` : '';
      process.stderr.write(`error: ${messageOf(error)}${remedy}\n`);
    },
    onGone: () => undefined,
  };
}
