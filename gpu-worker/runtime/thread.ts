import { type TransferListItem, Worker } from 'node:worker_threads';
import { messageOf } from '../../src/errors.ts';
import {
  type AnswerMessage,
  type CallMessage,
  closeMethod,
  openedId,
  revivedError,
  type ThreadStart,
} from './message.ts';
import { RuntimeError } from './runtime-error.ts';

/** A running program of type `P`: an object of methods with at most one argument each. */
export interface Thread<P> {
  /** Calls a method of the program. @throws RuntimeError with the code, message and remedy of the error over there */
  call<K extends keyof P & string>(
    method: K,
    argument: ArgumentOf<P[K]>,
    transfer?: readonly TransferListItem[],
  ): Promise<ResultOf<P[K]>>;
  /** Resolves when the thread has died by itself: it can do nothing more. */
  readonly died: Promise<RuntimeError>;
  /** Lets the program close what it holds and ends the thread. Calls under way are refused. */
  close(): Promise<void>;
}

type ArgumentOf<F> = F extends (argument: infer A) => unknown ? A : never;
type ResultOf<F> = F extends (argument: never) => infer R ? Awaited<R> : never;

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/**
 * Starts a thread that runs a program. `session.run` blocks its thread, so the loop around it belongs into a program, which
 * owns sessions, weights and caches; only requests and results cross threads. Arguments and results are copied by
 * structured clone, except for buffers that are transferred. (ONNX Runtime takes no SharedArrayBuffer as a tensor.)
 * @param module file URL of a TypeScript module that exports `open(argument): Promise<P>`
 * @example
 * const thread = await openThread<Trainer>(new URL('./train-program.ts', import.meta.url), { threads: 1 });
 * const loss = await thread.call('step', batch);
 * @throws RuntimeError when the program cannot be opened
 */
export async function openThread<P>(
  module: URL,
  argument: unknown,
  transfer: readonly TransferListItem[] = [],
): Promise<Thread<P>> {
  const start: ThreadStart = { program: module.href, argument };
  const worker = new Worker(new URL('./thread-entry.mjs', import.meta.url), {
    workerData: start,
    transferList: [...transfer],
  });
  const pending = new Map<number, Pending>();
  let lastId = openedId;
  let ended: RuntimeError | undefined;
  let tellDeath: (error: RuntimeError) => void = () => undefined;
  const died = new Promise<RuntimeError>((resolve) => {
    tellDeath = resolve;
  });

  const end = (error: RuntimeError) => {
    ended ??= error;
    for (const { reject } of pending.values()) reject(ended);
    pending.clear();
  };
  const die = (error: RuntimeError) => {
    if (ended === undefined) tellDeath(error);
    end(error);
  };
  worker.on('message', (answer: AnswerMessage) => {
    const waiting = pending.get(answer.id);
    pending.delete(answer.id);
    if ('error' in answer) waiting?.reject(revivedError(answer.error));
    else waiting?.resolve(answer.value);
  });
  worker.on('error', (cause) => die(threadFailed(messageOf(cause), cause)));
  worker.on('messageerror', (cause) => {
    die(threadFailed(`an answer cannot be read: ${cause.message}`, cause));
    void worker.terminate();
  });
  const exited = new Promise<void>((resolve) => {
    worker.on('exit', (code) => {
      die(threadFailed(`it ended with exit code ${code}`));
      resolve();
    });
  });

  const answerOf = (id: number) =>
    new Promise<unknown>((resolve, reject) => {
      if (ended === undefined) pending.set(id, { resolve, reject });
      else reject(ended);
    });
  const send = (method: string, value: unknown, moved: readonly TransferListItem[]) => {
    lastId += 1;
    const answer = answerOf(lastId);
    if (ended === undefined) worker.postMessage({ id: lastId, method, argument: value } satisfies CallMessage, moved);
    return answer;
  };

  try {
    await answerOf(openedId);
  } catch (error) {
    await worker.terminate();
    throw error;
  }
  return {
    call: (method, value, moved = []) => send(method, value, moved) as Promise<never>,
    died,
    async close() {
      if (ended === undefined) {
        const closing = send(closeMethod, undefined, []);
        const id = lastId;
        const last = pending.get(id);
        pending.delete(id);
        end(threadClosed());
        if (last !== undefined) pending.set(id, last);
        await closing;
      }
      await exited;
    },
  };
}

const threadClosed = () =>
  new RuntimeError('THREAD_CLOSED', 'the thread was closed', 'Open it again before you call it.');

const threadFailed = (reason: string, cause?: unknown) =>
  new RuntimeError('THREAD_FAILED', `the thread failed: ${reason}`, 'Restart the worker; the log has the cause.', {
    cause,
  });
