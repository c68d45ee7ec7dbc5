import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../bin/foursight.mjs', import.meta.url));

/** A folder for FOURSIGHT_HOME that Postgres' user can reach when the tests run as root. */
export async function makeHome(): Promise<{ home: string; remove: () => Promise<void> }> {
  const home = await mkdtemp(join(tmpdir(), 'foursight-test-'));
  await chmod(home, 0o711);
  return { home, remove: () => rm(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 }) };
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A `foursight` command as a process of its own, as a person would run it. */
export class Foursight {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  readonly #lines: string[] = [];
  readonly #watchers = new Set<() => void>();

  constructor(args: readonly string[], env: Readonly<Record<string, string>>) {
    const { DATABASE_URL: _d, REDIS_URL: _r, ...inherited } = process.env;
    this.child = spawn(process.execPath, [BIN, ...args], {
      env: { ...inherited, FOURSIGHT_HTTP_PORT: '0', FOURSIGHT_ZONE: 'UTC', ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    this.child.stderr?.on('data', (chunk) => {
      stderr += String(chunk);
    });
    if (this.child.stdout) {
      createInterface({ input: this.child.stdout }).on('line', (line) => {
        stdout += `${line}\n`;
        this.#lines.push(line);
        for (const look of [...this.#watchers]) look();
      });
    }
    this.ended = once(this.child, 'close').then(([code]) => {
      for (const look of [...this.#watchers]) look();
      return { code: code as number | null, stdout, stderr };
    });
  }

  type(line: string): void {
    this.child.stdin?.write(`${line}\n`);
  }

  /** The first line, past or to come, that fits. Rejects when the process ends before. */
  line(pattern: RegExp): Promise<RegExpMatchArray> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const match = this.#lines.map((line) => line.match(pattern)).find((found) => found !== null);
        if (match === undefined || match === null) return;
        this.#watchers.delete(look);
        resolve(match);
      };
      this.#watchers.add(look);
      look();
      void this.ended.then(({ code, stderr }) => reject(new Error(`ended with ${code} before ${pattern}: ${stderr}`)));
    });
  }
}

/** Runs a command to its end. */
export function foursight(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
  const command = new Foursight(args, env);
  command.child.stdin?.end();
  return command.ended;
}
