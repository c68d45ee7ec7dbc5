import { describe, expect, it } from 'vitest';
import { gateCounts } from '../../gpu-worker/jobs/gate-questions.ts';
import { compare, judge, LEAST_DIFFERENCE, lowerBound } from '../../gpu-worker/jobs/gate-verdict.ts';
import { TASK_KINDS } from '../../gpu-worker/tasks/tasks.ts';

interface Cells {
  readonly both?: number;
  readonly candidate?: number;
  readonly opponent?: number;
  readonly neither?: number;
}

/** Outcomes with these cells of the 2 × 2 table. */
function outcomes({ both = 0, candidate = 0, opponent = 0, neither = 0 }: Cells) {
  const cells = [
    [both, true, true],
    [candidate, true, false],
    [opponent, false, true],
    [neither, false, false],
  ] as const;
  const side = (of: 1 | 2) => cells.flatMap((cell) => Array.from({ length: cell[0] }, () => cell[of]));
  return { candidate: side(1), opponent: side(2) };
}
const compared = (cells: Cells) => {
  const { candidate, opponent } = outcomes(cells);
  return compare(candidate, opponent);
};

describe('the comparison of two policies on the same questions', () => {
  it('has the bound of Agresti and Min', () => {
    // p12 = 4.5/100, p21 = 9.5/100: −0.05 − 1.2816 √((0.14 − 0.0025)/100) = −0.05 − 1.2816 · 0.0370810
    const small = compared({ both: 80, candidate: 4, opponent: 9, neither: 5 });
    expect(small).toMatchObject({ bothRight: 80, onlyCandidate: 4, onlyOpponent: 9 });
    expect(small.difference).toBeCloseTo(-5 / 98, 12);
    expect(small.lowerBound).toBeCloseTo(-0.097523, 6);
    // Agresti's poll of a prime minister, 1,600 people asked twice: 64/1602 − 1.2816 · 0.0095578
    const poll = compared({ both: 794, candidate: 150, opponent: 86, neither: 570 });
    expect(poll.difference).toBeCloseTo(0.04, 12);
    expect(poll.lowerBound).toBeCloseTo(0.027701, 6);
  });

  it('is symmetric', () => {
    const [a, b] = [
      compared({ both: 50, candidate: 7, opponent: 3 }),
      compared({ both: 50, candidate: 3, opponent: 7 }),
    ];
    expect(a.difference).toBe(-b.difference);
    // The bounds lie as far under the differences' estimates, ±4/62.
    expect(a.lowerBound - 4 / 62).toBeCloseTo(b.lowerBound + 4 / 62, 12);
    expect(compared({ both: 50, candidate: 5, opponent: 5 }).difference).toBe(0);
  });

  it('knows that equal outcomes of few questions prove little', () => {
    expect(compared({ both: 300, neither: 100 })).toMatchObject({ difference: 0, onlyCandidate: 0, onlyOpponent: 0 });
    expect(compared({ both: 300, neither: 100 }).lowerBound).toBeCloseTo(-1.2816 / 402, 12);
    expect(compared({ both: 23 }).lowerBound).toBeLessThan(LEAST_DIFFERENCE);
    expect(compared({ both: 24 }).lowerBound).toBeGreaterThan(LEAST_DIFFERENCE);
    expect(compared({}).lowerBound).toBeLessThan(LEAST_DIFFERENCE);
  });

  it('refuses lists of different lengths', () => {
    expect(() => compare([true], [true, false])).toThrow(RangeError);
  });
});

