import { describe, expect, it } from 'vitest';
import { createIntake } from '../../adapters/delivery/intake.ts';
import { createReadPosition } from '../../adapters/delivery/read-position.ts';
import { systemTimers } from '../../adapters/delivery/timers.ts';
import { positions } from '../../adapters/slack/times.ts';
import { InputError } from '../../src/errors.ts';
import { quiet } from '../db/test-store.ts';

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
