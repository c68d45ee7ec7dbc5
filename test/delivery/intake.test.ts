import { describe, expect, it } from 'vitest';
import { createIntake } from '../../adapters/delivery/intake.ts';
import { createReadPosition } from '../../adapters/delivery/read-position.ts';
import { systemTimers } from '../../adapters/delivery/timers.ts';
import { positions } from '../../adapters/slack/times.ts';
import { InputError } from '../../src/errors.ts';
import { quiet } from '../db/test-store.ts';
import { ManualTimers } from './manual-timers.ts';

interface Act {
  readonly type: 'kept' | 'other';
  readonly workspace: string;
}

/** An intake whose every act fails. */
function failing(error: Error) {
  const told: unknown[] = [];
  const unused = async () => undefined;
  const intake = createIntake<Act>({
    log: quiet,
    timers: systemTimers,
    signal: new AbortController().signal,
    positionOf: (workspace) =>
      createReadPosition(workspace, {
        positions,
        desk: { readUpTo: unused, setReadUpTo: unused },
        ...{ log: quiet, timers: systemTimers },
      }),
    onLost: () => undefined,
    onInput: () => undefined,
    rules: {
      handle: async () => {
        throw error;
      },
      laneOf: () => undefined,
      before: unused,
      isFleeting: () => false,
      isKeptByNobodyElse: ({ type }) => type === 'kept',
      tellOfFailure: async (_, failure) => void told.push(failure),
    },
  });
  return { intake, told };
}

describe('an act that fails', () => {
  it('is shown to have failed where nobody else keeps it and another try may succeed, and told in any case', async () => {
    const error = new Error('the database is gone');
    const { intake, told } = failing(error);
    await expect(intake.act({ type: 'kept', workspace: 'w' })).rejects.toBe(error);
    await intake.act({ type: 'other', workspace: 'w' });
    expect(told).toEqual([error, error]);
  });

  it('and always will is told only', async () => {
    const error = new InputError('ANSWER_UNKNOWN', 'there is no such answer', 'Rate another one.');
    const { intake, told } = failing(error);
    await intake.act({ type: 'kept', workspace: 'w' });
    expect(told).toEqual([error]);
  });
});

interface Said {
  readonly type: 'said';
  readonly workspace: string;
  readonly text: string;
}

/** An intake of messages, and what it has handled. */
function taking() {
  const timers = new ManualTimers();
  const handled: string[] = [];
  const unused = async () => undefined;
  const position = createReadPosition('w', {
    ...{ positions, log: quiet, timers },
    desk: { readUpTo: unused, setReadUpTo: unused },
  });
  const intake = createIntake<Said>({
    ...{ log: quiet, timers, signal: new AbortController().signal, positionOf: () => position },
    onLost: () => undefined,
    onInput: () => undefined,
    rules: {
      handle: async ({ text }) => void handled.push(text),
      laneOf: () => 'thread',
      before: unused,
      isFleeting: () => false,
      isKeptByNobodyElse: () => false,
      tellOfFailure: unused,
    },
  });
  /** @param failures how often it cannot be read at first */
  const say = (text: string, place: string, failures = 0) => {
    let left = failures;
    return intake.event({
      ...{ id: text, workspace: 'w', place, position: undefined, type: 'message' },
      async parse() {
        left -= 1;
        if (left >= 0) throw new Error('the database is gone');
        return { type: 'said', workspace: 'w', text };
      },
    });
  };
  return { timers, handled, say };
}

describe('an event that cannot be read at first', () => {
  it('is not overtaken by those that come after it in its place, nor waited for elsewhere', async () => {
    const { timers, handled, say } = taking();
    const taken = [say('first', 'here', 2), say('second', 'here'), say('elsewhere', 'there')];
    await timers.pass(1_000);
    expect(handled).toEqual(['elsewhere']);
    await timers.pass(1_000);
    await Promise.all(taken);
    expect(handled).toEqual(['elsewhere', 'first', 'second']);
  });

  it('is waited for only as long as it is tried', async () => {
    const { timers, handled, say } = taking();
    const lost = say('first', 'here', 1_000);
    lost.catch(() => undefined);
    const next = say('second', 'here');
    await timers.pass(180_000);
    await next;
    expect(handled).toEqual(['second']);
  });
});
