import { describe, expect, it } from 'vitest';
import { severalAtOnce } from '../../adapters/delivery/several-at-once.ts';

const open = () => new AbortController().signal;

describe('several at once', () => {
  it('are as many as may be, each place once, in order', async () => {
    let atWork = 0;
    let most = 0;
    const begun: number[] = [];
    const work = async (place: number) => {
      begun.push(place);
      atWork += 1;
      most = Math.max(most, atWork);
      await Promise.resolve();
      atWork -= 1;
    };
    await severalAtOnce([1, 2, 3, 4, 5], work, { atOnce: 2, signal: open() });
    expect(begun).toEqual([1, 2, 3, 4, 5]);
    expect(most).toBe(2);
  });

  it('begin with what somebody waits for by the time there is room', async () => {
    const begun: string[] = [];
    let awaited = 'c';
    const work = async (place: string) => {
      begun.push(place);
      awaited = 'd';
    };
    await severalAtOnce(['a', 'b', 'c', 'd'], work, { atOnce: 1, signal: open(), isUrgent: (one) => one === awaited });
    expect(begun).toEqual(['c', 'd', 'a', 'b']);
  });

  it('begin no more once it is over, and throw what one of them throws', async () => {
    const over = new AbortController();
    const begun: number[] = [];
    const work = async (place: number) => {
      begun.push(place);
      over.abort();
    };
    await severalAtOnce([1, 2, 3], work, { atOnce: 1, signal: over.signal });
    expect(begun).toEqual([1]);
    const broken = severalAtOnce([1], () => Promise.reject(new Error('no')), { atOnce: 3, signal: open() });
    await expect(broken).rejects.toThrow('no');
  });

  it('begin no more once one has failed', async () => {
    const begun: number[] = [];
    const work = async (place: number) => {
      begun.push(place);
      await Promise.resolve();
      if (place === 1) throw new Error('not this one');
    };
    const all = severalAtOnce([1, 2, 3, 4, 5, 6], work, { atOnce: 2, signal: open() });
    await expect(all).rejects.toThrow('not this one');
    await new Promise((resolve) => setImmediate(resolve));
    expect(begun.length).toBeLessThanOrEqual(3);
  });
});
