import { describe, expect, it } from 'vitest';
import { quantile, undisturbed } from './latencies.ts';

const life = (sentAt: number, answeredAt: number) => ({ sentAt, answeredAt });

describe('questions without an outage', () => {
  const before = life(0, 10);
  const held = life(15, 800);
  const during = life(30, 300);
  const first = life(25, 200);
  const after = life(250, 260);

  it('are those that ended before it, or were sent after the first one that was asked in it had been answered', () => {
    expect(undisturbed([before, held, during, first, after], [20])).toEqual([before, after]);
  });

  it('are none while nothing that was sent in it has been answered', () => {
    expect(undisturbed([before, held], [20])).toEqual([before]);
    expect(undisturbed([before, held], [])).toEqual([before, held]);
  });
});

describe('a quantile', () => {
  it('is the latency that the share lies below', () => {
    const asked = Array.from({ length: 100 }, (_, i) => life(0, i));
    expect([quantile(asked, 0.5), quantile(asked, 0.95)]).toEqual([50, 95]);
    expect(quantile([], 0.5)).toBeNaN();
  });
});
