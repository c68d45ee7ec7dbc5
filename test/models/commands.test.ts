import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadAdapter } from '../../gpu-worker/models/adapter.ts';
import { openModel } from '../../gpu-worker/models/model.ts';
import { readSafetensorsHeader, readStoredTensor } from '../../gpu-worker/models/safetensors.ts';
import { jsonLines, runCommand } from './command-line.ts';
import { goldenFolder, goldenModels, goldenOf, temporaryFolder } from './golden-folder.ts';

const folderOf = (model: string) => goldenFolder(`models/${model}`);
const tolerance = 2e-4;

async function linesFile(records: readonly unknown[]): Promise<string> {
  const file = join(await temporaryFolder(), 'lines.jsonl');
  await writeFile(file, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  return file;
}

function goldenTensor(name: string): Float32Array {
  const file = join(folderOf('qwen2-tied'), 'golden.safetensors');
  const tensor = readSafetensorsHeader(file).get(name);
  if (tensor === undefined) throw new Error(`no golden ${name}`);
  return readStoredTensor(name, tensor);
}

/** log softmax(logits[t − 1] / T)[ids[t]] in float64. */
function logProbabilities(logits: Float32Array, ids: readonly number[], temperature: number): number[] {
  const vocab = logits.length / ids.length;
  return ids.slice(1).map((id, t) => {
    const row = Array.from(logits.subarray(t * vocab, (t + 1) * vocab), (value) => value / temperature);
    const most = Math.max(...row);
    return (row[id] ?? 0) - most - Math.log(row.reduce((sum, value) => sum + Math.exp(value - most), 0));
  });
}

function expectClose(actual: readonly number[], wanted: ArrayLike<number>, within: number): void {
  expect(actual.length).toBe(wanted.length);
  actual.forEach((value, i) => {
    if (!(Math.abs(value - (wanted[i] ?? Number.NaN)) <= within)) expect.fail(`[${i}]: ${value}, wanted ${wanted[i]}`);
  });
}

interface Scored {
  readonly ids: number[];
  readonly logprobs: number[];
}
interface Generated extends Scored {
  readonly promptTokens: number;
  readonly text: string;
  readonly finishReason: string;
}

describe('model score', () => {
  const { sequences } = goldenOf('qwen2-tied');

  it.each([1, 0.7])('gives the golden log-probabilities at temperature %s', async (temperature) => {
    const input = await linesFile(sequences.map((ids) => ({ ids })));
    const args = ['--model', folderOf('qwen2-tied'), '--input', input, '--temperature', String(temperature), '--json'];
    const lines = jsonLines<Scored>(await runCommand('model', 'score', ...args));
    expect(lines.map(({ ids }) => ids)).toEqual(sequences);
    lines.forEach(({ logprobs }, i) => {
      expectClose(logprobs, goldenTensor(`score/t${temperature.toFixed(1)}/${i}`), tolerance);
    });
  });

  it('scores with LoRA weights', async () => {
    const input = await linesFile(sequences.map((ids) => ({ ids })));
    const args = ['--model', folderOf('qwen2-tied'), '--lora', join(folderOf('qwen2-tied'), 'adapter')];
    const lines = jsonLines<Scored>(await runCommand('model', 'score', ...args, '--input', input, '--json'));
    lines.forEach(({ ids, logprobs }, i) => {
      expectClose(logprobs, logProbabilities(goldenTensor(`lora/${i}`), ids, 1), tolerance);
    });
  });

  it('tokenises texts', async () => {
    const model = folderOf('qwen2-tied');
    const args = ['--model', model, '--input', await linesFile([{ text: 'What is 2?' }]), '--json'];
    const [line] = jsonLines<Scored>(await runCommand('model', 'score', ...args));
    expect(line?.ids).toEqual((await openModel(model)).tokenizer.encode('What is 2?'));
    expect(line?.logprobs).toHaveLength((line?.ids.length ?? 0) - 1);
  });

  it('gives a single token no log-probability, and texts as long as the model takes all of theirs', async () => {
    const records = [{ ids: [5] }, { ids: Array.from({ length: 512 }, (_, i) => i) }];
    const args = ['--model', folderOf('qwen2-tied'), '--input', await linesFile(records), '--json'];
    const [single, long] = jsonLines<Scored>(await runCommand('model', 'score', ...args));
    expect(single).toEqual({ ids: [5], logprobs: [] });
    expect(long?.logprobs).toHaveLength(511);
  });

  it('names the line that is wrong, before it computes anything', async () => {
    const score = async (text: string) => {
      const file = join(await temporaryFolder(), 'lines.jsonl');
      await writeFile(file, text);
      return runCommand('model', 'score', '--model', folderOf('qwen2-tied'), '--input', file, '--json');
    };
    await expect(score('{"ids": [1, 2]}\n\n{"ids": [1.5]}\n')).rejects.toThrow(/line 3/);
    await expect(score('{"ids": [1, 2]\n')).rejects.toThrow(/line 1: not JSON/);
    await expect(score('\n')).rejects.toThrow(/no records/);
    await expect(score('{"ids": [1, 2]}\n{"ids": [1, 608]}\n')).rejects.toThrow(/record 2: token 608/);
    await expect(runCommand('model', 'score', '--input', '/nowhere/x', '--json')).rejects.toThrow(/cannot be read/);
  });
});

describe('model generate', () => {
  it.each(goldenModels)('continues chats greedily as the golden of %s', async (name) => {
    const golden = goldenOf(name).generate;
    const records = golden.flatMap(({ messages, prompt_ids }) => [{ messages }, { ids: prompt_ids }]);
    const args = ['--model', folderOf(name), '--input', await linesFile(records), '--max-tokens', '24', '--json'];
    const lines = jsonLines<Generated>(await runCommand('model', 'generate', ...args));
    expect(lines).toHaveLength(records.length);
    lines.forEach((line, i) => {
      const wanted = golden[i >> 1];
      expect(line).toMatchObject({ ids: wanted?.ids, text: wanted?.text, finishReason: wanted?.finish });
      expect(line.promptTokens).toBe(wanted?.prompt_ids.length);
      expect(line.logprobs).toHaveLength(line.ids.length);
    });
  });

  it('samples by the seed, whatever else is in the file, with the log-probabilities of the temperature', async () => {
    const prompts = goldenOf('qwen2-tied').generate.map(({ prompt_ids }) => ({ ids: prompt_ids }));
    const generate = async (records: readonly unknown[]) => {
      const fixed = ['--max-tokens', '12', '--temperature', '0.7', '--seed', '5', '--json'];
      const args = ['--model', folderOf('qwen2-tied'), '--input', await linesFile(records), ...fixed];
      return jsonLines<Generated>(await runCommand('model', 'generate', ...args));
    };
    const all = await generate(prompts);
    const [alone] = await generate(prompts.slice(0, 1));
    expect(alone?.ids).toEqual(all[0]?.ids);
    const whole = all.map(({ ids }, i) => ({ ids: [...(prompts[i]?.ids ?? []), ...ids] }));
    const scoreArgs = ['--model', folderOf('qwen2-tied'), '--input', await linesFile(whole), '--temperature', '0.7'];
    const scored = jsonLines<Scored>(await runCommand('model', 'score', ...scoreArgs, '--json'));
    all.forEach(({ ids, logprobs }, i) => {
      expectClose(logprobs, (scored[i]?.logprobs ?? []).slice(-ids.length), tolerance);
    });
  });

  it('says what to do when a chat or a prompt does not fit the model', async () => {
    const generate = async (record: unknown) => {
      const input = await linesFile([record]);
      return runCommand('model', 'generate', '--model', folderOf('llama3'), '--input', input, '--json');
    };
    await expect(generate({ ids: Array.from({ length: 600 }, () => 1) })).rejects.toThrow(/512|600/);
    await expect(generate({ messages: [{ content: 'no role' }] })).rejects.toThrow(/role/);
  });
});

describe('sft', () => {
  const settings = { trainable: 'lora', steps: 3, learningRate: 1e-3, weightDecay: 0.01, batchSize: 3 };

  async function train(model: string, data: readonly unknown[], config: object, ...more: string[]) {
    const out = await temporaryFolder();
    const configFile = await linesFile([config]);
    const args = ['--model', folderOf(model), '--data', await linesFile(data), '--out', out, '--config', configFile];
    const written = await runCommand('sft', ...args, '--json', ...more);
    const lines = jsonLines<{ step: number; loss: number; gradNorm: number; tokens: number; ms: number }>(written);
    return { out, lines };
  }

  it.each(goldenModels)('takes the golden steps of %s', async (name) => {
    const { batch, losses, grad_norms } = goldenOf(name).sft;
    const { out, lines } = await train(name, batch, settings, '--lora', join(folderOf(name), 'adapter'));
    expect(lines.map(({ step }) => step)).toEqual([1, 2, 3]);
    expectClose(
      lines.map(({ loss }) => loss),
      losses,
      1e-5,
    );
    lines.forEach(({ gradNorm, tokens }, i) => {
      expect(Math.abs(gradNorm / (grad_norms[i] ?? 0) - 1)).toBeLessThan(2e-5);
      expect(tokens).toBe(batch.reduce((sum, { ids }) => sum + ids.length, 0));
    });
    expect(jsonLines(await readFile(join(out, 'metrics.jsonl'), 'utf8'))).toEqual(lines);
    if (name !== 'qwen2-tied') return;
    const { config } = await openModel(folderOf(name));
    const saved = await loadAdapter(out, config);
    let [settled, elements] = [0, 0];
    for (const [tensor, { data }] of saved.tensors) {
      const wanted = goldenTensor(`sft/step3/${tensor}`);
      for (const [i, value] of data.entries()) {
        const difference = Math.abs(value - (wanted[i] ?? Number.NaN));
        if (!(difference <= 6.2e-3)) expect.fail(`${tensor}[${i}] differs by ${difference}`);
        elements += 1;
        if (difference <= 3e-6) settled += 1;
      }
    }
    expect(settled / elements).toBeGreaterThan(0.99);
  });

  it('trains all weights into a model folder that opens', async () => {
    const { batch } = goldenOf('qwen2-tied').sft;
    const { out, lines } = await train('qwen2-tied', batch, { ...settings, trainable: 'full', steps: 4 });
    expect(lines.at(-1)?.loss).toBeLessThan(lines[0]?.loss ?? 0);
    const [before, after] = [await openModel(folderOf('qwen2-tied')), await openModel(out)];
    expect(after.config).toEqual(before.config);
    expect(after.readTensor('model.norm.weight')).not.toEqual(before.readTensor('model.norm.weight'));
  });

  it('learns the assistant’s tokens of chats, and passes once over the data unless told otherwise', async () => {
    const chat = [
      { role: 'user', content: 'What is 2 + 2?' },
      { role: 'assistant', content: 'It is 4.' },
    ];
    const { lines } = await train('qwen2-tied', [{ messages: chat }, { messages: chat }, { messages: chat }], {
      batchSize: 2,
    });
    expect(lines).toHaveLength(2);
    const { tokenizer, chatTemplate } = await openModel(folderOf('qwen2-tied'));
    const prompt = tokenizer.encode(chatTemplate?.render(chat.slice(0, 1), { addGenerationPrompt: true }) ?? '');
    const answer = tokenizer.encode('It is 4.<|im_end|>');
    expect(lines[1]?.tokens).toBe(2 * (prompt.length + answer.length + tokenizer.encode('\n').length));
    const ids = [...prompt, ...answer];
    const mask = [...prompt.map(() => 0), ...answer.map(() => 1)];
    const byHand = await train('qwen2-tied', [{ ids, mask }], {});
    expect(byHand.lines[0]?.loss).toBeCloseTo(lines[0]?.loss ?? 0, 5);
  });

  it('refuses settings and data that it does not understand', async () => {
    const { batch } = goldenOf('qwen2-tied').sft;
    await expect(train('qwen2-tied', batch, { learning_rate: 1 })).rejects.toThrow(/learning_rate/);
    await expect(train('qwen2-tied', batch, { steps: 0 })).rejects.toThrow(/steps/);
    await expect(train('qwen2-tied', [{ ids: [1, 2], mask: [0] }], {})).rejects.toThrow(/line 1/);
    await expect(train('qwen2-tied', [{ ids: [1, 608], mask: [0, 1] }], {})).rejects.toThrow(/example 1: token 608/);
    await expect(train('qwen2-tied', [...batch, { ids: [1, 2], mask: [1, 0] }], {})).rejects.toThrow(
      /example 4: .*mask/,
    );
    const long = Array.from({ length: 513 }, () => 1);
    await expect(train('qwen2-tied', [{ ids: long, mask: long }], {})).rejects.toThrow(/513 tokens/);
    await expect(train('qwen2-tied', [{ messages: [{ role: 'user', content: 'x' }] }], {})).rejects.toThrow(
      /assistant/,
    );
    await expect(
      train('qwen2-tied', batch, { trainable: 'full' }, '--lora', join(folderOf('qwen2-tied'), 'adapter')),
    ).rejects.toThrow(/--lora/);
  });
});
