import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openModel } from '../../gpu-worker/models/model.ts';
import { registerPracticeCommand } from '../../src/cli/practice.ts';
import { openStarter } from './starter.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'practice-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs the command in this process; returns what it wrote to stdout. */
async function practice(...args: readonly string[]): Promise<string> {
  const program = new Command('foursight').exitOverride();
  registerPracticeCommand(program);
  for (const command of program.commands) command.exitOverride().configureOutput({ writeErr: () => undefined });
  let written = '';
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    written += chunk;
    return true;
  });
  try {
    await program.parseAsync(['practice', ...args], { from: 'user' });
  } finally {
    stdout.mockRestore();
  }
  return written;
}

describe('foursight practice', { timeout: 120_000 }, () => {
  it('practises the questions of a file and writes a model folder with its metrics', async () => {
    const file = join(folder, 'questions.jsonl');
    const lines = ['What is 17 * 23 + 4?', 'Add 3 to twice nine hundred.'].map((question) => ({
      question,
      answers: ['395', '1803'],
    }));
    await writeFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const out = join(folder, 'practised');
    const written = await practice(file, '--steps', '1', '--max-turns', '1', '--seed', '3', '--out', out, '--json');
    const step = JSON.parse(written);
    expect(step).toMatchObject({ step: 1, rollouts: 480, skippedUpdates: 0, secondsLeft: 0 });
    expect(step.reward).toBeGreaterThan(0.3);
    expect(step.meanTurns).toBe(1);
    expect(JSON.parse(await readFile(join(out, 'metrics.jsonl'), 'utf8'))).toEqual(step);
    const [before, after] = [await openStarter(), await openModel(out)];
    expect(after.config).toMatchObject({ layers: before.config.layers, vocabSize: before.config.vocabSize });
    expect(after.tokenizer.encode('combine: 13 - 1')).toEqual(before.tokenizer.encode('combine: 13 - 1'));
  });

  it('says which tasks there are, and what a file must hold', async () => {
    await expect(practice('chess', '--steps', '1', '--out', folder)).rejects.toMatchObject({
      code: 'TASK_UNKNOWN',
      remedy: expect.stringContaining('gameof24'),
    });
    const file = join(folder, 'empty.jsonl');
    await writeFile(file, '');
    await expect(practice(file, '--out', folder)).rejects.toMatchObject({ code: 'INPUT_EMPTY' });
    await expect(practice('gameof24', '--steps', '0')).rejects.toMatchObject({ code: 'commander.invalidArgument' });
  });
});
