import { describe, expect, it } from 'vitest';
import { missedVotes, type SeenReactions } from '../../adapters/delivery/missed-votes.ts';
import type { RecentAnswer } from '../../src/domain/chat.ts';

type Thumbs = Readonly<Record<string, readonly ('up' | 'down')[]>>;

const answer = (message: string, ...votes: RecentAnswer['votes']): RecentAnswer => ({ message, answerId: 'a', votes });
const seen = (message: string, thumbs: Thumbs, isWhole = true): SeenReactions => ({
  message,
  votes: new Map(Object.entries(thumbs)),
  isWhole,
});
const by = (person: string, vote: 'up' | 'down', means: 'reaction' | 'button' = 'reaction') => ({
  ...{ person, vote, means },
});

describe('votes that were missed', () => {
  it('are those that the reactions say and that do not stand, and those that stand without a reaction', () => {
    const answers = [answer('m', by('ann', 'up'), by('bob', 'down'), by('cid', 'up'))];
    expect(missedVotes([seen('m', { ann: ['up'], bob: ['up'], dan: ['down'] })], answers)).toEqual([
      { message: 'm', person: 'bob', vote: 'up', isAdded: true, insteadOf: 'down' },
      { message: 'm', person: 'dan', vote: 'down', isAdded: true, insteadOf: 'clear' },
      { message: 'm', person: 'cid', vote: 'up', isAdded: false, insteadOf: 'up' },
    ]);
  });

  it('are none by people who rated by button, or left both thumbs when one of them stands', () => {
    const answers = [answer('m', by('ann', 'up', 'button'), by('bob', 'down'), by('cid', 'up', 'button'))];
    expect(missedVotes([seen('m', { ann: ['down'], bob: ['up', 'down'] })], answers)).toEqual([]);
    expect(missedVotes([seen('m', { eve: ['up', 'down'] })], [answer('m')])).toEqual([
      { message: 'm', person: 'eve', vote: 'down', isAdded: true, insteadOf: 'clear' },
    ]);
  });

  it('are looked for in all parts of an answer together', () => {
    const parts = [answer('m', by('ann', 'up')), answer('n', by('ann', 'up'))];
    expect(missedVotes([seen('m', {}), seen('n', { ann: ['up'] })], parts)).toEqual([]);
    expect(missedVotes([seen('m', {}), seen('n', {})], parts)).toHaveLength(1);
  });

  it('take nobody’s vote away where not everybody was named, and heed no other messages', () => {
    const answers = [answer('m', by('ann', 'up'))];
    expect(missedVotes([seen('m', {}, false), seen('x', { bob: ['up'] })], answers)).toEqual([]);
  });
});
