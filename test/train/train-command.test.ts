import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { loadAdapter } from '../../gpu-worker/models/adapter.ts';
import { openModel } from '../../gpu-worker/models/model.ts';
import { jsonLines, runCommand } from '../models/command-line.ts';
import { goldenFolder, goldenOf, temporaryFolder } from '../models/golden-folder.ts';
import { compareWeights, readTensors } from './qwen2-golden.ts';

const model = goldenFolder('models/qwen2-tied');
const trajectories = join(model, 'trajectories.jsonl');
const lora = ['--lora', join(model, 'adapter')];

interface Line {
  readonly step: number;
  readonly loss: number;
  readonly kl: number;
  readonly clipFraction: number;
  readonly gradNorm: number;
  readonly droppedGroups: number;
  readonly tokens: number;
  readonly ms: number;
}

async function fileOf(...lines: readonly unknown[]): Promise<string> {
  const file = join(await temporaryFolder(), 'lines.jsonl');
  await writeFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return file;
}

/** Runs `train` on the model; warnings are collected. */
async function train(file: string, config: object | null, ...more: string[]) {
  const out = await temporaryFolder();
  const configuration = config === null ? [] : ['--config', await fileOf(config)];
  let warnings = '';
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    warnings += chunk;
    return true;
  });
  try {
    const args = ['--model', model, '--trajectories', file, '--out', out, ...configuration, '--json', ...more];
    return { out, lines: jsonLines<Line>(await runCommand('train', ...args)), warnings };
  } finally {
    stderr.mockRestore();
  }
}

const turn = { prompt_ids: [1, 2, 3], action_ids: [4, 5], old_logprobs: [-6, -6] };
const trajectory = (group: string, name: string, reward: number, turns: readonly object[] = [turn]) => ({
  group,
  trajectory: name,
  reward,
  turns,
});

