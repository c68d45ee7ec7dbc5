import { mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadAdapter, saveAdapter } from '../../gpu-worker/models/adapter.ts';
import { parseModelConfig } from '../../gpu-worker/models/config.ts';
import { weightShapes } from '../../gpu-worker/models/decoder-weights.ts';
import { openModel, saveModel } from '../../gpu-worker/models/model.ts';
import { copyOf, goldenFolder, goldenModels, temporaryFolder } from './golden-folder.ts';

const folderOf = (model: string) => goldenFolder(`models/${model}`);

describe('a model configuration', () => {
  it('is read in both styles', async () => {
    const { config } = await openModel(folderOf('qwen2-tied'));
    expect(config).toMatchObject({ headDim: 16, ropeTheta: 10_000, tieWordEmbeddings: true, attentionBias: true });
    expect(config.stopIds).toEqual([597, 595]);
    const { config: qwen3 } = await openModel(folderOf('qwen3'));
    expect(qwen3).toMatchObject({
      headDim: 32,
      ropeTheta: 1_000_000,
      qkNorm: true,
      dtype: 'bfloat16',
      ropeScaling: null,
    });
    const { config: llama } = await openModel(folderOf('llama3'));
    expect(llama.ropeScaling).toEqual({
      type: 'llama3',
      factor: 8,
      lowFreqFactor: 1,
      highFreqFactor: 4,
      originalMaxPositions: 64,
    });
  });

  const base = {
    model_type: 'qwen2',
    hidden_size: 64,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    intermediate_size: 96,
    vocab_size: 300,
    max_position_embeddings: 512,
    eos_token_id: 7,
  };

  it('takes its stop tokens from the generation configuration first', () => {
    expect(parseModelConfig(base, undefined).stopIds).toEqual([7]);
    expect(parseModelConfig(base, { eos_token_id: [3, 4] }).stopIds).toEqual([3, 4]);
    expect(parseModelConfig({ ...base, eos_token_id: undefined }, {}).stopIds).toEqual([]);
  });

  it('ignores the window of a Qwen that does not use it', () => {
    expect(parseModelConfig({ ...base, use_sliding_window: false, sliding_window: 16 }, undefined).layers).toBe(2);
  });

  it.each([
    ['another architecture', { model_type: 'mamba' }, /"mamba" is not one of/],
    ['a missing size', { hidden_size: undefined }, /hidden_size/],
    ['a size of the wrong type', { vocab_size: '300' }, /vocab_size/],
    ['absurdly many layers', { num_hidden_layers: 1e9 }, /num_hidden_layers/],
    ['heads that do not divide', { num_key_value_heads: 3 }, /cannot share/],
    ['an odd head', { num_attention_heads: 5, num_key_value_heads: 5 }, /rotated in pairs/],
    ['a used window', { use_sliding_window: true, sliding_window: 16 }, /sliding window/],
    ['windowed layers', { layer_types: ['full_attention', 'sliding_attention'] }, /sliding_attention/],
    ['unknown rotary scaling', { rope_scaling: { type: 'yarn', factor: 4 } }, /"yarn"/],
    ['incomplete rotary scaling', { rope_scaling: { rope_type: 'llama3', factor: 4 } }, /without low_freq_factor/],
    ['another activation', { hidden_act: 'gelu' }, /gelu/],
    ['quantised weights', { quantization_config: { bits: 4 } }, /quantised/],
    ['an unknown type', { torch_dtype: 'int8' }, /int8/],
    ['a stop token outside', { eos_token_id: 300 }, /outside the vocabulary/],
  ])('with %s is refused', (_, change, message) => {
    expect(() => parseModelConfig({ ...base, ...change }, undefined)).toThrow(message);
  });
});

