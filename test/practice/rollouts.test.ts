import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPolicyEngines, type PolicyEngines } from '../../gpu-worker/jobs/policy-engines.ts';
import { type RolloutOptions, type RolloutQuestion, rollOut, rolloutSeed } from '../../gpu-worker/jobs/rollouts.ts';
import type { LoadedModel } from '../../gpu-worker/models/model.ts';
import { check } from '../../gpu-worker/tasks/tasks.ts';
import { tools } from '../../gpu-worker/tools/registry.ts';
import { openFlowGrpoTrainer } from '../../gpu-worker/train/flow-grpo.ts';
import { actionSequences } from '../../gpu-worker/train/flow-grpo-sequences.ts';
import { openStarter, settings, weightsOf } from './starter.ts';

let model: LoadedModel;
let engines: PolicyEngines;
beforeAll(async () => {
  model = await openStarter();
  engines = await openPolicyEngines(model, { temperature: 1 }, undefined, 2);
  await engines.load(weightsOf(model));
});
afterAll(() => engines.close());

const askedAt = new Date('2026-03-05T10:00:00Z');
const isNever = () => false;
const puzzle = (numbers: readonly number[]): RolloutQuestion => ({
  notes: [],
  questions: [`Make 24 from ${numbers.join(', ')}`],
  askedAt,
  isRight: ({ answer, turns, zone }) =>
    check({ expected: { type: 'game', numbers, target: 24 } }, { answer, turns, now: askedAt, zone }),
});
const options = (more: Partial<RolloutOptions> = {}): RolloutOptions => ({
  engines: engines.agents,
  tools,
  maxTurns: 4,
  zone: 'UTC',
  members: 4,
  concurrency: 16,
  seed: 7,
  step: 1,
  ...more,
});

describe('rollouts', () => {
  it('gives the same for the same seed, whatever else runs, and members that differ', async () => {
    const questions = [puzzle([4, 6]), puzzle([2, 3, 4]), puzzle([3, 5, 7, 9])];
    const [many, one] = [await rollOut(questions, options()), await rollOut(questions, options({ concurrency: 1 }))];
    const tokens = (groups: typeof many) =>
      groups.map((group) => group.map(({ turns }) => turns.map((t) => t.actionIds)));
    expect(tokens(many)).toEqual(tokens(one));
    expect(many.map((group) => group.map(({ reward }) => reward))).toEqual(
      one.map((group) => group.map(({ reward }) => reward)),
    );
    expect(many.map((group) => group.length)).toEqual([4, 4, 4]);
    expect(new Set(many[2]?.map(({ turns }) => JSON.stringify(turns.map((t) => t.actionIds)))).size).toBeGreaterThan(1);
    expect(tokens(await rollOut(questions, options({ step: 2 })))).not.toEqual(tokens(many));
  });

  it('rewards what the checker takes for right, and stays within the turns', async () => {
    const [easy = [], never = []] = await rollOut(
      [puzzle([4, 6]), { ...puzzle([3, 5, 7, 9]), isRight: isNever }],
      options(),
    );
    expect(easy.filter(({ reward }) => reward === 1).length).toBeGreaterThan(0);
    for (const { reward, answer, stopReason } of easy)
      expect(reward === 1).toBe(/= 24/.test(answer) && stopReason === 'verified');
    for (const { reward, turns, stopReason } of never) {
      expect(reward).toBe(0);
      expect(turns.length).toBeLessThanOrEqual(4);
      expect(['turns', 'verified']).toContain(stopReason);
    }
  });

  it('keeps notes and clock as they were, and knows what was asked before', async () => {
    const remembered: RolloutQuestion = {
      notes: [],
      questions: ['Remember that the door code is 4711', 'What is the door code?'],
      askedAt,
      isRight: ({ answer }) => /4711/.test(answer),
    };
    const written: RolloutQuestion = {
      notes: [],
      questions: ['Remember that the door code is 4711'],
      askedAt,
      isRight: ({ askedAt: at, turns }) => at === askedAt && turns.every(({ ms }) => ms === 0),
    };
    const [recalled = [], wrote = []] = await rollOut([remembered, written], options());
    expect(recalled.filter(({ reward }) => reward === 1).length).toBeGreaterThan(2);
    expect(wrote.map(({ reward }) => reward)).toEqual([1, 1, 1, 1]);
  });

  it('records each turn as the trainer sees it: prompts that grow, log-probabilities within 1e-4', async () => {
    const rollouts = (await rollOut([puzzle([3, 5, 7, 9]), puzzle([2, 8, 8, 12])], options())).flat();
    for (const { turns, actionTokens } of rollouts) {
      expect(actionSequences(turns)).toHaveLength(1);
      expect(turns.reduce((sum, { actionIds }) => sum + actionIds.length, 0)).toBe(actionTokens);
    }
    const trainer = await openFlowGrpoTrainer({
      config: model.config,
      trainable: { kind: 'full' },
      start: weightsOf(model),
      maxLength: 512,
      workers: 1,
      settings: settings().train,
    });
    try {
      const scores = await trainer.score(rollouts.map(({ turns }) => turns));
      const gaps = rollouts.flatMap(({ turns }, i) =>
        turns.flatMap(({ oldLogProbabilities }, t) =>
          oldLogProbabilities.map((old, j) => Math.abs(old - (scores[i]?.[t]?.[j] ?? Number.NaN))),
        ),
      );
      expect(Math.max(...gaps)).toBeLessThan(1e-4);
    } finally {
      await trainer.close();
    }
  });

  it('ends when it is told to', async () => {
    const stop = new AbortController();
    const rolled = rollOut([puzzle([3, 5, 7, 9])], options({ members: 64, signal: stop.signal }));
    stop.abort(new Error('enough'));
    await expect(rolled).rejects.toThrow('enough');
  });
});

describe('the seed of a rollout', () => {
  it('differs between runs, steps, questions and members', () => {
    const seeds = new Set<number>();
    for (let run = 0; run < 4; run++)
      for (let step = 1; step <= 20; step++)
        for (let question = 0; question < 20; question++)
          for (let member = 0; member < 8; member++) seeds.add(rolloutSeed(run, step, question, member));
    expect(seeds.size).toBe(4 * 20 * 20 * 8);
  });
});
