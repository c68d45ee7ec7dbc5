import { readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openModel } from '../../gpu-worker/models/model.ts';
import { jsonLines, runCommand } from './command-line.ts';
import { goldenFolder, temporaryFolder } from './golden-folder.ts';
import { commit, type HubServer, startHub } from './hub-server.ts';

const source = goldenFolder('models/qwen3');
const files = Object.fromEntries(
  readdirSync(source, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => [name, readFileSync(join(source, name))]),
);
const shard = 'model-00001-of-00002.safetensors';
const shardSize = files[shard]?.length ?? 0;

async function pull(hub: HubServer, dir: string, token?: string) {
  vi.stubEnv('HF_ENDPOINT', hub.endpoint);
  vi.stubEnv('HF_TOKEN', token ?? '');
  return jsonLines<{ dir: string; revision: string; files: number; bytes: number }>(
    await runCommand('model', 'pull', 'team/model', '--dir', dir, '--json'),
  )[0];
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('model pull', () => {
  it('downloads a model that opens, and fetches nothing twice', async () => {
    const extra = {
      'pytorch_model.bin': Buffer.from('x'),
      '../evil.json': Buffer.from('{}'),
      '.gitattributes': Buffer.from(''),
    };
    const hub = await startHub({ ...files, ...extra });
    const dir = join(await temporaryFolder(), 'deep', 'model');
    const bytes = Object.values(files).reduce((sum, { length }) => sum + length, 0);
    expect(await pull(hub, dir)).toEqual({ dir, revision: commit, files: Object.keys(files).length, bytes });
    expect((await readdir(dir)).sort()).toEqual(Object.keys(files).sort());
    for (const [name, body] of Object.entries(files)) expect((await readFile(join(dir, name))).equals(body)).toBe(true);
    expect((await openModel(dir)).config.modelType).toBe('qwen3');
    hub.requests.length = 0;
    await pull(hub, dir);
    expect(hub.requests.filter((request) => request.startsWith('GET') && !request.includes('/api/'))).toEqual([]);
  });

  it('goes on where a broken connection stopped', async () => {
    const hub = await startHub(files);
    const dir = await temporaryFolder();
    const transfersBefore = Object.keys(files).indexOf(shard);
    hub.breaks.push(...Array.from({ length: transfersBefore }, () => Number.POSITIVE_INFINITY));
    hub.breaks.push(1_000);
    await pull(hub, dir);
    const ranges = hub.requests.flatMap((request) => /\[bytes=(\d+)-\]/.exec(request)?.[1] ?? []).map(Number);
    expect(ranges.length).toBeGreaterThan(0);
    expect(Math.min(...ranges)).toBeGreaterThan(0);
    for (const [name, body] of Object.entries(files)) expect((await readFile(join(dir, name))).equals(body)).toBe(true);
  });

  it('refuses a file whose hash is wrong, keeps none of it, and mends it on the next run', async () => {
    const hub = await startHub(files);
    const dir = await temporaryFolder();
    const wrong = Buffer.from(files[shard] ?? '');
    wrong[shardSize - 1] = (wrong[shardSize - 1] ?? 0) ^ 1;
    hub.damaged.set(shard, wrong);
    await expect(pull(hub, dir)).rejects.toThrow(new RegExp(`${shard} arrived damaged`));
    expect((await readdir(dir)).filter((name) => name.includes(shard) || name === 'config.json')).toEqual([]);
    hub.damaged.clear();
    await pull(hub, dir);
    expect((await openModel(dir)).config.layers).toBe(2);
  });

  it('shows its token to the hub only', async () => {
    const hub = await startHub(files, 'hf_secret');
    const dir = await temporaryFolder();
    const error = await pull(hub, dir).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'HUB_REFUSED', remedy: expect.stringContaining('HF_TOKEN') });
    await pull(hub, dir, 'hf_secret');
    expect(hub.authorizations.store).toEqual(new Set(['none']));
  });

  it('says what is wrong with a name, a revision, a repository and a server', async () => {
    const hub = await startHub({ 'config.json': Buffer.from('{}') });
    const dir = await temporaryFolder();
    await expect(pull(hub, dir)).rejects.toThrow(/no \.safetensors/);
    await expect(runCommand('model', 'pull', 'no-slash')).rejects.toThrow(/no repository's name/);
    await expect(runCommand('model', 'pull', 'team/../model')).rejects.toThrow(/no repository's name/);
    await expect(runCommand('model', 'pull', 'team/model', '--revision', 'x')).rejects.toThrow(/404/);
    vi.stubEnv('HF_ENDPOINT', `${hub.endpoint}/elsewhere`);
    await expect(runCommand('model', 'pull', 'team/model')).rejects.toThrow(/404/);
  });

  it('puts a model where its name finds it', async () => {
    const hub = await startHub(files);
    const home = await temporaryFolder();
    vi.stubEnv('FOURSIGHT_HOME', home);
    vi.stubEnv('HF_ENDPOINT', hub.endpoint);
    vi.stubEnv('HF_TOKEN', '');
    const input = join(home, 'input.jsonl');
    await writeFile(input, '{"ids": [1, 2, 3]}\n');
    const generate = ['model', 'generate', '--model', 'team/model', '--input', input, '--max-tokens', '2'];
    const remedy = expect.stringContaining('model pull team/model');
    await expect(runCommand(...generate)).rejects.toMatchObject({ remedy });
    await runCommand('model', 'pull', 'team/model');
    expect(await readdir(join(home, 'models'))).toEqual(['team--model']);
    expect(await runCommand(...generate)).not.toBe('');
  });
});
