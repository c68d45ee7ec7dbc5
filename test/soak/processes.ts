import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const FOURSIGHT = fileURLToPath(new URL('../../bin/foursight.mjs', import.meta.url));

/** Children of a process, with their command lines. Linux only, as the crash runs are. */
function childrenOf(pid: number): { pid: number; command: string }[] {
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      if (parent !== pid) return [];
      return [{ pid: Number(entry), command: readFileSync(`/proc/${entry}/cmdline`, 'utf8').replaceAll('\0', ' ') }];
    } catch {
      return []; // it ended while we looked
    }
  });
}

/** kill -9; false when it has ended by itself. */
export function end(pid: number): boolean {
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    return false;
  }
}

/** A `foursight start` in a process of its own. */
export interface Service {
  readonly process: ChildProcess;
  /** kill -9 of its gpu-worker; false when there is none at the moment. */
  killWorker(): boolean;
  /** kill -9 of the training process of its gpu-worker. */
  killTraining(): boolean;
  /** kill -9 of the embedded Postgres. */
  killPostgres(): boolean;
  /** kill -9 of it and all that it started. */
  killAll(): void;
  stop(): Promise<number | null>;
  /** What it has written to stderr. */
  readonly errors: () => string;
}

export function startService(environment: Readonly<Record<string, string>>, args: readonly string[] = []): Service {
  const child = spawn(process.execPath, [FOURSIGHT, 'start', ...args], {
    env: { ...process.env, FOURSIGHT_LOG: 'warn', ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr?.on('data', (chunk) => {
    errors = (errors + String(chunk)).slice(-20_000);
  });
  const exited = once(child, 'exit');
  const kill = (what: RegExp, parent: number | undefined) => {
    const found = childrenOf(parent ?? 0).filter(({ command }) => what.test(command));
    for (const { pid } of found) end(pid);
    return found.length > 0;
  };
  const worker = () => childrenOf(child.pid ?? 0).find(({ command }) => /gpu-worker/.test(command))?.pid;
  return {
    process: child,
    killWorker: () => kill(/gpu-worker/, child.pid),
    killTraining: () => kill(/training-main/, worker()),
    killPostgres: () => kill(/postgres/, child.pid),
    killAll() {
      const children = childrenOf(child.pid ?? 0);
      const all = [...children, ...children.flatMap(({ pid }) => childrenOf(pid))];
      end(child.pid ?? 0);
      for (const { pid } of all) end(pid);
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await exited;
      return child.exitCode;
    },
    errors: () => errors,
  };
}

/** Repeats `attempt` until it returns something, for at most `ms`, with pauses of `pauseMs`. */
export async function until<T>(
  ms: number,
  what: string,
  attempt: () => Promise<T | undefined>,
  pauseMs = 50,
): Promise<T> {
  const limit = performance.now() + ms;
  let last: unknown;
  while (performance.now() < limit) {
    try {
      const value = await attempt();
      if (value !== undefined) return value;
    } catch (error) {
      last = error;
    }
    await delay(pauseMs);
  }
  throw new Error(`${what} did not happen within ${ms} ms`, { cause: last });
}
