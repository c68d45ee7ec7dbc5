import { describe, expect, it } from 'vitest';
import { dealtOut, type RatedMember, weighed } from '../../gpu-worker/jobs/retrain-groups.ts';
import { ratedQuestions } from '../../gpu-worker/jobs/retrain-questions.ts';
import type { RatedAnswer } from '../../src/domain/reward.ts';

const turns = [{ promptIds: [1], actionIds: [2], oldLogProbabilities: [-1] }];
const member = (reward: number | null): RatedMember => ({ reward, answer: String(reward), turns });
const advantages = (questions: readonly (readonly (number | null)[])[]): number[][] =>
  weighed(
    questions.map((rewards) => rewards.map(member)),
    0.25,
  ).map(({ members }) => members.map(({ advantage }) => advantage));

describe('advantages from votes', () => {
  it('are of the group where people part its answers, of the pool elsewhere, and none for what nobody rated', () => {
    const [parted = [], liked = [], disliked = []] = advantages([
      [0.9, null, 0.1, 0.5],
      [0.8, 0.8, null],
      [null, 0.2],
      [null, null],
    ]);
    const std = Math.sqrt((0.4 ** 2 + 0.4 ** 2) / 3);
    expect(parted).toEqual([expect.closeTo(0.4 / std, 5), 0, expect.closeTo(-0.4 / std, 5), expect.closeTo(0, 5)]);
    expect(liked).toEqual([expect.closeTo(0.6), expect.closeTo(0.6), 0]);
    expect(disliked).toEqual([0, expect.closeTo(-0.6)]);
  });

  it('stay small where votes part hardly anything', () => {
    const [group = []] = advantages([[0.52, 0.48]]);
    expect(group).toEqual([expect.closeTo(0.08, 5), expect.closeTo(-0.08, 5)]);
  });

  it('weigh questions alike, and all anchors together as much as is set', () => {
    const groups = weighed([[member(0.9), member(null)], [member(0.1)], [member(0.3)], [member(0.6)]], 0.25);
    const batches = dealtOut(groups, [3, 1, 2, 0], [turns, turns, turns], { minibatches: 2, anchorWeight: 3 });
    expect(batches.map(({ kept }) => kept)).toEqual([2, 2]);
    for (const { members } of batches) {
      const sum = (ofAnchors: boolean) =>
        members
          .filter((m) => (m.turns === turns && m.weight >= 1) === ofAnchors)
          .reduce((s, { weight }) => s + weight, 0);
      expect(sum(true)).toBeCloseTo(3);
      expect(sum(false)).toBeCloseTo(1);
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
    expect(first?.rewardOf(' 23 days!')).toBe(3 / 5);
    expect(first?.rewardOf('3 weeks and 2 days.')).toBe(1 / 4);
    expect(first?.rewardOf('24 days')).toBeNull();
  });
});
