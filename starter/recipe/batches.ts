import type { Example } from './examples.ts';
import { type Random, shuffle } from './random.ts';

/** Sorts a chunk of examples by length and cuts it into batches of at most so many padded tokens, in random order. */
export function batchesOf(chunk: readonly Example[], mostTokens: number, random: Random): Example[][] {
  const sorted = [...chunk].sort((a, b) => a.ids.length - b.ids.length);
  const batches: Example[][] = [];
  let batch: Example[] = [];
  for (const example of sorted) {
    if (batch.length > 0 && (batch.length + 1) * example.ids.length > mostTokens) {
      batches.push(batch);
      batch = [];
    }
    batch.push(example);
  }
  if (batch.length > 0) batches.push(batch);
  return shuffle(random, batches);
}
