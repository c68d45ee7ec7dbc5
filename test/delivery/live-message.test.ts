import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { SendEdit } from '../../adapters/delivery/edit-budget.ts';
import { createLiveMessage } from '../../adapters/delivery/live-message.ts';
import type { Progress } from '../../src/domain/progress.ts';

const question = { questionId: 'q', conversation: 'c', message: 'm', person: 'p', isDirect: false };
const started: Progress = { type: 'started', questionId: 'q', policyVersion: 0 };
class Refusal extends Error {}

/** A live message of a platform that refuses or fails, with what it was asked for and what was logged above debugging. */
function opened({ begin = [], update }: { begin?: readonly (Error | string)[]; update?: Error }) {
  const calls: string[] = [];
  const logged: string[] = [];
  let sent: Promise<unknown> = Promise.resolve();
  const show = (send: SendEdit) => {
    sent = send().catch(() => undefined);
  };
  const live = createLiveMessage({
    question,
    earlier: null,
    slot: { show, finish: async () => true },
    note: async () => undefined,
    isPassing: (error) => !(error instanceof Refusal),
    log: pino({ level: 'warn' }, { write: (line: string) => void logged.push(line) }),
    calls: {
      hasRoom: () => true,
      begin: begin.map((outcome, way) => async () => {
        calls.push(`begin ${way}`);
        if (typeof outcome === 'string') return outcome;
        throw outcome;
      }),
      async update() {
        calls.push('update');
        if (update !== undefined) throw update;
      },
      end: async () => undefined,
      isUncertain: () => false,
      retryAfterOf: () => undefined,
    },
  });
  /** Shows a step, and resolves when nothing more comes of it. */
  const step = async () => {
    live.show(started);
    await new Promise(setImmediate);
    await sent;
  };
  return { live, step, calls, logged };
}

describe('progress that the platform refuses', () => {
  it('is not begun again in a way that was refused for good', async () => {
    const { step, calls, live } = opened({ begin: [new Refusal('no streams'), new Error('down'), new Refusal('no')] });
    for (let steps = 1; steps <= 3; steps += 1) await step();
    expect(calls).toEqual(['begin 0', 'begin 1', 'begin 2', 'begin 1', 'begin 1']);
    expect(await live.end()).toEqual({ message: null, isCertain: true });
  });

  it('is not tried again in a message that takes no more, which is said once and the message kept for the answer', async () => {
    const { step, calls, live, logged } = opened({ begin: ['the message'], update: new Refusal('too old') });
    for (let steps = 1; steps <= 4; steps += 1) await step();
    expect(calls).toEqual(['begin 0', 'update']);
    expect(logged).toHaveLength(1);
    expect(await live.end()).toEqual({ message: 'the message', isCertain: true });
  });

  it('is tried again where it only failed', async () => {
    const { step, calls } = opened({ begin: ['the message'], update: new Error('down') });
    for (let steps = 1; steps <= 3; steps += 1) await step();
    expect(calls).toEqual(['begin 0', 'update', 'update']);
  });
});
