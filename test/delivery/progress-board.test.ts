import { describe, expect, it } from 'vitest';
import type { Steps } from '../../adapters/delivery/live-message.ts';
import { createProgressBoard, type ProgressBoard } from '../../adapters/delivery/progress-board.ts';
import type { Progress } from '../../src/domain/progress.ts';
import { InputError } from '../../src/errors.ts';
import { quiet } from '../db/test-store.ts';
import { ManualTimers } from './manual-timers.ts';

const question = { questionId: 'q', conversation: 'c', message: 'm', person: 'p', isDirect: false };
const started: Progress = { type: 'started', questionId: 'q', policyVersion: 0 };
const queued: Progress = { type: 'queued', questionId: 'q' };
const HEARTBEAT_MS = 8_000;

/** @param watches what each watching in turn tells, and fails with, if with anything */
function opened(...watches: readonly { readonly tells: readonly Progress[]; readonly error?: Error }[]) {
  const timers = new ManualTimers();
  const begun: Steps[] = [];
  let beats = 0;
  let watched = 0;
  const unused = async () => undefined;
  const board: ProgressBoard = createProgressBoard({
    ...{ platform: 'test', log: quiet, timers, heartbeatMs: HEARTBEAT_MS },
    signal: new AbortController().signal,
    isPassing: () => true,
    desk: { posted: unused, forgetPost: unused },
    loop: {
      async *watch() {
        const { tells = [], error } = watches[watched] ?? {};
        watched += 1;
        yield* tells;
        if (error !== undefined) throw error;
      },
    },
    placeOf: async () => ({
      calls: {
        hasRoom: () => true,
        // No message is ever posted: the sign that it is being worked on is all there is.
        begin: [async (steps: Steps) => void begun.push(steps)],
        update: unused,
        end: unused,
        isUncertain: () => false,
        retryAfterOf: () => undefined,
      },
      slot: { show: () => undefined, finish: async () => true },
      leftBehind: () => Promise.reject(new Error('nothing was')),
      finish: unused,
      setBusy: async (isBusy) => {
        if (isBusy) beats += 1;
      },
      sayStopped: unused,
      remove: unused,
    }),
  });
  board.show('w', question, null);
  return { board, timers, begun, beats: () => beats, watched: () => watched };
}

describe('the progress of a question', () => {
  it('is watched again where watching fails, without what was shown before', async () => {
    const { timers, begun, watched } = opened(
      { tells: [queued, started], error: new Error('the database is gone') },
      { tells: [queued, started, started] },
    );
    await timers.pass(0);
    expect(watched()).toBe(1);
    await timers.pass(1_000);
    expect(watched()).toBe(2);
    expect(begun).toEqual([[started], [started, started]]);
  });

  it('seems to be worked on while it is, and no longer', async () => {
    const { timers, beats } = opened({ tells: [queued], error: new Error('the database is gone') }, { tells: [] });
    await timers.pass(0);
    expect(beats()).toBe(1);
    await timers.pass(1_000);
    await timers.pass(3 * HEARTBEAT_MS);
    expect(beats()).toBe(1);
  });

  it('is given up for a question that there is not', async () => {
    const { timers, watched } = opened({ tells: [], error: new InputError('QUESTION_UNKNOWN', 'none', 'Ask one.') });
    await timers.pass(0);
    await timers.pass(60_000);
    expect(watched()).toBe(1);
  });
});
