import { describe, expect, it } from 'vitest';
import { type CatchUpSource, createCatchUp } from '../../adapters/delivery/catch-up.ts';
import type { MissedVote } from '../../adapters/delivery/missed-votes.ts';
import { createReadPosition } from '../../adapters/delivery/read-position.ts';
import { positions } from '../../adapters/slack/times.ts';
import type { RecentAnswer } from '../../src/domain/chat.ts';
import { quiet } from '../db/test-store.ts';
import { ManualTimers } from './manual-timers.ts';

/** Answers a, b and c, all in one conversation, under each of which ann has left a 👍 that is no vote yet. */
function comparing({ readsEach }: { readonly readsEach: boolean }) {
  const timers = new ManualTimers();
  const votes = new Map<string, MissedVote['insteadOf']>();
  const reads: string[] = [];
  /** How often reading an answer still fails. */
  const failures = new Map<string, number>();
  const answerOf = (answerId: string): RecentAnswer => {
    const vote = votes.get(answerId);
    const given = vote === undefined || vote === 'clear' ? [] : [{ person: 'ann', vote, means: 'reaction' as const }];
    return { message: `m${answerId}`, answerId, votes: given };
  };
  /** Messages of further parts of each answer. */
  const parts: string[] = [];
  const hooks = { beforeCount: (): void => undefined };
  const source: CatchUpSource = {
    readsEach,
    missedIn: async () => ({ messages: async () => undefined, rest: async () => undefined }),
    async reactionsIn(_, answers) {
      reads.push(answers.map(({ answerId }) => answerId).join(''));
      for (const { answerId } of answers) {
        const left = failures.get(answerId) ?? 0;
        failures.set(answerId, left - 1);
        if (left > 0) throw new Error('503');
      }
      hooks.beforeCount();
      return answers.map(({ message }) => ({ message, votes: new Map([['ann', ['up'] as const]]), isWhole: true }));
    },
    async count(_, { message, vote }) {
      votes.set(message.slice(1), vote);
    },
  };
  const signal = new AbortController().signal;
  const unused = async () => undefined;
  const position = createReadPosition('w', {
    ...{ positions, log: quiet, timers },
    desk: { readUpTo: unused, setReadUpTo: unused },
  });
  const catchUp = createCatchUp({
    ...{ source, positions, log: quiet, timers, signal, positionOf: () => position },
    desk: {
      recentAnswers: async () => ['a', 'b', 'c'].map(answerOf),
      recentConversations: async () => ['c1'],
      partsOf: async (_platform, _workspace, answerId) => [
        answerOf(answerId),
        ...parts.map((message) => ({ ...answerOf(answerId), message })),
      ],
    },
  });
  return { timers, votes, reads, failures, parts, hooks, catchUp };
}

const answer = { conversation: 'c1', answerId: 'a' };

