import { describe, expect, it } from 'vitest';
import { otherSource, QuestionDeck, taskSource } from '../../gpu-worker/jobs/practice-questions.ts';
import { entropyFactor, learningRateFactor } from '../../gpu-worker/jobs/practice-settings.ts';
import { createRng } from '../../gpu-worker/tasks/random.ts';
import { isBenchmarkPuzzle, isHeldPuzzle } from '../../gpu-worker/tasks/tasks.ts';

describe('questions to practise', () => {
  it('are puzzles of four that are neither the benchmark’s nor held out, some with numbers up to 20', () => {
    const rng = createRng(1);
    const drawn = Array.from({ length: 200 }, () => taskSource('gameof24')(rng).key.split(' ').map(Number));
    for (const numbers of drawn) {
      expect(numbers).toHaveLength(4);
      expect(isBenchmarkPuzzle(numbers) || isHeldPuzzle(numbers)).toBe(false);
    }
    expect(Math.max(...drawn.flat())).toBeGreaterThan(13);
    expect(Math.max(...drawn.flat())).toBeLessThanOrEqual(20);
  });

  it('come with questions of all other kinds', () => {
    const rng = createRng(2);
    const kinds = new Set(Array.from({ length: 200 }, () => otherSource('gameof24')(rng).key.split(':')[0]));
    expect([...kinds].sort()).toEqual(
      ['convert', 'dates', 'followups', 'notes', 'other', 'problems', 'symbols', 'twotools', 'words'].sort(),
    );
  });

  it('are drawn less often when they are always or never solved', () => {
    const keys = ['easy', 'hard', 'open'] as const;
    const deck = new QuestionDeck((rng) => ({
      key: keys[Math.floor(rng.next() * 3)] ?? 'open',
      notes: [],
      questions: ['?'],
      askedAt: new Date(0),
      isRight: () => false,
    }));
    for (let i = 0; i < 3; i++)
      for (const [key, share] of [
        ['easy', 1],
        ['hard', 0],
        ['open', 0.5],
      ] as const)
        deck.record({ key, notes: [], questions: [], askedAt: new Date(0), isRight: () => false }, share);
    const drawn = deck.draw(3_000, 5).map(({ key }) => key);
    const count = (key: string) => drawn.filter((other) => other === key).length;
    expect(count('open')).toBeGreaterThan(1.4 * count('hard'));
    expect(count('hard')).toBeGreaterThan(1.8 * count('easy'));
    expect(count('easy')).toBeGreaterThan(200);
  });
});

describe('the learning rate', () => {
  it('rises, stays and falls', () => {
    expect(learningRateFactor(1, 0)).toBeCloseTo(0.1);
    expect(learningRateFactor(10, 0.2)).toBe(1);
    expect(learningRateFactor(99, 0.5)).toBe(1);
    expect(learningRateFactor(99, 0.75)).toBeCloseTo(0.525);
    expect(learningRateFactor(99, 1)).toBeCloseTo(0.05);
    expect([0, 0.25, 0.5, 1].map(entropyFactor)).toEqual([1, 0.5, 0, 0]);
  });
});
