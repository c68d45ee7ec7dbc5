import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { foursight, makeHome } from './foursight-process.ts';

// Processes on a busy machine take their time; nothing here is measured.
describe('eval', { timeout: 180_000 }, () => {
  let home: string;
  let remove: () => Promise<void>;
  const run = (...args: string[]) => foursight(['eval', ...args], { FOURSIGHT_HOME: home });
  beforeAll(async () => {
    ({ home, remove } = await makeHome());
  });
  afterAll(() => remove());

  it('prints the same figures in every run: known and unseen wordings, greedy and live', async () => {
    const [first, second] = await Promise.all([
      run('symbols', '--limit', '30', '--json'),
      run('symbols', '--limit', '30', '--json'),
    ]);
    const report = JSON.parse(first.stdout);
    const figures = { accuracy: expect.any(Number), toolErrorRate: expect.any(Number), total: 30 };
    expect(report).toMatchObject({
      benchmark: 'symbols',
      policyVersion: 0,
      maxTurns: 6,
      ...figures,
      unseen: figures,
      live: { temperature: 0.5, ...figures, unseen: figures },
    });
    expect(report.accuracy).toBe(report.correct / 30);
    expect({ ...JSON.parse(second.stdout), ms: 0 }).toEqual({ ...report, ms: 0 });
  });

  it('plays puzzles of a file by their numbers, and asks questions of a file', async () => {
    const puzzles = join(home, 'puzzles.jsonl');
    await writeFile(puzzles, '{"id": "a", "numbers": [1, 2, 3, 4]}\n{"numbers": [4, 4, 6, 8]}\n');
    const questions = join(home, 'questions.jsonl');
    await writeFile(
      questions,
      '{"question": "What is 6 * 7?", "answers": ["42"]}\n{"question": "What is 6 * 7?", "answers": ["43"]}\n',
    );
    const [played, asked] = await Promise.all([
      run('gameof24', '--data', puzzles, '--max-turns', '3', '--json'),
      run('mine', '--data', questions, '--json'),
    ]);
    const game = JSON.parse(played.stdout);
    expect(game).toMatchObject({ benchmark: 'gameof24', maxTurns: 3, total: 2 });
    expect(game.meanTurns).toBeLessThanOrEqual(3);
    expect(JSON.parse(asked.stdout)).toMatchObject({ benchmark: 'mine', accuracy: 0.5, correct: 1, total: 2 });
  });

  it('says which questions it does not have, and which line it cannot read', async () => {
    const broken = join(home, 'broken.jsonl');
    await writeFile(broken, '{"numbers": [1, 2, 3, 4]}\n{"numbers": "1, 2"}\n');
    const [unknown, line] = await Promise.all([run('chess'), run('gameof24', '--data', broken)]);
    expect(unknown).toMatchObject({ code: 1, stderr: expect.stringMatching(/chess[\s\S]*remedy: .*gameof24/) });
    expect(line).toMatchObject({ code: 1, stderr: expect.stringMatching(/line 2 of [\s\S]*remedy: /) });
  });
});
