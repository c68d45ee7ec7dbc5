import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { FoursightError } from '../errors.ts';
import type { Log } from '../log.ts';

const RUN_TS = fileURLToPath(new URL('../../bin/run-ts.mjs', import.meta.url));
const WORKER_MAIN = fileURLToPath(new URL('../../gpu-worker/main.ts', import.meta.url));

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 30_000;
/** A worker that lived this long had started well: its next restart is quick again. */
const HEALTHY_MS = 60_000;
/** How long a worker may finish what it holds; then it is killed, and another takes over. */
const GRACE_MS = 15_000;

const messageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  /** The worker cannot work until a person does something; restarting would not help. */
  z.object({ type: z.literal('failed'), code: z.string(), message: z.string(), remedy: z.string() }),
]);

/** The gpu-worker as a child process. */
export interface WorkerProcess {
  /** Settles when the first worker has its model and its database, or cannot have them. */
  readonly ready: Promise<void>;
  /** Rejects when the worker reports, at whatever time, that only a person can help; never resolves. */
  readonly failed: Promise<never>;
  readonly pid: () => number | undefined;
  /** Lets the worker finish or hand back what it holds. */
  close(): Promise<void>;
  /** Ends it at once. */
  kill(): void;
}

/** A promise that is settled from outside; nobody needs to look at its failure. */
function outcome<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}

/**
 * Starts the gpu-worker, which loads its model while it waits for the database's address, and starts it again
 * whenever it dies, with growing delays.
 */
export function startWorkerProcess(databaseUrl: Promise<string>, log: Log): WorkerProcess {
  const ready = outcome<void>();
  const failed = outcome<never>();
  let child: ChildProcess | undefined;
  let closing = false;
  let delay = FIRST_DELAY_MS;
  let timer: NodeJS.Timeout | undefined;

  function start(): void {
    const startedAt = performance.now();
    // Whatever a library of the worker's prints must not get among a command's JSON.
    const started = fork(RUN_TS, [WORKER_MAIN], { execArgv: [], stdio: ['ignore', 2, 2, 'ipc'] });
    child = started;
    let over = false;
    const send = (url: string) =>
      started.connected && started.send({ type: 'start', databaseUrl: url }, () => undefined);
    databaseUrl.then(send, () => started.kill('SIGTERM'));
    started.on('message', (raw) => {
      const message = messageSchema.parse(raw);
      if (message.type === 'ready') return ready.resolve();
      over = true;
      const error = new FoursightError(message.code, message.message, message.remedy);
      ready.reject(error);
      failed.reject(error);
    });
    started.on('error', (error) => log.error({ err: error }, 'gpu-worker could not be started'));
    started.on('exit', (code, signal) => {
      if (closing || over) return;
      if (performance.now() - startedAt > HEALTHY_MS) delay = FIRST_DELAY_MS;
      log.warn({ code, signal, delay }, 'gpu-worker ended; it is started again');
      timer = setTimeout(start, delay);
      delay = Math.min(delay * 2, LONGEST_DELAY_MS);
    });
  }

  start();
  return {
    ready: ready.promise,
    failed: failed.promise,
    pid: () => child?.pid,
    async close() {
      closing = true;
      clearTimeout(timer);
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      const late = setTimeout(() => child?.kill('SIGKILL'), GRACE_MS);
      await exit;
      clearTimeout(late);
    },
    kill() {
      closing = true;
      clearTimeout(timer);
      child?.kill('SIGKILL');
    },
  };
}
