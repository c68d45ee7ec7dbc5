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
      partsOf: async (_platform, _workspace, answerId) => [answerOf(answerId)],
    },
  });
  return { timers, votes, reads, failures, hooks, catchUp };
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
