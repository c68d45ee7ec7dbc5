import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadAdapter } from '../../gpu-worker/models/adapter.ts';
import { openModel } from '../../gpu-worker/models/model.ts';
import { goldenFolder, goldenOf } from '../models/golden-folder.ts';
import { Foursight } from './foursight-process.ts';

const STEPS = 1_000_000;
const model = goldenFolder('models/qwen2-tied');
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'foursight-training-'));
  await writeFile(join(folder, 'config.json'), JSON.stringify({ steps: STEPS, trainable: 'lora', learningRate: 1e-3 }));
  const { batch } = goldenOf('qwen2-tied').sft;
  await writeFile(join(folder, 'examples.jsonl'), batch.map((line) => `${JSON.stringify(line)}\n`).join(''));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a training command that is stopped', { timeout: 180_000 }, () => {
  it.each([
    ['sft', 'SIGTERM', () => ['--data', join(folder, 'examples.jsonl')]],
    ['train', 'SIGINT', () => ['--trajectories', join(model, 'trajectories.jsonl')]],
  ] as const)('writes what it has learnt: %s on %s', async (command, signal, input) => {
    const out = join(folder, command);
    const args = [command, '--model', model, ...input(), '--out', out, '--config', join(folder, 'config.json')];
    const training = new Foursight(args, { FOURSIGHT_HOME: folder });
    await training.line(/^step 2\//);
    training.child.kill(signal);
    const { code, stdout, stderr } = await training.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const steps = (await readFile(join(out, 'metrics.jsonl'), 'utf8')).trim().split('\n').length;
    expect(stdout).toContain(`Stopped after ${steps} of ${STEPS} steps.`);
    const { tensors } = await loadAdapter(out, (await openModel(model)).config);
    const learnt = [...tensors].filter(([name]) => name.includes('lora_B'));
    expect(learnt.length).toBeGreaterThan(0);
    // LoRA's B begins at zero.
    for (const [name, { data }] of learnt)
      expect(
        data.some((value) => value !== 0),
        name,
      ).toBe(true);
  });
});