describe('a model folder', () => {
  it.each(goldenModels)('of %s opens with every weight in its shape', async (name) => {
    const model = await openModel(folderOf(name));
    for (const [weight, shape] of weightShapes(model.config)) {
      const values = model.readTensor(weight);
      expect(values.length).toBe(shape.reduce((a, b) => a * b, 1));
      expect(values.every(Number.isFinite)).toBe(true);
    }
  });

  it('is saved and opened again, with its values rounded to the type', async () => {
    const model = await openModel(folderOf('qwen2-tied'));
    const tensors = new Map(
      [...weightShapes(model.config)].map(([name, dims]) => [name, { dims, data: model.readTensor(name) }]),
    );
    const exact = await temporaryFolder();
    await saveModel(exact, tensors, 'float32', { copyFrom: model.dir });
    const again = await openModel(exact);
    expect(again.config).toEqual(model.config);
    expect(again.chatTemplate?.render([{ role: 'user', content: 'x' }])).toBe(
      model.chatTemplate?.render([{ role: 'user', content: 'x' }]),
    );
    for (const [name, { data }] of tensors) expect(again.readTensor(name)).toEqual(data);

    const rounded = await temporaryFolder();
    const files = { 'tokenizer.json': await readFile(join(model.dir, 'tokenizer.json'), 'utf8') };
    await saveModel(rounded, tensors, 'bfloat16', { config: model.config, files });
    const small = await openModel(rounded);
    expect(small.config).toEqual({ ...model.config, dtype: 'bfloat16' });
    for (const [name, { data }] of tensors) {
      const values = small.readTensor(name);
      for (const [i, value] of data.entries())
        if (Math.abs((values[i] ?? 0) - value) > Math.abs(value) / 256) expect.fail(`${name}[${i}]`);
    }
  });

  it('is not hidden by the shards that it replaces', async () => {
    const folder = await copyOf('qwen3');
    const model = await openModel(folder);
    const tensors = new Map(
      [...weightShapes(model.config)].map(([name, dims]) => [name, { dims, data: model.readTensor(name).fill(0.5) }]),
    );
    await saveModel(folder, tensors, 'bfloat16', { copyFrom: folder });
    expect((await openModel(folder)).readTensor('model.norm.weight')[0]).toBe(0.5);
  });

  it('keeps rotary scaling and shapes of heads when it is saved from a configuration', async () => {
    for (const name of ['qwen3', 'llama3']) {
      const model = await openModel(folderOf(name));
      const tensors = new Map(
        [...weightShapes(model.config)].map(([weight, dims]) => [weight, { dims, data: model.readTensor(weight) }]),
      );
      const folder = await temporaryFolder();
      const files = { 'tokenizer.json': await readFile(join(model.dir, 'tokenizer.json'), 'utf8') };
      await saveModel(folder, tensors, model.config.dtype, { config: model.config, files });
      expect((await openModel(folder)).config).toEqual(model.config);
    }
  });

  it.each([
    ['config.json', /no config\.json/, /foursight model pull/],
    ['tokenizer.json', /tokenizer\.json: there is no such file/, /foursight model pull/],
    ['model.safetensors', /model\.safetensors: there is no such file/, /foursight model pull/],
  ])('without %s says so', async (file, message, remedy) => {
    const folder = await copyOf('qwen2-tied');
    await rm(join(folder, file));
    const error = await openModel(folder).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ message: expect.stringMatching(message), remedy: expect.stringMatching(remedy) });
  });

  it('whose weights were cut off says so', async () => {
    const folder = await copyOf('qwen2-tied');
    await truncate(join(folder, 'model.safetensors'), 300_000);
    await expect(openModel(folder)).rejects.toThrow(/model\.safetensors: truncated/);
  });

  it('whose chat template cannot be read says so, instead of having none', async () => {
    const folder = await copyOf('qwen3');
    await mkdir(join(folder, 'chat_template.jinja'));
    await expect(openModel(folder)).rejects.toMatchObject({ code: 'MODEL_FILE_UNREADABLE' });
  });

  it('whose files belong to different models says so', async () => {
    const folder = await copyOf('qwen2-tied');
    const config = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'));
    const change = (fields: object) => writeFile(join(folder, 'config.json'), JSON.stringify({ ...config, ...fields }));
    await change({ intermediate_size: 161 });
    await expect(openModel(folder)).rejects.toThrow(/gate_proj\.weight is \[160,64\], but .* \[161,64\]/);
    await change({ num_hidden_layers: 4 });
    await expect(openModel(folder)).rejects.toThrow(/layers\.3\..* is missing/);
    await change({ vocab_size: 599 });
    await expect(openModel(folder)).rejects.toThrow(/600 tokens/);
  });
});

describe('LoRA weights', () => {
  it('are saved and loaded again', async () => {
    const { config } = await openModel(folderOf('qwen2-tied'));
    const adapter = await loadAdapter(join(folderOf('qwen2-tied'), 'adapter'), config);
    expect(adapter).toMatchObject({ rank: 4, alpha: 8, scale: 2 });
    expect(adapter.modules).toHaveLength(7);
    const folder = await temporaryFolder();
    await saveAdapter(folder, adapter, 'qwen2-tied');
    expect(await loadAdapter(folder, config)).toEqual(adapter);
  });

  it('of some projections only are loaded as such', async () => {
    const { config } = await openModel(folderOf('qwen2-tied'));
    const adapter = await loadAdapter(join(folderOf('qwen2-tied'), 'adapter'), config);
    const tensors = new Map([...adapter.tensors].filter(([name]) => /[qv]_proj/.test(name)));
    const folder = await temporaryFolder();
    await saveAdapter(folder, { ...adapter, modules: ['q_proj', 'v_proj'], tensors }, 'qwen2-tied');
    expect((await loadAdapter(folder, config)).modules).toEqual(['q_proj', 'v_proj']);
  });

  it('of another model or another kind are refused', async () => {
    const { config } = await openModel(folderOf('llama3'));
    await expect(loadAdapter(join(folderOf('qwen2-tied'), 'adapter'), config)).rejects.toThrow(
      /but the model and r = 4/,
    );
    const folder = await copyOf('llama3');
    const file = join(folder, 'adapter', 'adapter_config.json');
    const json = JSON.parse(await readFile(file, 'utf8'));
    await writeFile(file, JSON.stringify({ ...json, use_dora: true }));
    await expect(loadAdapter(join(folder, 'adapter'), config)).rejects.toThrow(/use_dora/);
    await expect(loadAdapter(folder, config)).rejects.toThrow(/no adapter_config\.json/);
  });
});
