import { expect, it } from 'vitest';
import { type AttendanceOptions, createAttendance } from '../../adapters/delivery/attendance.ts';
import { positions } from '../../adapters/slack/times.ts';
import type { ChatDesk } from '../../src/domain/chat.ts';
import { quiet } from '../db/test-store.ts';
import { ManualTimers } from './manual-timers.ts';

/** A desk that is gone so many times, and knows of a workspace that was read before. */
function failing(times: number) {
  const state = { tries: 0, readings: 0 };
  const desk: Partial<ChatDesk> = {
    async openQuestions() {
      state.tries += 1;
      if (state.tries <= times) throw new Error('the database is gone');
      return [];
    },
    readUpTo: async () => positions.of(Date.now() - 1_000),
    setReadUpTo: async () => undefined,
    recentAnswers: async () => [],
  };
  const source: AttendanceOptions['source'] = {
    async missedIn() {
      state.readings += 1;
      return { messages: async () => undefined, rest: async () => undefined };
    },
    readsEach: false,
    reactionsIn: async () => [],
    count: async () => undefined,
  };
  return { state, desk: desk as ChatDesk, source };
}

it('goes on with what was open in a workspace as soon as it can, and does not let what was missed wait for it', async () => {
  const timers = new ManualTimers();
  const { state, desk, source } = failing(3);
  const attendance = createAttendance({
    ...{ source, desk, positions, timers, log: quiet },
    board: { show: () => undefined },
    signal: new AbortController().signal,
    inBackground: (_, work) => void work(),
    onResume: async () => undefined,
  });
  const attended = attendance.attend('w');
  await timers.pass(1_000);
  expect(state).toEqual({ tries: 1, readings: 1 });
  await timers.pass(60_000);
  await attended;
  expect(state).toEqual({ tries: 4, readings: 1 });
});
