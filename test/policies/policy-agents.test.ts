import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Agents } from '../../gpu-worker/flow/agents.ts';
import { evaluate } from '../../gpu-worker/jobs/evaluate.ts';
import { PolicyAgents } from '../../gpu-worker/jobs/policy-agents.ts';
import { weightsToBytes } from '../../gpu-worker/jobs/policy-weights.ts';
import { openPlanner, type Planner } from '../../gpu-worker/jobs/starter-planner.ts';
import { tools } from '../../gpu-worker/tools/registry.ts';
import { loraStart } from '../../gpu-worker/train/lora-start.ts';
import { openTestStore, quiet, startTestServer, type TestServer, type TestStore } from '../db/test-store.ts';
import { starterFolder } from '../practice/starter.ts';
import { contrary, makeCandidate, starter, workspaceOf } from './candidates.ts';

let server: TestServer;
let store: TestStore;
let planner: Planner;
let workspaceId: string;
let folder: string;
/** What the engine was told. */
let calls: string[];

beforeAll(async () => {
  server = await startTestServer();
  store = await openTestStore(await server.fresh());
  workspaceId = await workspaceOf(store);
  for (let i = 0; i < 3; i += 1) await makeCandidate(store.db, workspaceId);
  const opened = await openPlanner(
    { model: starterFolder, home: tmpdir(), worker: { concurrency: 4, threads: 1 } },
    quiet,
  );
  const { engine } = opened;
  const told = (what: string, name: string) => calls.push(`${what} ${name.split('/')[1]}`);
  planner = {
    ...opened,
    engine: {
      ...engine,
      load: (name, weights) => {
        told('load', name);
        return engine.load(name, weights);
      },
      unload: (name) => {
        told('unload', name);
        return engine.unload(name);
      },
    },
  };
}, 180_000);
afterAll(async () => {
  await planner.close();
  await store.close();
  await server.close();
});
beforeEach(async () => {
  calls = [];
  folder = await mkdtemp(join(tmpdir(), 'foursight-policies-'));
  return () => rm(folder, { recursive: true, force: true });
});

const open = (mostLoaded = 4) =>
  new PolicyAgents({ db: store.db, planner, folder: join(folder, 'policies'), temperature: 0, mostLoaded, log: quiet });
const held = (policyVersion: number) => ({ workspaceId, policyVersion });
const never = () => new AbortController().signal;
const cached = (version: number) => join(folder, 'policies', `${workspaceId}-${version}.safetensors`);

async function answerOf(agents: Agents): Promise<string> {
  let said = '';
  await evaluate([{ notes: [], questions: ['What is 6 * 7?'], isRight: () => true }], {
    ...{ agents, tools, maxTurns: 2, zone: 'UTC', concurrency: 1, seed: 1 },
    onDone: (_, { answer }) => {
      said = answer;
    },
  });
  return said;
}

