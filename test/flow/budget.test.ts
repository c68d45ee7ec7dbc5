import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { deadline, Interrupted, untilAborted } from '../../gpu-worker/flow/budget.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

describe('a deadline', () => {
  it('fires through a signal made of it, however often memory is collected before', async () => {
    const limited = (ms: number) => AbortSignal.any([new AbortController().signal, deadline(ms).signal]);
    const signal = limited(100);
    const fired = new Promise<boolean>((resolve) => {
      signal.addEventListener('abort', () => resolve(true));
      setTimeout(() => resolve(false), 2_000);
    });
    for (let times = 0; times < 5; times++) {
      await new Promise(setImmediate);
      collectGarbage();
    }
    expect(await fired).toBe(true);
  });

  it('ends a wait for work that never ends, and does not fire once it is cleared', async () => {
    const soon = deadline(1);
    await expect(untilAborted(soon.signal, () => new Promise(() => undefined))).rejects.toBeInstanceOf(Interrupted);
    const [cleared, later] = [deadline(1), deadline(5)];
    cleared.clear();
    await new Promise((resolve) => later.signal.addEventListener('abort', resolve));
    expect(cleared.signal.aborted).toBe(false);
  });
});
