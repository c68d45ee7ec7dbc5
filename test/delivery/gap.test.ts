import { describe, expect, it } from 'vitest';
import { Gap } from '../../adapters/delivery/gap.ts';
import { ManualTimers } from './manual-timers.ts';

const MINUTE = 60_000;

/** What waiting for a place has come to so far. */
function waiting(gap: Gap, place: string) {
  const seen: { isRead: boolean | undefined } = { isRead: undefined };
  void gap.until(place).then((isRead) => {
    seen.isRead = isRead;
  });
  return seen;
}

describe('a message after a gap', () => {
  it('waits for its place as long as what was missed is being read, however slowly the platform lets it be', async () => {
    const timers = new ManualTimers();
    const gap = new Gap(timers, undefined);
    gap.isBeingRead = true;
    const [here, there] = [waiting(gap, 'here'), waiting(gap, 'there')];
    await timers.pass(4 * MINUTE);
    gap.read('there');
    await timers.pass(0);
    expect([here.isRead, there.isRead]).toEqual([undefined, true]);
    await timers.pass(4 * MINUTE);
    expect(here.isRead).toBeUndefined();
    gap.end();
    await timers.pass(0);
    expect(here.isRead).toBe(true);
  });

  it('does not wait for ever: half a minute while nobody reads, ten minutes in any case', async () => {
    const timers = new ManualTimers();
    const unread = waiting(new Gap(timers, undefined), 'here');
    const slow = new Gap(timers, undefined);
    slow.isBeingRead = true;
    const stuck = waiting(slow, 'here');
    await timers.pass(29_000);
    expect(unread.isRead).toBeUndefined();
    await timers.pass(2_000);
    expect([unread.isRead, stuck.isRead]).toEqual([false, undefined]);
    await timers.pass(10 * MINUTE);
    expect(stuck.isRead).toBe(false);
  });

  it('waits for the reading of an earlier gap, after which its own is read', async () => {
    const timers = new ManualTimers();
    const before = new Gap(timers, undefined);
    before.isBeingRead = true;
    const message = waiting(new Gap(timers, before), 'here');
    await timers.pass(2 * MINUTE);
    expect(message.isRead).toBeUndefined();
  });

  it('waits half a minute also after an earlier gap whose reading was given up', async () => {
    const timers = new ManualTimers();
    const before = new Gap(timers, undefined);
    before.isBeingRead = true;
    const later = new Gap(timers, before);
    later.isBeingRead = false;
    const message = waiting(later, 'here');
    await timers.pass(31_000);
    expect(message.isRead).toBe(false);
  });

  it('does not wait for a place that was read before it came', async () => {
    const timers = new ManualTimers();
    const gap = new Gap(timers, undefined);
    gap.isBeingRead = true;
    gap.read('here');
    const message = waiting(gap, 'here');
    await timers.pass(0);
    expect(message.isRead).toBe(true);
  });
});
