import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PromptWriter } from '../../gpu-worker/flow/starter/prompt.ts';
import { actionWords, marks, specialTokens } from '../../gpu-worker/flow/starter/vocabulary.ts';
import { openModel } from '../../gpu-worker/models/model.ts';
import { isBenchmarkPuzzle, isHeldPuzzle } from '../../gpu-worker/tasks/tasks.ts';
import { drawTasks } from '../../starter/recipe/data.ts';
import { defaultRecipe, makeStarter } from '../../starter/recipe/make-starter.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'starter-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const tiny = {
  ...defaultRecipe,
  steps: 14,
  hiddenSize: 64,
  layers: 2,
  batchTokens: 1_024,
  tokenizerTasks: 300,
  chunk: 160,
};

describe('starter:make', () => {
  it('makes a model folder whose loss falls, and the same one from the same seed', async () => {
    const losses: number[] = [];
    await makeStarter({
      ...tiny,
      out: join(dir, 'a'),
      onProgress: ({ loss }) => loss !== undefined && losses.push(loss),
    });
    expect(losses.length).toBe(tiny.steps);
    expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) - 0.3);
    const model = await openModel(join(dir, 'a'));
    expect(model.config.modelType).toBe('qwen2');
    expect(model.config.stopIds).toHaveLength(2);

    const again: number[] = [];
    await makeStarter({
      ...tiny,
      steps: 3,
      out: join(dir, 'b'),
      onProgress: ({ loss }) => loss !== undefined && again.push(loss),
    });
    // The schedule differs by its length, so only the first loss, before any update, is the same.
    expect(again[0]).toBeCloseTo(losses[0] ?? 0, 4);
  }, 60_000);

  it('has one token for every number of the game, tool, slot and word of an action', async () => {
    const { tokenizer } = await openModel(join(dir, 'a'));
    const writer = new PromptWriter(tokenizer);
    for (const token of specialTokens) expect(tokenizer.idOf(token)).toBeDefined();
    for (let n = 0; n < 200; n++) expect(writer.words(String(n))).toHaveLength(1);
    const unknown = writer.id(marks.word);
    for (const word of actionWords) expect(writer.words(word)).not.toContain(unknown);
  });

  it('reads back what it writes', async () => {
    const writer = new PromptWriter((await openModel(join(dir, 'a'))).tokenizer);
    for (const text of [
      'combine: 13 - 1',
      'combine: 13/3 - -4',
      'combine: 213 * 4/251',
      'combine: -2/3 / 7',
      'calculator: ( <|1|> + <|2|> ) * 12 - prev ^ 2',
      'convert: <|1|> <|2|> to <|3|>',
      'dates: weeks until <|1|>',
      'help',
    ])
      expect(writer.read(writer.action(text, 'final'))).toBe(text);
  });
});

describe('the training data', () => {
  it('holds neither a puzzle of the benchmark nor one whose sum is a multiple of nine', () => {
    let puzzles = 0;
    for (const task of drawTasks(11)) {
      for (const { expected } of task.questions) {
        if (expected.type !== 'game' || expected.numbers.length !== 4) continue;
        puzzles++;
        expect(isBenchmarkPuzzle(expected.numbers)).toBe(false);
        expect(isHeldPuzzle(expected.numbers)).toBe(false);
      }
      if (puzzles >= 60) break;
    }
  });

  it('counts the time until a date in days and in weeks alike', () => {
    const counts = { days: 0, weeks: 0 };
    let seen = 0;
    for (const task of drawTasks(12)) {
      for (const { text, actions } of task.questions) {
        const unit = /^(days|weeks) until/.exec(actions[0]?.args ?? '')?.[1];
        if (unit !== undefined && actions.length === 1 && !/\b(?:days?|weeks?|sleeps)\b/i.test(text))
          counts[unit as 'days' | 'weeks']++;
      }
      if (++seen >= 6_000) break;
    }
    expect(counts.days + counts.weeks).toBeGreaterThan(25);
    expect(counts.days / (counts.days + counts.weeks)).toBeGreaterThan(0.35);
    expect(counts.days / (counts.days + counts.weeks)).toBeLessThan(0.65);
  });
});

describe('the committed starter', () => {
  it('is at most 4 million parameters and 10 MB', async () => {
    const folder = new URL('../../starter/model/', import.meta.url).pathname;
    const { tensors } = await openModel(folder);
    const size = [...tensors.values()].reduce(
      (sum, { shape }) => sum + shape.reduce((product, n) => product * n, 1),
      0,
    );
    expect(size).toBeLessThan(4_000_000);
    expect((await stat(join(folder, 'model.safetensors'))).size).toBeLessThan(10_000_000);
  });
});