describe('the agents of a policy version', () => {
  it('are loaded once for all the questions that come first together, and answer by its weights', async () => {
    const agents = open();
    const all = await Promise.all(Array.from({ length: 8 }, () => agents.agentsFor(held(1), never())));
    expect(new Set(all).size).toBe(1);
    expect(await answerOf(await agents.agentsFor(held(0), never()))).toContain('42');
    expect(await answerOf(await agents.agentsFor(held(1), never()))).not.toContain('42');
    expect(calls).toEqual(['load 1']);
  });

  it('of LoRA weights are loaded beside them', async () => {
    const modules = ['q_proj', 'v_proj'] as const;
    const { version } = await makeCandidate(store.db, workspaceId, {
      weights: contrary({
        kind: 'lora',
        settings: { rank: 4, alpha: 8, scale: 2, modules },
        bytes: weightsToBytes(loraStart(starter.config, 4, 1, modules)),
      }),
    });
    // B is zero at the start of LoRA: the base answers.
    expect(await answerOf(await open().agentsFor(held(version), never()))).toContain('42');
  });

  it('make room by the version used longest ago, never by one in use', async () => {
    const agents = open(1);
    const [first, second] = [new AbortController(), new AbortController()];
    const inUse = await agents.agentsFor(held(1), first.signal);
    await agents.agentsFor(held(2), second.signal);
    expect(calls).toEqual(['load 1', 'load 2']);
    second.abort();
    expect(calls).toEqual(['load 1', 'load 2', 'unload 2']);
    expect(await answerOf(inUse)).not.toContain('42');
    first.abort();
    const third = new AbortController();
    await agents.agentsFor(held(3), third.signal);
    expect(calls.slice(3)).toEqual(['unload 1', 'load 3']);
    third.abort();
    await agents.agentsFor(held(1), never());
    expect(calls.slice(5)).toEqual(['unload 3', 'load 1']);
  });

  it('are refused for another base model, an unknown version, and another workspace', async () => {
    const { version } = await makeCandidate(store.db, workspaceId, {
      weights: contrary({ baseModel: 'Other/Model@0123456789abcdef' }),
    });
    const agents = open();
    await expect(agents.agentsFor(held(version), never())).rejects.toMatchObject({
      code: 'POLICY_OF_OTHER_MODEL',
      message: expect.stringContaining(`version ${version} belongs to the model Other/Model@0123456789abcdef`),
      remedy: expect.stringContaining('FOURSIGHT_MODEL'),
    });
    const elsewhere = '00000000-0000-4000-8000-000000000000';
    for (const pinned of [held(99), { workspaceId: elsewhere, policyVersion: 1 }])
      await expect(agents.agentsFor(pinned, never())).rejects.toMatchObject({ code: 'POLICY_UNKNOWN' });
    expect(calls).toEqual([]);
  });
});

describe('the cache of policies', () => {
  it('is written for the owner alone, and read instead of Postgres', async () => {
    await open().agentsFor(held(1), never());
    expect((await stat(cached(1))).mode & 0o777).toBe(0o600);
    expect(await readdir(join(folder, 'policies'))).toHaveLength(1);
    const { db } = store;
    let readsOfBytes = 0;
    const counting = {
      execute: ((query) => {
        if (JSON.stringify(query.queryChunks).includes('select chunk, bytes')) readsOfBytes += 1;
        return db.execute(query);
      }) satisfies typeof db.execute as typeof db.execute,
    };
    const setting = { planner, folder: join(folder, 'policies'), temperature: 0, log: quiet };
    await new PolicyAgents({ ...setting, db: counting }).agentsFor(held(1), never());
    expect(readsOfBytes).toBe(0);
    await new PolicyAgents({ ...setting, db: counting }).agentsFor(held(2), never());
    expect(readsOfBytes).toBe(1);
  });

  it.each([
    ['damaged', (bytes: Buffer) => Buffer.from(bytes).fill(1, 5_000, 5_001)],
    ['cut short', (bytes: Buffer) => bytes.subarray(0, -1)],
    ['empty', () => Buffer.alloc(0)],
  ])('is replaced where its file is %s', async (_, damage) => {
    await open().agentsFor(held(1), never());
    const whole = await readFile(cached(1));
    await writeFile(cached(1), damage(whole));
    expect(await answerOf(await open().agentsFor(held(1), never()))).not.toContain('42');
    expect((await readFile(cached(1))).equals(whole)).toBe(true);
  });

  it('is done without where it cannot be written', async () => {
    await writeFile(join(folder, 'policies'), 'a file in its place');
    expect(await answerOf(await open().agentsFor(held(1), never()))).not.toContain('42');
  });

  it('does not hide that Postgres has lost weights; the next question tries again', async () => {
    const { version } = await makeCandidate(store.db, workspaceId);
    const agents = open();
    const ofVersion = sql`workspace_id = ${workspaceId} and version = ${version} and chunk = 0`;
    const damage = sql`update policy_weights set bytes = set_byte(bytes, 9000, 255 - get_byte(bytes, 9000)) where ${ofVersion}`;
    await store.db.execute(damage);
    await expect(agents.agentsFor(held(version), never())).rejects.toMatchObject({ code: 'STORED_WEIGHTS_DAMAGED' });
    await store.db.execute(damage);
    expect(await answerOf(await agents.agentsFor(held(version), never()))).not.toContain('42');
  });
});
