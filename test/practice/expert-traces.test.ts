import { describe, expect, it } from 'vitest';
import { expertGame, expertTraces } from '../../bench/expert/traces.ts';
import { PromptWriter } from '../../gpu-worker/flow/starter/prompt.ts';
import { createRng } from '../../gpu-worker/tasks/random.ts';
import { openStarter } from './starter.ts';

describe('expert traces', () => {
  it('reach the target in three moves, all of them learnt', async () => {
    const writer = new PromptWriter((await openStarter()).tokenizer);
    const rng = createRng(5);
    for (let i = 0; i < 20; i++) {
      const game = await expertGame(writer, rng);
      if ('refused' in game) throw new Error(game.refused);
      expect(game.turns.map(({ error }) => error)).toEqual([null, null, null]);
      expect(game.turns.at(-1)?.result).toMatch(/^24, reached/);
      const learnt = game.example.ids.filter((_, at) => game.example.mask[at] === 1);
      expect(learnt).toEqual(game.turns.flatMap(({ planner }) => planner?.actionIds ?? []));
    }
  });

  it('are of other kinds for a fifth', async () => {
    const writer = new PromptWriter((await openStarter()).tokenizer);
    const kinds: string[] = [];
    for await (const { kind } of expertTraces(writer, 1)) if (kinds.push(kind) >= 50) break;
    expect(kinds.filter((kind) => kind !== 'gameof24')).toHaveLength(10);
  });
});
