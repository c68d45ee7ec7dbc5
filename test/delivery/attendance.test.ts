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

function attending(options: Pick<AttendanceOptions, 'desk' | 'source'>, signal = new AbortController().signal) {
  const timers = new ManualTimers();
  const attendance = createAttendance({
    ...{ ...options, positions, timers, signal, log: quiet },
    board: { show: () => undefined },
    inBackground: (_, work) => void work(),
    onResume: async () => undefined,
  });
  return { timers, attendance };
}

it('goes on with what was open in a workspace as soon as it can, and does not let what was missed wait for it', async () => {
  const { state, ...given } = failing(3);
  const { timers, attendance } = attending(given);
  const attended = attendance.attend('w');
  await timers.pass(1_000);
  expect(state).toEqual({ tries: 1, readings: 1 });
  await timers.pass(60_000);
  await attended;
  expect(state).toEqual({ tries: 4, readings: 1 });
});

it('catches up with all workspaces once it is known which there are, with growing pauses before', async () => {
  const { state, ...given } = failing(0);
  const { timers, attendance } = attending(given);
  const asked: number[] = [];
  const attended = attendance.attendAll(async () => {
    asked.push(timers.now());
    if (asked.length <= 3) throw new Error('the database is gone');
    return ['v', 'w'];
  });
  await timers.pass(60_000);
  await attended;
  expect(asked).toEqual([0, 2_000, 6_000, 14_000]);
  expect(state).toEqual({ tries: 2, readings: 2 });
});

it('asks no more once its life has ended', async () => {
  const { desk, source } = failing(0);
  const life = new AbortController();
  const { timers, attendance } = attending({ desk, source }, life.signal);
  let asked = 0;
  const attended = attendance.attendAll(async () => {
    asked += 1;
    throw new Error('the database is gone');
  });
  await timers.pass(3_000);
  life.abort();
  await attended;
  await timers.pass(120_000);
  expect(asked).toBe(2);
});
