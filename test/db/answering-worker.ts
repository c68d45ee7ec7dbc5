import { setTimeout as delay } from 'node:timers/promises';
import type { WorkspaceOfPlatform } from '../../src/domain/chat.ts';
import { outcome, type TestStore, turnOf } from './test-store.ts';

/** Answers what is asked, in turn, as a worker would; `hold` keeps it from ending, `rest` from beginning. */
export function openWorker({ desk, journal }: TestStore, { platform, workspace }: WorkspaceOfPlatform) {
  const stop = new AbortController();
  let isHeld = false;
  /** Taking a question often looks as if it had been the end of many workers. */
  const taken = new Set<string>();
  let isResting = false;
  let turns = 1;
  let answer = (text: string) => `answer to ${text}`;
  async function work(): Promise<void> {
    while (!stop.signal.aborted) {
      for (const { questionId } of await desk.openQuestions(platform, workspace)) {
        if (stop.signal.aborted) return;
        if (isResting) break;
        if (isHeld && taken.has(`${questionId} ${turns}`)) continue;
        taken.add(`${questionId} ${turns}`);
        const held = await journal.begin(questionId, 'worker');
        if (typeof held === 'string') continue;
        for (let turn = held.turns.length + 1; turn <= turns; turn += 1) await journal.appendTurn(held, turnOf(turn));
        if (!isHeld) await journal.finish(held, { ...outcome, answer: answer(held.text) });
      }
      await delay(20);
    }
  }
  const done = work();
  return {
    hold(): void {
      isHeld = true;
    },
    rest(): void {
      isResting = true;
    },
    letGo(): void {
      isHeld = false;
      isResting = false;
    },
    takeTurns(count: number): void {
      turns = count;
    },
    answerWith(next: (text: string) => string): void {
      answer = next;
    },
    async close(): Promise<void> {
      stop.abort();
      await done;
    },
  };
}
export type Worker = ReturnType<typeof openWorker>;
