import type { Delivery } from '../../src/domain/chat.ts';
import type { OpenTrajectory } from '../../src/domain/ports.ts';
import type { Answer } from '../../src/domain/progress.ts';
import type { NewQuestion } from '../../src/domain/question.ts';
import type { NewVote } from '../../src/domain/vote.ts';
import { outcome, questionOf, type TestStore } from '../db/test-store.ts';

export const PLATFORM = 'chat';

/** A workspace of a chat platform, with the worker that answers in it. */
export function openTeam({ loop, journal }: TestStore, workspace: string) {
  const where = { platform: PLATFORM, workspace };
  const ask = async (key: string, more: Partial<NewQuestion> = {}): Promise<string> =>
    (await loop.ask(questionOf(key, { ...where, ...more }))).questionId;
  const take = async (questionId: string, worker = 'w1'): Promise<OpenTrajectory> => {
    const held = await journal.begin(questionId, worker);
    if (typeof held === 'string') throw new Error(`the question is not to be had: ${held}`);
    return held;
  };
  const finish = async (questionId: string, answer: string = outcome.answer): Promise<Answer> => {
    await journal.finish(await take(questionId), { ...outcome, answer });
    const stored = await loop.answer(questionId);
    if (stored === undefined) throw new Error('no answer');
    return stored;
  };
  /** Asks and answers. */
  const answered = async (key: string, more: Partial<NewQuestion> = {}): Promise<Answer> =>
    finish(await ask(key, more), `answer ${key}`);
  const rate = (
    answerId: string,
    vote: NewVote['vote'],
    more: Partial<Pick<NewVote, 'only' | 'reason' | 'means'>> & { person?: string } = {},
  ) => {
    const { person = 'ada', ...rest } = more;
    return loop.rate({ ...where, answerId, person: { key: person, name: person }, vote, ...rest });
  };
  return { where, ask, take, finish, answered, rate };
}

/** Delivers until stopped, as an adapter would. */
export function startDelivery(
  { desk }: TestStore,
  post: (delivery: Delivery, isHeld: () => boolean) => Promise<void>,
  concurrency?: number,
): { stop(): Promise<void> } {
  const stop = new AbortController();
  const done = desk.deliver(PLATFORM, post, { signal: stop.signal, ...(concurrency !== undefined && { concurrency }) });
  return {
    stop() {
      stop.abort();
      return done;
    },
  };
}
