import { describe, expect, it } from 'vitest';
import { EditBudget, type EditLimits, type SendEdit } from '../../adapters/delivery/edit-budget.ts';
import { randomOf } from '../soak/random.ts';
import { ManualTimers } from './manual-timers.ts';

interface Sent {
  readonly what: string;
  readonly at: number;
}

function budgetOf(limits: Partial<EditLimits> = {}) {
  const timers = new ManualTimers();
  const errors: unknown[] = [];
  const sent: Sent[] = [];
  const budget = new EditBudget({
    limits: { perMinute: 50, burst: 10, gapMs: 0, ...limits },
    timers,
    onError: (error) => errors.push(error),
  });
  const send =
    (what: string): SendEdit =>
    async () => {
      sent.push({ what, at: timers.now() });
      return 'sent';
    };
  return { timers, errors, sent, budget, send, names: () => sent.map(({ what }) => what) };
}

describe('the budget of edits', () => {
  it('sends a state at once while there is room', async () => {
    const { timers, sent, budget, send } = budgetOf();
    budget.message().show(send('a'));
    await timers.pass(0);
    expect(sent).toEqual([{ what: 'a', at: 0 }]);
  });

  it('never sends more in any minute than is allowed, whatever is asked for', async () => {
    const { timers, sent, budget, send } = budgetOf({ gapMs: 500 });
    const random = randomOf(7);
    const messages = Array.from({ length: 30 }, () => budget.message());
    for (let second = 0; second < 400; second += 1) {
      if (second < 100 || second > 250) {
        for (const message of messages) if (random() < 0.5) message.show(send('x'));
      }
      await timers.pass(1_000);
    }
    const most = Math.max(...sent.map(({ at }) => sent.filter((one) => one.at >= at && one.at < at + 60_000).length));
    expect(most).toBeLessThanOrEqual(50);
    expect(most).toBeGreaterThan(45);
  });

  it('tells how much room there is beside what waits', async () => {
    const { timers, budget, send } = budgetOf({ burst: 3 });
    expect(budget.room()).toBe(3);
    for (const what of ['a', 'b', 'c', 'd']) budget.message().show(send(what));
    await timers.pass(0);
    expect(budget.room()).toBe(-1);
    await timers.pass(4_000);
    expect(budget.room()).toBe(2);
    budget.pauseFor(1_000);
    expect(budget.room()).toBe(0);
    await timers.pass(1_000);
    expect(budget.room()).toBe(2);
    budget.close();
    expect(budget.room()).toBe(0);
  });

  it('sends only the newest of the states that wait', async () => {
    const { timers, budget, send, names } = budgetOf({ gapMs: 1_200 });
    const message = budget.message();
    for (const what of ['1', '2', '3', '4']) message.show(send(what));
    await timers.pass(1_199);
    expect(names()).toEqual(['1']);
    await timers.pass(1);
    expect(names()).toEqual(['1', '4']);
    await timers.pass(60_000);
    expect(names()).toEqual(['1', '4']);
  });

  it('serves the message that has waited longest, not the one that speaks most', async () => {
    const { timers, budget, send, names } = budgetOf({ perMinute: 2, burst: 1 });
    const [loud, quiet, late] = [budget.message(), budget.message(), budget.message()];
    loud.show(send('loud 0'));
    await timers.pass(0);
    loud.show(send('loud 1'));
    quiet.show(send('quiet'));
    late.show(send('late'));
    loud.show(send('loud 2'));
    await timers.pass(60_000);
    loud.show(send('loud 3'));
    await timers.pass(180_000);
    expect(names()).toEqual(['loud 0', 'loud 2', 'quiet', 'late', 'loud 3']);
  });

  it('sends last states before all others, oldest first, and nothing after them', async () => {
    const { timers, budget, send, names } = budgetOf({ perMinute: 2, burst: 1 });
    const messages = Array.from({ length: 4 }, () => budget.message());
    const [a, b, c, d] = messages;
    a?.show(send('a 0'));
    await timers.pass(0);
    for (const [message, what] of [
      [a, 'a'],
      [b, 'b'],
      [c, 'c'],
      [d, 'd'],
    ] as const)
      message?.show(send(what));
    const ends = [d?.finish(send('d end')), c?.finish(send('c end'))];
    d?.show(send('d after its end'));
    await timers.pass(300_000);
    // c and d waited before they ended, c longer.
    expect(names()).toEqual(['a 0', 'c end', 'd end', 'a', 'b']);
    expect(await Promise.all(ends)).toEqual([true, true]);
  });

  it('never has two edits of one message on the way', async () => {
    const { timers, budget, send, names } = budgetOf();
    const message = budget.message();
    let arrive: (() => void) | undefined;
    message.show(() => new Promise((resolve) => (arrive = () => resolve('sent'))));
    const end = message.finish(send('end'));
    await timers.pass(10_000);
    expect(names()).toEqual([]);
    arrive?.();
    await timers.pass(0);
    expect(names()).toEqual(['end']);
    expect(await end).toBe(true);
  });

  it('pauses for all when the platform asks for it, then sends that state again unless a newer one has come', async () => {
    const { timers, sent, budget, send } = budgetOf();
    const [a, b] = [budget.message(), budget.message()];
    let tries = 0;
    const limited: SendEdit = async () => {
      tries += 1;
      return tries === 1 ? { retryAfterMs: 5_000 } : send('a')();
    };
    a.show(limited);
    await timers.pass(100);
    b.show(send('b'));
    await timers.pass(60_000);
    expect(sent).toEqual([
      { what: 'a', at: 5_000 },
      { what: 'b', at: 5_000 },
    ]);
    a.show(async () => ({ retryAfterMs: 1_000 }));
    await timers.pass(10);
    a.show(send('newer'));
    await timers.pass(10_000);
    expect(sent.slice(2).map(({ what }) => what)).toEqual(['newer']);
  });

  it('can be told to pause', async () => {
    const { timers, sent, budget, send } = budgetOf();
    budget.pauseFor(30_000);
    budget.pauseFor(10_000);
    budget.message().show(send('a'));
    await timers.pass(60_000);
    expect(sent).toEqual([{ what: 'a', at: 30_000 }]);
  });

  it('reports a state that failed and goes on; a last state tells its caller', async () => {
    const { timers, errors, budget, send, names } = budgetOf();
    const message = budget.message();
    const failure = new Error('gone');
    message.show(() => Promise.reject(failure));
    await timers.pass(0);
    message.show(send('next'));
    await timers.pass(0);
    const end = message.finish(() => Promise.reject(failure));
    const told = expect(end).rejects.toBe(failure);
    await timers.pass(0);
    await told;
    expect(errors).toEqual([failure]);
    expect(names()).toEqual(['next']);
  });

  it('drops what waits when it is closed, and says so', async () => {
    const { timers, budget, send, names } = budgetOf();
    budget.pauseFor(1_000);
    const end = budget.message().finish(send('end'));
    budget.close();
    expect(await end).toBe(false);
    expect(await budget.message().finish(send('later'))).toBe(false);
    await timers.pass(10_000);
    expect(names()).toEqual([]);
  });
});
