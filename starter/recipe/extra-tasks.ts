import type { TaskQuestion } from '../../gpu-worker/tasks/question.ts';
import { again, chained, compound } from './extras/converted.ts';
import { joined } from './extras/joined.ts';
import { recalled, unknown } from './extras/recalled.ts';
import type { Random } from './random.ts';

/** The share of training tasks that are drawn here. */
export const EXTRA_SHARE = 0.13;

/** A question beyond the ten kinds' own generators: combinations that people ask and no single generator writes. */
export function drawExtra(random: Random): TaskQuestion {
  const u = random.next();
  if (u < 0.32) return joined(random);
  if (u < 0.52) return recalled(random);
  if (u < 0.67) return chained(random);
  if (u < 0.73) return compound(random);
  if (u < 0.92) return again(random);
  return unknown(random);
}
