import { describe, expect, it } from 'vitest';
import { normalisedAnswer, poolAdvantages, rewardOf } from '../../src/domain/reward.ts';

describe('the reward of an answer', () => {
  it('is the share of 👍, shrunken so that one vote is less than certainty', () => {
    expect(rewardOf({ up: 0, down: 0 })).toBe(1 / 2);
    expect(rewardOf({ up: 1, down: 0 })).toBe(2 / 3);
    expect(rewardOf({ up: 0, down: 1 })).toBe(1 / 3);
    expect(rewardOf({ up: 7, down: 1 })).toBe(0.8);
    expect(rewardOf({ up: 98, down: 0 })).toBe(0.99);
  });
});

describe('answers', () => {
  it.each([
    ['It is 1,234.50 km.', 'it is  1234.5 km'],
    ['23 days until 24 December.', '23 days until 24 december'],
    ['14:05', '“14:05”!'],
    ['2:30 p.m.', '2:30 PM'],
    ['It’s -3', "it's −3."],
    ['1\u202f000\u202f000', '1000000'],
    ['.5', '0.50'],
    ['5 km', '5km'],
    ['Noted: the door, the blue one', 'noted the door the blue one'],
    ['cafe\u0301', 'CAFÉ'],
  ])('are the same: %s and %s', (a, b) => expect(normalisedAnswer(a)).toBe(normalisedAnswer(b)));

  it.each([
    ['3 weeks and 2 days', '23 days'],
    ['-3', '3'],
    ['5 - 3', '5 + 3'],
    ['(13 − 1) × 2', '13 − 1 × 2'],
    ['14:05', '14.05'],
    ['1.2.10', '1.2.1'],
    ['0047', '47'],
    ['10²', '102'],
    ['5 %', '5'],
    ['$5', '€5'],
    ['1/2', '12'],
    ['≈ 0.33', '0.33'],
    ['１', '２'],
  ])('are not the same: %s and %s', (a, b) => expect(normalisedAnswer(a)).not.toBe(normalisedAnswer(b)));
});

describe('the pool', () => {
  it('measures each reward by the mean of the others', () => {
    expect(poolAdvantages([0.9, 0.5, 0.1])).toEqual([
      0.9 - 0.6 / 2,
      0.5 - (0.9 + 0.5 + 0.1 - 0.5) / 2,
      0.1 - (1.5 - 0.1) / 2,
    ]);
    expect(poolAdvantages([1, 0])).toEqual([1, -1]);
  });

  it('has nothing to say of one reward alone, and little of rewards that are nearly equal', () => {
    expect(poolAdvantages([0.9])).toEqual([0]);
    expect(poolAdvantages(Array.from({ length: 20 }, () => 4 / 6))).toEqual(Array.from({ length: 20 }, () => 0));
    for (const A of poolAdvantages([0.51, 0.49, 0.5])) expect(Math.abs(A)).toBeLessThan(0.02);
  });
});
