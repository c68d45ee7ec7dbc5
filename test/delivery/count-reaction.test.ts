import { describe, expect, it } from 'vitest';
import {
  type CountContext,
  countReaction,
  type Reaction,
  type ReactionRules,
} from '../../adapters/delivery/count-reaction.ts';
import { Lanes } from '../../adapters/delivery/lanes.ts';
import type { RecentAnswer } from '../../src/domain/chat.ts';
import type { NewVote } from '../../src/domain/vote.ts';
import { quiet } from '../db/test-store.ts';
import { ManualTimers } from './manual-timers.ts';

type Thumb = 'up' | 'down';

/** What is told of, counted as on a platform that is asked for every reaction. */
function counting({ parts = ['m'] }: { readonly parts?: readonly string[] } = {}) {
  const timers = new ManualTimers();
  const there = new Map<string, readonly Thumb[]>();
  const votes: [NewVote['vote'], NewVote['only']][] = [];
  const compared: number[] = [];
  const state = {
    isNoted: true,
    /** What asking the desk which answer it is throws, once. */
    deskFails: 0,
    look: async (message: string): Promise<readonly Thumb[] | undefined> => there.get(message) ?? [],
  };
  const posted = { answerId: 'a', questionId: 'q', conversation: 'c', part: 0 };
  const context: CountContext = {
    ...{ platform: 'p', log: quiet, timers, signal: new AbortController().signal, startedAt: 0, votes: new Lanes() },
    desk: {
      async answerOf() {
        if (state.deskFails > 0) {
          state.deskFails -= 1;
          throw new Error('the database is gone');
        }
        return state.isNoted ? posted : undefined;
      },
      partsOf: async () => parts.map((message): RecentAnswer => ({ message, answerId: 'a', votes: [] })),
    },
    loop: {
      async rate({ vote, only, answerId }) {
        votes.push([vote, only]);
        return { answerId, vote: vote === 'clear' ? null : vote, changed: true, up: 0, down: 0 };
      },
    },
    inBackground: (_, work) => void work(),
    compareSoon: (_workspace, _answer, afterMs = 0) => void compared.push(afterMs),
  };
  const rules: ReactionRules<Reaction> = {
    atOf: () => 0,
    isWelcome: async () => true,
    votesThere: (_, message) => state.look(message),
    nameOf: async () => undefined,
    thank: async () => undefined,
  };
  const tell = (vote: Thumb, isAdded: boolean, more: Partial<Reaction> = {}) =>
    countReaction(
      { workspace: 'w', message: 'm', person: { key: 'ann', name: '' }, vote, isAdded, ...more },
      rules,
      context,
    );
  return { timers, there, votes, compared, state, tell };
}

describe('a reaction to what is being posted', () => {
  it('is compared when it cannot be looked up once it is known what the message is', async () => {
    const { timers, votes, compared, state, tell } = counting();
    state.isNoted = false;
    state.look = async () => {
      throw new Error('503');
    };
    await tell('up', true);
    state.isNoted = true;
    await timers.pass(1_000);
    expect(votes).toEqual([]);
    expect(compared).toEqual([0]);
  });

  it('counts also when the database is gone for a moment, or nobody tells what is there', async () => {
    const { timers, there, votes, state, tell } = counting();
    state.isNoted = false;
    there.set('m', ['up']);
    await tell('up', true);
    state.isNoted = true;
    state.deskFails = 1;
    await timers.pass(1_000);
    expect(votes).toEqual([['up', null]]);
    const refused = counting();
    refused.state.isNoted = false;
    refused.state.look = async () => undefined;
    await refused.tell('up', true);
    refused.state.isNoted = true;
    await refused.timers.pass(1_000);
    expect(refused.votes).toEqual([['up', null]]);
  });

  it('counts before what the person does next, however long it takes', async () => {
    const { timers, there, votes, state, tell } = counting();
    state.isNoted = false;
    there.set('m', ['down']);
    let answer = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    state.look = async (message) => {
      const found = there.get(message) ?? [];
      state.look = async (other) => there.get(other) ?? [];
      await asked;
      return found;
    };
    await tell('down', true);
    state.isNoted = true;
    await timers.pass(250);
    there.set('m', ['down', 'up']);
    const next = tell('up', true);
    await timers.pass(1);
    expect(votes).toEqual([]);
    answer();
    await next;
    expect(votes).toEqual([
      ['down', null],
      ['up', null],
    ]);
  });
});

describe('a reaction', () => {
  it('that is read is counted before what is told of it meanwhile, and only where the vote is as it was read', async () => {
    const { timers, there, votes, state, tell } = counting();
    there.set('m', ['up']);
    let answer = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    state.look = async (message) => {
      const found = there.get(message) ?? [];
      state.look = async (other) => there.get(other) ?? [];
      await asked;
      return found;
    };
    const read = tell('up', true, { insteadOf: 'clear' });
    await timers.pass(1);
    there.set('m', []);
    const told = tell('up', false);
    answer();
    await Promise.all([read, told]);
    expect(votes).toEqual([
      ['up', 'clear'],
      ['clear', 'up'],
    ]);
  });

  it('that is taken back leaves the other thumb at once, and the same one under another part', async () => {
    const { there, votes, tell } = counting({ parts: ['m', 'n'] });
    there.set('m', ['down']);
    await tell('up', false);
    expect(votes).toEqual([['down', 'up']]);
    there.set('m', []);
    there.set('n', ['down']);
    await tell('down', false);
    expect(votes).toHaveLength(1);
    there.delete('n');
    await tell('down', false);
    expect(votes.slice(1)).toEqual([['clear', 'down']]);
  });

  it('that is not there as it was told of is compared once the platform shows what was done', async () => {
    const { there, votes, compared, tell } = counting();
    await tell('up', true);
    there.set('m', ['down']);
    await tell('down', false);
    expect(votes).toEqual([]);
    expect(compared).toEqual([5_000, 5_000]);
    await tell('up', true, { insteadOf: 'clear' });
    expect(compared).toHaveLength(2);
  });
});
