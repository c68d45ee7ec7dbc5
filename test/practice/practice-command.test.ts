import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openModel } from '../../gpu-worker/models/model.ts';
import { foursight, makeHome } from '../cli/foursight-process.ts';
import { openStarter } from './starter.ts';

let folder: string;
let env: Record<string, string>;
let removeHome: () => Promise<void>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'practice-'));
  const made = await makeHome();
  env = { FOURSIGHT_HOME: made.home, FOURSIGHT_GATE_QUESTIONS: '500' };
  removeHome = made.remove;
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await removeHome();
});

const linesOf = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('foursight practice', { timeout: 240_000 }, () => {
  it('practises the questions of a file: a run, its steps, a candidate through the gate, a model folder', async () => {
    const file = join(folder, 'questions.jsonl');
    // Answered in days or in weeks and days, about as often: the rollouts of a question differ.
    const lines = ['how long until 4 July?', 'how long until 9 November?'].map((question) => ({
      question,
      answers: ['week', 'weeks'],
    }));
    await writeFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const out = join(folder, 'practised');
    const limits = ['--steps', '1', '--questions', '4', '--max-turns', '1', '--seed', '3'];
    const ended = await foursight(['practice', file, ...limits, '--out', out, '--json'], env);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const [step, run] = linesOf(ended.stdout);
    expect(step).toMatchObject({ step: 1, rollouts: 40, meanTurns: 1, skippedUpdates: 0, secondsLeft: 0 });
    expect(step.reward).toBeGreaterThan(0);
    expect(step.reward).toBeLessThan(1);
    expect(run).toMatchObject({ kind: 'practice', status: 'done', parent: 0, policyVersion: 1, steps: 1 });
    expect(run.report.gate.overall.total).toBeGreaterThan(490);
    expect(linesOf(await readFile(join(out, 'metrics.jsonl'), 'utf8'))).toEqual([step]);
    const [before, after] = [await openStarter(), await openModel(out)];
    expect(after.config).toMatchObject({ layers: before.config.layers, vocabSize: before.config.vocabSize });
    expect(after.tokenizer.encode('combine: 13 - 1')).toEqual(before.tokenizer.encode('combine: 13 - 1'));

    // Practice makes candidates; what answers is for people to decide.
    const policies = linesOf((await foursight(['policy', 'list', '--json'], env)).stdout).flat();
    expect(policies.map(({ version, status }) => [version, status])).toEqual([
      [1, run.report.gate.passed ? 'candidate' : 'refused'],
      [0, 'live'],
    ]);
    const shown = await foursight(['runs', 'show', run.runId], env);
    expect(shown.stdout).toContain('gate:');
    expect(shown.stdout).toMatch(/reward +\S+ ▄ /);
  });

  it('says which tasks there are, and what a file must hold', async () => {
    const chess = await foursight(['practice', 'chess', '--steps', '1'], env);
    expect(chess.code).toBe(1);
    expect(chess.stderr).toContain('gameof24');
    const file = join(folder, 'empty.jsonl');
    await writeFile(file, '');
    expect((await foursight(['practice', file], env)).stderr).toContain('holds no questions');
    expect((await foursight(['practice', 'gameof24', '--steps', '0'], env)).code).toBe(2);
    expect((await foursight(['practice', 'gameof24', '--out', folder], env)).stderr).toContain('is not empty');
  });
});

describe('foursight retrain', { timeout: 240_000 }, () => {
  it('makes no update when there are too few votes, says so, and leaves the votes for the next run', async () => {
    const asked = JSON.parse((await foursight(['ask', 'What is 5 * 8?', '--json'], env)).stdout);
    await foursight(['rate', asked.answerId, 'up', '--user', 'ada'], env);
    const dry = JSON.parse((await foursight(['retrain', '--dry-run', '--show-text', '--json'], env)).stdout);
    expect(dry).toMatchObject({ votes: 1, up: 1, down: 0, answers: 1, people: 1, noUpdate: expect.any(String) });
    expect(dry.texts).toEqual([{ question: 'What is 5 * 8?', answer: expect.stringContaining('40'), up: 1, down: 0 }]);
    const run = JSON.parse((await foursight(['retrain', '--json'], env)).stdout);
    expect(run).toMatchObject({ kind: 'retrain', status: 'no update', policyVersion: null, reason: dry.noUpdate });
    const again = JSON.parse((await foursight(['retrain', '--dry-run', '--json'], env)).stdout);
    expect(again).toMatchObject({ votes: 1 });
    expect(again.texts).toBeUndefined();
  });

  it('takes what is to be learnt otherwise from a file, and says what is wrong with it before anything starts', async () => {
    const file = join(folder, 'learning.json');
    const learning = { anchorWeight: 0.01, train: { adamEpsilon: 1e-8, beta: 0 } };
    await writeFile(file, JSON.stringify(learning));
    const run = JSON.parse((await foursight(['retrain', '--config', file, '--json'], env)).stdout);
    const shown = JSON.parse((await foursight(['runs', 'show', run.runId, '--json'], env)).stdout);
    expect(shown.settings).toMatchObject({ by: 'admin', learning });
    for (const wrong of [{ learning_rate: 1 }, { train: { beta: -1 } }, { steps: 0 }]) {
      await writeFile(file, JSON.stringify(wrong));
      const { code, stderr } = await foursight(['retrain', '--config', file], { FOURSIGHT_HOME: '/proc/foursight' });
      expect(code).toBe(1);
      expect(stderr).toContain('learning.json');
      expect(stderr).toMatch(/^remedy: .*anchorWeight/m);
    }
  });
});
