import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { weightsToBytes } from '../../gpu-worker/jobs/policy-weights.ts';
import { loadAdapter } from '../../gpu-worker/models/adapter.ts';
import { openModel } from '../../gpu-worker/models/model.ts';
import { loraStart } from '../../gpu-worker/train/lora-start.ts';
import { runCli } from '../../src/cli/cli.ts';
import { exportPolicy } from '../../src/cli/policy/export.ts';
import { type Ended, foursight, makeHome } from '../cli/foursight-process.ts';
import { openTestStore, startTestServer, type TestServer, type TestStore } from '../db/test-store.ts';
import { weightsOf } from '../practice/starter.ts';
import { contrary, contraryWeights, gateReport, makeCandidate, starter, workspaceOf } from './candidates.ts';

const lora = { rank: 4, alpha: 16, scale: 2, modules: ['q_proj', 'down_proj'] as const };
const loraWeights = loraStart(starter.config, lora.rank, 5, lora.modules);

/** A command in this process: one of its own costs a second of processor time each. */
async function run(...args: string[]): Promise<Ended> {
  const said = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      said[stream] += String(text);
      return true;
    }),
  );
  try {
    await runCli(args);
    return { ...said, code: Number(process.exitCode ?? 0) };
  } finally {
    for (const spy of spies) spy.mockRestore();
    process.exitCode = undefined;
  }
}

// Processes on a busy machine take their time; nothing here is measured.
describe('policy', { timeout: 300_000 }, () => {
  let server: TestServer;
  let store: TestStore;
  let home: string;
  let remove: () => Promise<void>;
  let url: string;
  let workspaceId: string;
  const json = async (...args: string[]) => {
    const { code, stdout, stderr } = await run(...args, '--json');
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  };
  beforeAll(async () => {
    ({ home, remove } = await makeHome());
    server = await startTestServer();
    url = await server.fresh();
    store = await openTestStore(url);
    vi.stubEnv('FOURSIGHT_HOME', home);
    vi.stubEnv('DATABASE_URL', url);
    workspaceId = await workspaceOf(store);
    const rated = { votes: 31, up: 20, down: 11, answers: 25, people: 8, direct: 0, unusable: 0 };
    await makeCandidate(store.db, workspaceId, {
      gate: gateReport(false),
      report: { rated: { ...rated, meanReward: 0.6, rewardDeviation: 0.3, noUpdate: null }, rewardBefore: 0.25 },
    });
    await makeCandidate(store.db, workspaceId, {
      weights: contrary({ kind: 'lora', settings: lora, bytes: weightsToBytes(loraWeights) }),
    });
  }, 180_000);
  afterAll(async () => {
    vi.unstubAllEnvs();
    await store.close();
    await server.close();
    await remove();
  });

  it('promotes, shows and rolls back; ask answers with the live version, eval measures the one it is told', async () => {
    const refused = await run('policy', 'promote', '1');
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/gate refused[\s\S]*--force/) });
    const promoted = await json('policy', 'promote', '1', '--force', '--reason', 'a test');
    expect(promoted).toEqual({ version: 1, previous: 0, reason: 'forced: a test' });
    const shown = await run('policy', 'show', '1');
    expect(shown.stdout).toMatch(/status +live[\s\S]*gate +refused; dates: at least −8.1 points/);
    expect(shown.stdout).toMatch(/dates +20 +80.0 % +version 0 +75.0 % +\+5.0 +−1.0[\s\S]*forced: a test/);
    const env = { FOURSIGHT_HOME: home, DATABASE_URL: url };
    const live = JSON.parse((await foursight(['ask', 'What is 6 * 7?', '--json'], env)).stdout);
    const measured = await json('eval', 'symbols', '--policy', '1', '--limit', '10');
    expect(await json('policy', 'export', join(home, 'live'))).toMatchObject({ version: 1 });
    expect(live).toMatchObject({ policyVersion: 1, answer: expect.not.stringContaining('42') });
    const { rows } = await store.db.execute(sql`select is_direct from questions`);
    expect(rows).toEqual([{ is_direct: false }]);
    expect(measured).toMatchObject({ policyVersion: 1, accuracy: 0, total: 10 });
    expect(await json('policy', 'rollback')).toEqual({ version: 0, previous: 1, reason: 'rolled back from 1' });
  });

  it('exports all weights as a model folder, the base as its folder, LoRA weights as PEFT has them', async () => {
    const [full, base, peft] = ['full', 'base', 'peft'].map((name) => join(home, name)) as [string, string, string];
    await mkdir(full);
    const exported = await json('policy', 'export', full, '--policy', '1');
    expect(exported).toEqual({ version: 1, dir: full, kind: 'full' });
    expect(weightsOf(await openModel(full))).toEqual(contraryWeights);
    const card = await readFile(join(full, 'README.md'), 'utf8');
    expect(card).toMatch(/^---\nbase_model: "qwen2-1.0M"\n/);
    expect(card).toMatch(/generated questions of the kind `gameof24`[\s\S]*31 votes \(20 up, 11 down\) of 8 people/);
    expect(card).toContain('| dates | 20 | 80.0 % | version 0 | 75.0 % | +5.0 | −1.0 |');

    expect(await exportPolicy(base, 0)).toMatchObject({ version: 0, kind: 'base' });
    expect(weightsOf(await openModel(base))).toEqual(weightsOf(starter));
    expect(await readdir(base)).toContain('README.md');

    await exportPolicy(peft, 2);
    const { tensors, ...settings } = await loadAdapter(peft, starter.config);
    expect(settings).toEqual({ rank: 4, alpha: 8, scale: 2, modules: ['q_proj', 'down_proj'] });
    expect(tensors).toEqual(loraWeights);
    expect(await readFile(join(peft, 'README.md'), 'utf8')).toContain('library_name: peft');

    await writeFile(join(home, 'file'), '');
    for (const taken of [full, join(home, 'file')])
      await expect(exportPolicy(taken)).rejects.toMatchObject({ remedy: 'Name a new or empty folder.' });
  });

  it('leaves the setting of direct messages to their authors', async () => {
    const on = await run('training', 'on', '--user', 'Bob');
    expect(on).toMatchObject({ code: 0, stdout: expect.stringContaining('of Bob may be trained on') });
    expect(await json('training', '--user', 'Bob')).toEqual({ user: 'Bob', trainsOnDirect: true });
    expect(await json('training', 'off', '--user', 'Bob')).toEqual({ user: 'Bob', trainsOnDirect: false });
  });
});
