import { describe, expect, it } from 'vitest';
import { onStopSignals } from '../../src/cli/signals.ts';

describe('stopping', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('is asked for by %s', (signal) => {
    const stopped = onStopSignals();
    const [heard] = process.listeners(signal).slice(-1);
    heard?.(signal);
    expect(stopped.aborted).toBe(true);
  });

  it('is asked for by an output that nobody reads any more', () => {
    const stopped = onStopSignals();
    const [heard] = process.stdout.listeners('error').slice(-1);
    heard?.(Object.assign(new Error('write EIO'), { code: 'EIO' }));
    expect(stopped.aborted).toBe(true);
  });
});
