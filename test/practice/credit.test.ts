import { describe, expect, it } from 'vitest';
import { withToy } from '../../bench/credit/learn.ts';
import { TURNS, toyAgents, toyQuestion, toyTools, turnsOf } from '../../bench/credit/three-turns.ts';
import { rollOut } from '../../gpu-worker/jobs/rollouts.ts';

describe('the toy of three turns', () => {
  it('is played in the flow with the prompts that its accuracy is computed from, and won by three right letters', async () => {
    const asked = [1, 0, 3];
    for (const picked of [asked, [1, 2, 3]]) {
      const expected = turnsOf(asked, picked);
      const script = expected.map(({ actionIds }) => actionIds).values();
      const agents = toyAgents(async () => {
        const ids = script.next().value ?? [];
        return { ids, logprobs: ids.map(() => 0), finishReason: 'length' };
      }, 1);
      const [[rollout] = []] = await rollOut([toyQuestion(asked)], {
        engines: [{ sampling: agents, greedy: agents }],
        tools: toyTools,
        maxTurns: TURNS,
        zone: 'UTC',
        members: 1,
        concurrency: 1,
        seed: 1,
        step: 1,
      });
      expect(rollout?.turns).toEqual(expected);
      expect(rollout?.reward).toBe(picked === asked ? 1 : 0);
    }
  });

  it('is learnt from rewards broadcast to every turn, and not from shuffled ones', { timeout: 300_000 }, async () => {
    await withToy(1, 16, async (toy) => {
      const before = toy.before.accuracy;
      expect(before).toBeGreaterThan(0.2);
      expect(before).toBeLessThan(0.4);
      const broadcast = await toy.learn('broadcast', 20);
      expect(broadcast.accuracy).toBeGreaterThan(before + 0.15);
      for (const [turn, right] of broadcast.byTurn.entries())
        expect(right).toBeGreaterThan((toy.before.byTurn[turn] ?? 1) + 0.05);
      const shuffled = await toy.learn('shuffled', 20);
      expect(Math.abs(shuffled.accuracy - before)).toBeLessThan(0.05);
    });
  });
});
