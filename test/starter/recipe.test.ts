import { describe, expect, it } from 'vitest';
import { PromptWriter } from '../../gpu-worker/flow/starter/prompt.ts';
import { marks } from '../../gpu-worker/flow/starter/vocabulary.ts';
import { batchesOf } from '../../starter/recipe/batches.ts';
import { drawExamples } from '../../starter/recipe/data.ts';
import type { Example } from '../../starter/recipe/examples.ts';
import { countFrequencies, createNoise } from '../../starter/recipe/noise.ts';
import { createRandom } from '../../starter/recipe/random.ts';
import { drawSubPuzzle } from '../../starter/recipe/sub-puzzles.ts';
import { wordTokenizer } from './scripted-planner.ts';

async function draw(count: number): Promise<{ writer: PromptWriter; examples: Example[]; refused: number }> {
  const writer = new PromptWriter(wordTokenizer());
  const examples: Example[] = [];
  let refused = 0;
  for await (const example of drawExamples(writer, 3, () => refused++)) if (examples.push(example) >= count) break;
  return { writer, examples, refused };
}

describe('training examples', () => {
  it('can nearly all be played through the real tools', async () => {
    const { refused } = await draw(600);
    expect(refused / 600).toBeLessThan(0.02);
  });

  it('put loss on whole actions only, each from behind its mark to its stop token', async () => {
    const { writer, examples } = await draw(200);
    const opening = writer.id(marks.action);
    for (const { ids, mask } of examples) {
      expect(mask).toHaveLength(ids.length);
      ids.forEach((_, at) => {
        if (mask[at] === 1 && mask[at - 1] === 0) expect(ids[at - 1]).toBe(opening);
        if (mask[at] === 1 && mask[at + 1] !== 1) expect(writer.stopIds).toContain(ids[at]);
      });
    }
  });

  it('are the same from the same seed', async () => {
    expect((await draw(50)).examples).toEqual((await draw(50)).examples);
  });

  it('keep slots, actions and puzzles when words are disturbed', async () => {
    const { writer, examples } = await draw(200);
    const disturb = createNoise(writer, countFrequencies(examples, writer));
    const random = createRandom(1);
    const slots = new Set(writer.slotIds);
    const essence = ({ ids, mask }: Example): number[][] => [
      ids.filter((id) => slots.has(id)),
      ids.filter((_, at) => mask[at] === 1),
    ];
    let changed = 0;
    for (const example of examples) {
      const noisy = disturb(example, random);
      expect(essence(noisy)).toEqual(essence(example));
      if (noisy.ids.join() !== example.ids.join()) changed++;
      else if (example.kind === 'gameof24') expect(noisy).toEqual(example);
    }
    expect(changed).toBeGreaterThan(60);
  });

  it('are batched by length within the bound of tokens, none lost', async () => {
    const { examples } = await draw(150);
    const batches = batchesOf(examples, 512, createRandom(2));
    expect(batches.flat()).toHaveLength(examples.length);
    for (const batch of batches)
      if (batch.length > 1)
        expect(batch.length * Math.max(...batch.map(({ ids }) => ids.length))).toBeLessThanOrEqual(512);
  });

  it('show puzzles of three numbers with their solution, and never a fourth number', () => {
    const writer = new PromptWriter(wordTokenizer());
    const random = createRandom(4);
    for (let i = 0; i < 50; i++) {
      const { ids, mask } = drawSubPuzzle(writer, random);
      expect(ids.filter((id) => id === writer.id(marks.action))).toHaveLength(2);
      expect(mask.at(-1)).toBe(1);
    }
  });
});
