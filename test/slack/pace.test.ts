import { describe, expect, it } from 'vitest';
import { createPace } from '../../adapters/slack/pace.ts';
import { createLog } from '../../src/log.ts';
import { ManualTimers } from '../delivery/manual-timers.ts';

/** How many posts to one channel get through in the first half minute. */
async function postsInHalfAMinute(rate?: number): Promise<number> {
  const timers = new ManualTimers();
  const pace = createPace(timers, createLog('silent'), rate);
  let posted = 0;
  const post = async () => {
    posted += 1;
  };
  for (let i = 0; i < 200; i += 1) pace.post('C1', post).catch(() => undefined);
  for (let second = 0; second < 30; second += 1) await timers.pass(1_000);
  pace.close();
  return posted;
}

describe('the pace of calls', () => {
  it('stays below what Slack takes, and goes up with the rate', async () => {
    const posted = await postsInHalfAMinute();
    expect(posted).toBeGreaterThan(15);
    expect(posted).toBeLessThanOrEqual(30);
    expect(await postsInHalfAMinute(4)).toBeGreaterThan(3 * posted);
  });
});
