import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Foursight, foursight, makeHome } from './foursight-process.ts';

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** The pids of the service's children that run `script`, from /proc. */
async function childrenOf(pid: number, script: string): Promise<number[]> {
  const list = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  const pids = list.trim().split(' ').filter(Boolean).map(Number);
  const runs = await Promise.all(
    pids.map(async (child) => (await readFile(`/proc/${child}/cmdline`, 'utf8')).includes(script)),
  );
  return pids.filter((_, index) => runs[index]);
}

// Processes on a busy machine take their time; nothing here is measured.
describe('a running service', { timeout: 180_000 }, () => {
  let service: Foursight;
  let env: Record<string, string>;
  let remove: () => Promise<void>;
  let ask: (question: string, conversation?: string) => Promise<{ status: number; body: { answer?: string } }>;

  beforeAll(async () => {
    const made = await makeHome();
    env = { FOURSIGHT_HOME: made.home };
    remove = made.remove;
    service = new Foursight(['start'], env);
    const url = (await service.line(/^HTTP\s+(http:\S+)/))[1] ?? '';
    const token = (await service.line(/^token\s+(\S+)/))[1] ?? '';
    ask = async (question, conversation) => {
      const response = await fetch(`${url}/api/questions?wait=1`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify({ question, conversation }),
      });
      return { status: response.status, body: (await response.json()) as { answer?: string } };
    };
    await service.line(/Ready/);
  }, 180_000);

  afterAll(async () => {
    service.child.kill('SIGKILL');
    await service.ended;
    await remove();
  });

  it('keeps its token and its passwords to itself', async () => {
    for (const file of ['http-token', 'instance-secret', 'postgres-password']) {
      const { mode } = await stat(join(env.FOURSIGHT_HOME ?? '', file));
      expect(mode & 0o777).toBe(0o600);
    }
  });

  it('answers at its prompt, and goes on when the input ends', async () => {
    service.type('What is 12 * 12?');
    await service.line(/^ +executor +12 \* 12/);
    await service.line(/144\.$/);
    service.type('+');
    await service.line(/Noted: 👍/);
    service.child.stdin?.end();
    expect((await ask('What is 1 + 1?')).body.answer).toContain('2');
  });

  it('is joined by commands', async () => {
    const [status, answer] = await Promise.all([
      foursight(['status', '--json'], env),
      foursight(['ask', 'What is 17 * 23 + 4?', '--json'], env),
    ]);
    expect(status.code).toBe(0);
    expect(JSON.parse(status.stdout)).toMatchObject({ ready: true, livePolicy: 0, queue: { backend: 'postgres' } });
    expect(JSON.parse(answer.stdout).answer).toContain('395');
  });

  it('refuses a second service on the same home, naming the first', async () => {
    const second = await foursight(['start'], env);
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(`process ${service.child.pid}`);
    expect(second.stderr).toMatch(/^remedy: /m);
  });

  it.runIf(process.platform === 'linux')('answers what its worker held when that was killed', async () => {
    const [worker = 0] = await childrenOf(service.child.pid ?? 0, 'gpu-worker');
    expect(worker).toBeGreaterThan(0);
    const asked = Promise.all(Array.from({ length: 24 }, (_, index) => ask(`What is ${index} + 1000?`)));
    process.kill(worker, 'SIGKILL');
    const answers = await asked;
    for (const [index, { status, body }] of answers.entries()) {
      expect(status).toBe(200);
      expect(body.answer?.replaceAll(',', '')).toContain(String(index + 1000));
    }
    expect(await childrenOf(service.child.pid ?? 0, 'gpu-worker')).not.toContain(worker);
  });

  it.runIf(process.platform === 'linux')(
    'ends on SIGTERM, after what is asked already, and leaves no process behind',
    async () => {
      const children = [
        ...(await childrenOf(service.child.pid ?? 0, 'gpu-worker')),
        ...(await childrenOf(service.child.pid ?? 0, 'postgres')),
      ];
      expect(children).toHaveLength(2);
      const asked = ask('What is 2 * 21?');
      await new Promise((resolve) => setImmediate(resolve));
      service.child.kill('SIGTERM');
      const { code, stderr } = await service.ended;
      expect(code).toBe(0);
      expect(stderr).not.toMatch(/error:/);
      expect(children.filter(isAlive)).toEqual([]);
      await asked.then(
        ({ body }) => expect(body.answer).toContain('42'),
        (error: unknown) => expect(String(error)).toMatch(/fetch failed/),
      );
    },
  );
});
