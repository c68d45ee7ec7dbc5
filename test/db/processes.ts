import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const runTs = fileURLToPath(new URL('../../bin/run-ts.mjs', import.meta.url));
const ownerProcess = fileURLToPath(new URL('./owner-process.ts', import.meta.url));

/** Runs `owner-process.ts` until it has printed its line. */
export async function startOwner(
  what: 'embedded' | 'owner' | 'member',
  home: string,
  user: { uid?: number; gid?: number } = {},
): Promise<{ child: ChildProcess; said: Record<string, unknown>; kill(): Promise<void> }> {
  const child = spawn(process.execPath, [runTs, ownerProcess, what, home], {
    ...user,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  if (child.stdout === null) throw new Error('no output');
  const lines = createInterface({ input: child.stdout });
  const [line] = await Promise.race([once(lines, 'line'), exited]);
  const said: unknown = JSON.parse(String(line));
  if (typeof said !== 'object' || said === null) throw new Error(`the owner process said ${line}`);
  return {
    child,
    said: { ...said },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
