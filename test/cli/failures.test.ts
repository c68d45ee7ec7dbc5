import { once } from 'node:events';
import { cp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ended, foursight, makeHome } from './foursight-process.ts';

const STARTER = fileURLToPath(new URL('../../starter/model', import.meta.url));

function expectExplained(ended: Ended, ...words: readonly (string | RegExp)[]): void {
  expect(ended.code).toBe(1);
  expect(ended.stderr).toMatch(/^error: .+/m);
  expect(ended.stderr).toMatch(/^remedy: .+/m);
  expect(ended.stderr).not.toMatch(/^\s+at /m);
  for (const word of words) expect(ended.stderr).toMatch(word);
}

// Processes on a busy machine take their time; nothing here is measured.
describe('what stands in the way of starting', { timeout: 180_000 }, () => {
  let home: string;
  let remove: () => Promise<void>;
  beforeAll(async () => {
    ({ home, remove } = await makeHome());
  });
  afterAll(() => remove());

  it('is named for every setting that cannot be used', async () => {
    const ended = await foursight(['start'], { FOURSIGHT_HOME: home, FOURSIGHT_HTTP_PORT: 'x', FOURSIGHT_LOG: 'loud' });
    expectExplained(ended, /FOURSIGHT_HTTP_PORT/, /FOURSIGHT_LOG/);
  });

  it('is named when the home cannot be made', async () => {
    await writeFile(join(home, 'file'), '');
    expectExplained(
      await foursight(['ask', 'What is 1 + 1?'], { FOURSIGHT_HOME: join(home, 'file', 'home') }),
      /FOURSIGHT_HOME/,
    );
    if (process.platform !== 'linux') return;
    expectExplained(
      await foursight(['ask', 'What is 1 + 1?'], { FOURSIGHT_HOME: '/proc/foursight' }),
      /FOURSIGHT_HOME/,
    );
  });

  it('is named when the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = String(typeof address === 'object' ? address?.port : 0);
    const ended = await foursight(['start'], { FOURSIGHT_HOME: home, FOURSIGHT_HTTP_PORT: port });
    other.close();
    expectExplained(ended, new RegExp(`port ${port}`), /FOURSIGHT_HTTP_PORT/);
  });

  it('is named when the database is down', async () => {
    const DATABASE_URL = 'postgres://me:hunter2@127.0.0.1:9/none';
    for (const command of [['start'], ['ask', 'What is 1 + 1?']]) {
      const ended = await foursight(command, { FOURSIGHT_HOME: home, DATABASE_URL });
      expectExplained(ended, /DATABASE_URL/);
      expect(ended.stderr).not.toContain('hunter2');
    }
  });

  it('is named when Redis is down', async () => {
    const REDIS_URL = 'redis://:hunter2@127.0.0.1:9';
    const ended = await foursight(['start'], { FOURSIGHT_HOME: home, REDIS_URL });
    expectExplained(ended, /REDIS_URL/);
    expect(ended.stderr).not.toContain('hunter2');
  });

  it('is named when the model folder is damaged, for the service and for a question', async () => {
    const model = join(home, 'model');
    await cp(STARTER, model, { recursive: true });
    await writeFile(join(model, 'model.safetensors'), 'no tensors here');
    const env = { FOURSIGHT_HOME: home, FOURSIGHT_MODEL: model };
    expectExplained(await foursight(['start'], env), /model\.safetensors/);
    expectExplained(await foursight(['ask', 'What is 1 + 1?'], env), /model\.safetensors/);
    const doctor = await foursight(['doctor', '--json'], env);
    expectExplained(doctor);
    const findings = JSON.parse(doctor.stdout) as { check: string; state: string }[];
    expect(findings.find(({ check }) => check === 'model')?.state).toBe('problem');
    expect(findings.find(({ check }) => check === 'database')?.state).toBe('ok');
    // What comes after a problem is looked at all the same.
    for (const check of ['slack', 'discord'])
      expect(findings.find((finding) => finding.check === check)).toMatchObject({
        state: 'ok',
        says: expect.stringContaining(`docs/${check}.md`),
      });
  });
});