describe('comparing votes', () => {
  it('goes on until it has succeeded', async () => {
    const { timers, votes, failures, catchUp } = comparing({ readsEach: true });
    failures.set('a', 3);
    const done = catchUp.compareSoon('w', answer);
    await timers.pass(60_000);
    await done;
    expect(votes).toEqual(new Map([['a', 'up']]));
  });

  it('is repeated only where it failed, if every answer is read by itself', async () => {
    const { timers, votes, reads, failures, catchUp } = comparing({ readsEach: true });
    failures.set('b', 2);
    const done = catchUp.run('w');
    await timers.pass(60_000);
    await done;
    expect(reads).toEqual(['a', 'b', 'c', 'b', 'b']);
    expect(votes.size).toBe(3);
  });

  it('is repeated by conversation where these are read', async () => {
    const { timers, votes, reads, failures, catchUp } = comparing({ readsEach: false });
    failures.set('b', 1);
    const done = catchUp.run('w');
    await timers.pass(60_000);
    await done;
    expect(reads).toEqual(['abc', 'abc']);
    expect(votes.size).toBe(3);
  });

  it('counts nothing that was told of meanwhile or just before, and looks once more for it', async () => {
    const { timers, votes, reads, hooks, catchUp } = comparing({ readsEach: true });
    hooks.beforeCount = () => {
      catchUp.noteVote('ma', 'ann');
      hooks.beforeCount = () => undefined;
    };
    const done = catchUp.compareSoon('w', answer);
    await timers.pass(4_900);
    expect([votes.size, reads.length]).toEqual([0, 1]);
    await timers.pass(5_000);
    await done;
    expect([votes.size, reads.length]).toEqual([1, 2]);
  });

  it('counts nothing that was told of under another part of the same answer meanwhile', async () => {
    const { timers, votes, catchUp, parts } = comparing({ readsEach: true });
    parts.push('m2');
    catchUp.noteVote('m2', 'ann');
    const done = catchUp.compareSoon('w', answer);
    await timers.pass(4_900);
    expect(votes.size).toBe(0);
    await timers.pass(5_000);
    await done;
    expect(votes.size).toBe(1);
  });

  it('counts what was told of before everything was cleared', async () => {
    const { timers, votes, catchUp } = comparing({ readsEach: true });
    catchUp.noteVote('ma', 'ann');
    catchUp.noteVote('mb', 'ann');
    catchUp.noteCleared('ma');
    await Promise.all([catchUp.compareSoon('w', answer), timers.pass(10)]);
    expect(votes).toEqual(new Map([['a', 'up']]));
  });

  it('waits as long as it was told to, and begins with what is due before', async () => {
    const { timers, reads, catchUp } = comparing({ readsEach: true });
    const done = catchUp.compareSoon('w', answer, 5_000);
    await timers.pass(1_000);
    void catchUp.compareSoon('w', { ...answer, answerId: 'b' });
    await timers.pass(1_000);
    expect(reads).toEqual(['b']);
    await timers.pass(5_000);
    await done;
    expect(reads).toEqual(['b', 'a']);
  });
});

/** A workspace that has been read before; what is done with it, in order. */
function reading() {
  const timers = new ManualTimers();
  const done: string[] = [];
  const hooks = { inRest: async (): Promise<void> => undefined, inMessages: async (): Promise<void> => undefined };
  const moved: string[] = [];
  const position = createReadPosition('w', {
    ...{ positions, log: quiet, timers },
    desk: {
      readUpTo: async () => positions.of(Date.now() - 1_000),
      setReadUpTo: async (_platform, _workspace, _place, at) => void moved.push(at),
    },
  });
  const catchUp = createCatchUp({
    ...{ positions, log: quiet, timers, signal: new AbortController().signal, positionOf: () => position },
    source: {
      readsEach: false,
      async missedIn() {
        return {
          async messages(gap) {
            done.push('messages');
            await hooks.inMessages();
            gap.read('here');
          },
          async rest(isInterrupted) {
            await hooks.inRest();
            done.push(isInterrupted() ? 'rest interrupted' : 'rest');
          },
        };
      },
      reactionsIn: async () => [],
      count: async () => undefined,
    },
    desk: { recentAnswers: async () => [], recentConversations: async () => [], partsOf: async () => [] },
  });
  return { timers, done, hooks, moved, catchUp };
}

describe('catching up', () => {
  it('reads what was missed since before it goes on with the rest, so that nothing overtakes it, and then does all of the rest', async () => {
    const { timers, done, hooks, moved, catchUp } = reading();
    let isRead: unknown;
    hooks.inRest = async () => {
      hooks.inRest = async () => undefined;
      void catchUp.run('w');
      void catchUp.caughtUp('w', 'here').then(() => {
        isRead = done.join();
      });
      await timers.pass(2_000);
      expect(moved).toEqual([]);
    };
    await catchUp.run('w');
    await timers.pass(2_000);
    expect(done).toEqual(['messages', 'rest interrupted', 'messages', 'rest']);
    expect(isRead).toBe('messages,rest interrupted,messages');
    expect(moved.length).toBeGreaterThan(0);
  });

  it('reads once for any number of connections that were lost meanwhile', async () => {
    const { done, hooks, catchUp } = reading();
    hooks.inMessages = async () => {
      hooks.inMessages = async () => undefined;
      for (let lost = 0; lost < 1_000; lost += 1) catchUp.expect('w');
    };
    await catchUp.run('w');
    await catchUp.caughtUp('w', 'anywhere');
    expect(done).toEqual(['messages', 'messages', 'rest']);
  });
});
