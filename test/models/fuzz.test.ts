import { expect, it } from 'vitest';
import { fuzzModels } from './fuzz-models.ts';

it('opens or refuses damaged model folders, and never breaks', async () => {
  const { refused, opened, failures, slowest } = await fuzzModels(300, 20_26, 10);
  expect(failures).toEqual([]);
  expect(refused + opened).toBe(300);
  expect(refused).toBeGreaterThan(150);
  expect(opened).toBeGreaterThan(20);
  expect(slowest).toBeLessThan(20_000);
}, 120_000);
