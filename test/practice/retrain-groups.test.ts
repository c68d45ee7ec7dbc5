import { describe, expect, it } from 'vitest';
import { dealtOut, type RatedMember, weighed } from '../../gpu-worker/jobs/retrain-groups.ts';
import { ratedQuestions } from '../../gpu-worker/jobs/retrain-questions.ts';
import type { RatedAnswer } from '../../src/domain/reward.ts';

const turns = [{ promptIds: [1], actionIds: [2], oldLogProbabilities: [-1] }];
const member = (up: number | null, down = 0): RatedMember => ({
  answer: `${up} ${down}`,
  votes: up === null ? null : { up, down },
  turns,
});
const unrated = member(null);
const advantages = (questions: readonly (readonly RatedMember[])[]): number[][] =>
  weighed(questions, 0.25).map(({ members }) => members.map(({ advantage }) => advantage));

describe('advantages from votes', () => {
  it('are of the group where people part its answers, of the pool elsewhere, and none for what nobody rated', () => {
    // R: 0.9, 0.1, 0.5; 0.8; 0.2.
    const [parted = [], liked = [], disliked = []] = advantages([
      [member(8), unrated, member(0, 8), member(4, 4)],
      [member(3), member(3), unrated],
      [unrated, member(0, 3)],
      [unrated, unrated],
    ]);
    const std = Math.sqrt((0.4 ** 2 + 0.4 ** 2) / 3);
    expect(parted).toEqual([expect.closeTo(0.4 / std, 5), 0, expect.closeTo(-0.4 / std, 5), expect.closeTo(0, 5)]);
    expect(liked).toEqual([expect.closeTo(0.6), expect.closeTo(0.6), 0]);
    expect(disliked).toEqual([0, expect.closeTo(-0.6)]);
  });

  it('stay small where votes part hardly anything', () => {
    const [group = []] = advantages([[member(12, 11), member(11, 12)]]);
    expect(group).toEqual([expect.closeTo(0.08, 5), expect.closeTo(-0.08, 5)]);
  });

  it('weigh questions alike, and all anchors together as much as is set', () => {
    const groups = weighed([[member(8), unrated], [member(0, 8)], [member(2, 6)], [member(5, 3)]], 0.25);
    const batches = dealtOut(groups, [3, 1, 2, 0], [turns, turns, turns], { minibatches: 2, anchorWeight: 3 });
    expect(batches.map(({ kept }) => kept)).toEqual([2, 2]);
    for (const { members } of batches) {
      const sum = (ofAnchors: boolean) =>
        members
          .filter((m) => (m.turns === turns && m.weight >= 1) === ofAnchors)
          .reduce((s, { weight }) => s + weight, 0);
      expect(sum(true)).toBeCloseTo(3);
      expect(sum(false)).toBeCloseTo(1);
      expect(members.every((m) => (m.isAnchor === true) === m.weight >= 1)).toBe(true);
    }
  });
});

describe('a rated question', () => {
  const at = new Date('2026-01-05T10:00:00Z');
  const answer = (more: Partial<RatedAnswer>): RatedAnswer => ({
    ...{ answerId: '', answer: '23 days.', question: 'how long?', askedAt: at, past: [], notes: [], policyVersion: 0 },
    ...{ turns: [], up: 1, down: 0 },
    ...more,
  });

  it('joins equal questions of a day, adds up the votes on equal answers, and rewards no other answer', () => {
    const questions = ratedQuestions(
      [
        answer({}),
        answer({ answer: '23 DAYS', askedAt: new Date('2026-01-05T12:00:00Z'), down: 1 }),
        answer({ answer: '3 weeks and 2 days', up: 0, down: 2 }),
        answer({ askedAt: new Date('2026-01-06T10:00:00Z') }),
        answer({ notes: ['a fact'] }),
        answer({ past: [{ text: 'before', answer: 'this', turns: [] }] }),
      ],
      'UTC',
    );
    expect(questions.map(({ live }) => live.length)).toEqual([3, 1, 1, 1]);
    const [first] = questions;
    expect(first?.votesOn(' 23 days!')).toEqual({ up: 2, down: 1 });
    expect(first?.votesOn('3 weeks and 2 days.')).toEqual({ up: 0, down: 2 });
    expect(first?.votesOn('24 days')).toBeNull();
  });
});