describe('train', () => {
  const settings = { learningRate: 1e-3, temperature: 0.7, beta: 0.1, epsilonLow: 0.2, epsilonHigh: 0.3 };
  const golden = goldenOf('qwen2-tied').flow_grpo.find(({ name }) => name === 't0.7');

  it('takes the golden step and writes a PEFT folder', async () => {
    const { out, lines, warnings } = await train(join(model, 'trajectories.t0.7.jsonl'), settings, ...lora);
    expect(lines).toHaveLength(1);
    const line = lines[0] as Line;
    expect(line).toMatchObject({ step: 1, droppedGroups: 1, tokens: golden?.metrics.tokens });
    expect(line.ms).toBeGreaterThan(0);
    expect(Math.abs(line.loss - (golden?.loss ?? Number.NaN))).toBeLessThan(1e-5);
    expect(Math.abs(line.kl - (golden?.metrics.mean_k3 ?? Number.NaN))).toBeLessThan(1e-5);
    expect(line.clipFraction).toBeCloseTo(golden?.metrics.clip_fraction ?? Number.NaN, 8);
    expect(Math.abs(line.gradNorm / (golden?.grad_norm ?? 0) - 1)).toBeLessThan(2e-5);
    expect(jsonLines(await readFile(join(out, 'metrics.jsonl'), 'utf8'))).toEqual(lines);
    expect(warnings).toBe('');
    const { tensors } = await loadAdapter(out, (await openModel(model)).config);
    compareWeights('flow_grpo/t0.7/step1/', tensors, readTensors('golden.safetensors'), new Map(), 0, 2.1e-3);
  });

  it('takes the paper’s settings without --config: all weights, one pass, temperature 0.5', async () => {
    const bf16 = goldenFolder('models/qwen3');
    const { out, lines } = await train(trajectories, null, '--model', bf16);
    expect(lines).toHaveLength(1);
    expect(lines[0]?.kl).toBe(0);
    const [before, after] = [await openModel(bf16), await openModel(out)];
    expect(after.config).toEqual({ ...before.config, dtype: 'float32' });
    const name = 'model.layers.0.mlp.up_proj.weight';
    const [a, b] = [before.readTensor(name), after.readTensor(name)];
    // AdamW's first step is the learning rate, 1e-6.
    const largest = a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Number.NaN))), 0);
    expect(largest).toBeGreaterThan(5e-7);
    expect(largest).toBeLessThan(1.1e-6);
  });

  it('cycles over the groups, a batch of them at each step, and depends on nothing but its inputs', async () => {
    const config = { ...settings, steps: 4, batchSize: 1, loraRank: 2, seed: 3, entropyBonus: 0.01, dualClip: 3 };
    const [a, b] = [await train(trajectories, config), await train(trajectories, config)];
    expect(a.lines.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
    // One of the three groups has no variance.
    expect(a.lines.filter(({ droppedGroups }) => droppedGroups === 1).length).toBeGreaterThan(0);
    for (const line of a.lines.filter(({ droppedGroups }) => droppedGroups === 1))
      expect(line).toMatchObject({ loss: 0, gradNorm: 0, tokens: 0 });
    const withoutTime = (lines: readonly Line[]) => lines.map(({ ms, ...line }) => line);
    expect(withoutTime(a.lines)).toEqual(withoutTime(b.lines));
    const file = 'adapter_model.safetensors';
    expect(await readFile(join(a.out, file))).toEqual(await readFile(join(b.out, file)));
  });

  it('says so when there is nothing to learn', async () => {
    const equal = await fileOf(trajectory('a', '1', 1), trajectory('a', '2', 1), trajectory('b', '1', 0));
    const { out, lines, warnings } = await train(equal, settings, ...lora);
    expect(lines).toMatchObject([{ step: 1, loss: 0, kl: 0, gradNorm: 0, droppedGroups: 2, tokens: 0 }]);
    expect(warnings).toMatch(/weights are unchanged/);
    const saved = await loadAdapter(out, (await openModel(model)).config);
    expect(saved.tensors).toEqual((await loadAdapter(join(model, 'adapter'), (await openModel(model)).config)).tensors);
  });

  it('doubts log-probabilities that no policy near this one can have given', async () => {
    const unlikely = [{ ...turn, old_logprobs: [-14, -14] }];
    const file = await fileOf(trajectory('a', '1', 1, unlikely), trajectory('a', '2', 0, unlikely));
    const { warnings } = await train(file, settings, ...lora);
    expect(warnings).toMatch(/mean ratio .* temperature 0\.7/);
  });

  it('names the line, the trajectory or the field that is wrong, and what to do', async () => {
    const lines = async (...records: readonly unknown[]) => train(await fileOf(...records), {});
    const good = trajectory('a', '1', 1);
    await expect(lines(good, { ...good, reward: 'x' })).rejects.toThrow(/line 2: reward/);
    await expect(lines(trajectory('a', '1', 1, []))).rejects.toThrow(/line 1: turns: at least one turn/);
    await expect(lines(trajectory('a', '1', 1, [{ ...turn, old_logprobs: [-1] }]))).rejects.toThrow(/differ in length/);
    await expect(lines(trajectory('a', '1', 1, [{ ...turn, old_logprobs: [-1, 2] }]))).rejects.toThrow(
      /turns\.0\.old_logprobs\.1: a log-probability/,
    );
    await expect(lines(trajectory('a', '1', 1, [{ ...turn, action_ids: [] }]))).rejects.toThrow(/at least one token/);
    await expect(lines(good, good)).rejects.toThrow(/trajectory 1 of group a appears twice/);
    await expect(lines(trajectory('a', '1', 1, [turn, { ...turn, prompt_ids: [608] }]))).rejects.toThrow(
      /trajectory 1 of group a, turn 2: token 608/,
    );
    const long = { ...turn, prompt_ids: Array.from({ length: 511 }, () => 1) };
    await expect(lines(trajectory('a', '1', 1, [long]))).rejects.toThrow(/513 tokens; the model takes 512/);
    const truncated = join(await temporaryFolder(), 'cut.jsonl');
    await writeFile(truncated, JSON.stringify(good).slice(0, -5));
    await expect(train(truncated, {})).rejects.toMatchObject({ message: /line 1: not JSON/, remedy: /"old_logprobs"/ });
    await expect(train(trajectories, { clip: 0.2 })).rejects.toThrow(/clip/);
    await expect(train(trajectories, { temperature: 0 })).rejects.toThrow(/temperature/);
    await expect(train(trajectories, { trainable: 'full' }, ...lora)).rejects.toThrow(/--lora/);
  });
});