describe('the verdict', () => {
  const kinds = [...Array.from({ length: 500 }, () => 'words'), ...Array.from({ length: 500 }, () => 'dates')];
  const even = outcomes({ both: 470, candidate: 10, opponent: 10, neither: 10 });
  /** 91.2 % against 97 % */
  const worse = outcomes({ both: 450, candidate: 6, opponent: 35, neither: 9 });
  const gate = (dates: typeof even) => ({
    candidate: [...even.candidate, ...dates.candidate],
    right: [...even.opponent, ...dates.opponent],
  });

  it('passes a candidate of the same level, with figures of every kind', () => {
    const { candidate, right } = gate(even);
    const verdict = judge(kinds, { candidate, opponents: [{ version: 3, right }] });
    expect(verdict.passed).toBe(true);
    expect(verdict.reasons).toEqual([]);
    expect(verdict.summary).toBe(
      'Passed: 96.0 % right against 96.0 % of policy 3 (lower bound −0.8 points), on 1,000 questions of 2 kinds.',
    );
    expect(verdict.kinds.map(({ kind, total }) => [kind, total])).toEqual([
      ['words', 500],
      ['dates', 500],
    ]);
    expect(verdict.overall).toMatchObject({
      total: 1_000,
      candidate: 0.96,
      opponents: [{ version: 3, accuracy: 0.96 }],
    });
    expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict);
  });

  it('refuses one that is worse in one kind than one opponent, and says where and by how much', () => {
    const { candidate, right } = gate(worse);
    const same = { version: 2, right: candidate };
    const verdict = judge(kinds, { candidate, opponents: [same, { version: 3, right }] });
    expect(verdict.passed).toBe(false);
    expect(verdict.reasons).toEqual(['dates: 91.2 % against 97.0 % of policy 3, lower bound −7.4 points']);
    expect(verdict.summary).toBe(
      'Refused: it may be worse by more than 5 points in dates, on 1,000 questions of 2 kinds.',
    );
    expect(verdict.kinds[1]?.opponents).toMatchObject([
      { version: 2, difference: 0, onlyCandidate: 0, onlyOpponent: 0 },
      { version: 3, difference: -0.058, onlyCandidate: 6, onlyOpponent: 35 },
    ]);
  });

  it('refuses one that is worse over all questions', () => {
    const all = outcomes({ both: 400, opponent: 60, neither: 40 });
    const verdict = judge(kinds, {
      candidate: [...all.candidate, ...all.candidate],
      opponents: [{ version: 0, right: [...all.opponent, ...all.opponent] }],
    });
    expect(verdict.reasons.map((reason) => reason.split(':')[0])).toEqual(['words', 'dates', 'all kinds']);
    expect(verdict.summary).toContain('in words, dates and all kinds,');
  });

  it('needs an opponent, and an outcome for each question', () => {
    expect(() => judge(['dates'], { candidate: [true], opponents: [] })).toThrow(RangeError);
    expect(() => judge(['dates'], { candidate: [], opponents: [{ version: 0, right: [true] }] })).toThrow(RangeError);
  });
});

describe('a gate of the default size', () => {
  const logFactorials = [0];
  for (let n = 1; n <= 1_000; n += 1) logFactorials.push((logFactorials[n - 1] ?? 0) + Math.log(n));
  const logFactorial = (n: number) => logFactorials[n] ?? Number.NaN;
  const binomial = (n: number, k: number, p: number) =>
    Math.exp(logFactorial(n) - logFactorial(k) - logFactorial(n - k) + k * Math.log(p) + (n - k) * Math.log(1 - p));

  /** How likely a candidate as good as its opponent is refused by a kind, when they part on this share of the questions. */
  function refused(questions: number, parting: number): number {
    let sum = 0;
    for (let apart = 0; apart <= questions; apart += 1) {
      const weight = binomial(questions, apart, parting);
      if (weight < 1e-9) continue;
      for (let candidate = 0; candidate <= apart / 2; candidate += 1) {
        if (lowerBound(questions, candidate, apart - candidate) >= LEAST_DIFFERENCE) break;
        sum += weight * binomial(apart, candidate, 0.5);
      }
    }
    return sum;
  }

  it('refuses an equal candidate in fewer than one gate in twenty', () => {
    const passed = TASK_KINDS.reduce(
      (all, kind) => all * (1 - refused(gateCounts[kind], kind === 'gameof24' ? 0.2 : 0.06)),
      1,
    );
    expect(1 - passed).toBeGreaterThan(0.03);
    expect(1 - passed).toBeLessThan(0.04);
  });
});
