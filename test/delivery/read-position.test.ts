import { describe, expect, it } from 'vitest';
import { createReadPosition, type Positions } from '../../adapters/delivery/read-position.ts';
import { createLog } from '../../src/log.ts';
import { ManualTimers } from './manual-timers.ts';

/** Moments as numbers of twenty digits, as a platform of long numbers has them. */
const positions: Positions = {
  platform: 'numbers',
  of: (ms) => String(ms).padStart(20, '0'),
  ms: Number,
  isOne: (given) => /^\d{20}$/.test(given),
};
const at = positions.of;

function setUp() {
  const timers = new ManualTimers();
  const noted: string[] = [];
  const desk = {
    readUpTo: async () => noted.at(-1),
    setReadUpTo: async (_platform: string, _workspace: string, _place: string, position: string) => {
      noted.push(position);
    },
  };
  const position = createReadPosition('w', { positions, desk, log: createLog('silent'), timers });
  return { position, noted, pass: (ms: number) => timers.pass(ms) };
}

describe('how far events have been handled', () => {
  it('stays before an event that is still being handled, also when later ones are done', async () => {
    const { position, noted, pass } = setUp();
    position.startAt(at(1));
    const nine = position.begin(at(9));
    const eleven = position.begin(at(11));
    eleven(true);
    await pass(1_000);
    expect(noted).toEqual([at(9)]);
    nine(true);
    await pass(1_000);
    expect(noted.at(-1)).toBe(at(11));
  });

  it('stays before what failed until it came again, or was looked for since', async () => {
    const { position, noted, pass } = setUp();
    position.startAt(at(1));
    position.begin(at(5))(false);
    position.begin(at(6))(false);
    position.begin(at(8))(true);
    position.begin(at(5))(true);
    await pass(1_000);
    expect(noted.at(-1)).toBe(at(6));
    position.release(at(7));
    await pass(1_000);
    expect(noted.at(-1)).toBe(at(8));
  });

  it('does not move while something may be missing, and tells what was reached before', async () => {
    const { position, noted, pass } = setUp();
    position.startAt(at(1));
    position.begin(at(3))(true);
    position.hold();
    position.begin(at(20))(true);
    await pass(1_000);
    expect(noted).toEqual([at(3)]);
    expect(await position.read()).toBe(at(3));
    position.release(at(19));
    await position.flush();
    expect(noted.at(-1)).toBe(at(20));
  });

  it('heeds nothing that is no position of the platform', async () => {
    const { position, noted } = setUp();
    position.startAt(at(1));
    for (const given of [undefined, 7, '30', 'x'.repeat(20)]) position.begin(given)(false);
    await position.flush();
    expect(noted).toEqual([at(1)]);
  });
});
