import { describe, expect, it } from 'vitest';
import { evaluate } from '../../gpu-worker/tools/arithmetic.ts';
import { combine, puzzleIn } from '../../gpu-worker/tools/combine.ts';
import type { Turn } from '../../src/domain/trajectory.ts';
import { outcome, pastTurn, seeded, toolContext } from './tool-context.ts';

/** Plays the commands one after the other, the trajectory's turns being the only memory. */
async function play(numbers: readonly string[], commands: readonly string[], target = '24'): Promise<string[]> {
  const turns: Turn[] = [];
  const shown: string[] = [];
  for (const command of commands) {
    const context = toolContext({ puzzle: { numbers, target }, turns: [...turns] });
    const said = await outcome(async () => (await combine.run(command, context)).result);
    const error = said.startsWith('error: ') ? said.slice(7) : null;
    turns.push(
      pastTurn({ turn: turns.length + 1, tool: 'combine', command, result: error === null ? said : '', error }),
    );
    shown.push(said);
  }
  return shown;
}

describe('combine', () => {
  it('plays the worked example', async () => {
    expect(await play(['1', '1', '1', '13'], ['13 - 1', '1 + 1', '12 * 2'])).toEqual([
      '12, left 1 1 12',
      '2, left 2 12',
      '24, reached: (13 - 1) * (1 + 1)',
    ]);
  });

  it('brings the numbers back after a failed attempt', async () => {
    expect(await play(['1', '2', '3'], ['1 + 2', '3 + 3', '3 * 2'])).toEqual([
      '3, left 3 3',
      '6, not 24, left 1 2 3',
      '6, left 1 6',
    ]);
  });

  it('refuses illegal moves and changes nothing', async () => {
    expect(
      await play(['1', '1', '1', '13'], ['16 - 2', '13 + 13', 'thirteen', '13', '13 - 1 - 1', '1 / 0', '', '13 - 1']),
    ).toEqual([
      'error: 16 is not there, left 1 1 1 13',
      'error: 13 is not there, left 1 1 1 13',
      'error: say two numbers and + - * or /, left 1 1 1 13',
      'error: say two numbers and + - * or /, left 1 1 1 13',
      'error: say two numbers and + - * or /, left 1 1 1 13',
      'error: 0 is not there, left 1 1 1 13',
      'error: say two numbers and + - * or /, left 1 1 1 13',
      '12, left 1 1 12',
    ]);
    expect((await play(['1', '1', '2'], ['1 - 1', '2 / 0', '2 * 0']))[1]).toBe('error: division by zero, left 0 2');
  });

  it('counts in exact fractions, with and without spaces', async () => {
    expect(await play(['3', '3', '8', '8'], ['8/3', '3 - 8/3', '8/1/3'])).toEqual([
      '8/3, left 8/3 3 8',
      '1/3, left 1/3 8',
      '24, reached: 8 / (3 - 8 / 3)',
    ]);
  });

  it('takes negative numbers and other targets', async () => {
    expect(await play(['2', '5', '13'], ['2 - 5', '13 + -3'], '10')).toEqual([
      '-3, left -3 13',
      '10, reached: 13 + 2 - 5',
    ]);
  });

  it('says when there are no numbers', async () => {
    const said = await outcome(async () => (await combine.run('1 + 1', toolContext({ question: 'hello' }))).result);
    expect(said).toBe('error: there are no numbers to combine');
  });

  it.each([
    ['Make 24 from 1, 1, 1 and 13', '1 1 1 13 → 24'],
    ['Use 4, 6, 8 and 24 to make 24', '4 6 8 24 → 24'],
    ['game of 24: 2 3 4 5', '2 3 4 5 → 24'],
    ['Reach 10 with 2, 3 and 5', '2 3 5 → 10'],
  ])('reads the puzzle in %s', (question, expected) => {
    const puzzle = puzzleIn(question);
    expect(`${puzzle?.numbers.join(' ')} → ${puzzle?.target}`).toBe(expected);
  });

  /** A solver of its own: floating point, all orders, with the moves as commands. */
  function solve(numbers: readonly number[]): string[] | undefined {
    if (numbers.length === 1) return Math.abs((numbers[0] ?? 0) - 24) < 1e-9 ? [] : undefined;
    for (const [i, a] of numbers.entries()) {
      for (const [j, b] of numbers.entries()) {
        if (i === j || !Number.isInteger(a) || !Number.isInteger(b)) continue;
        const rest = numbers.filter((_, index) => index !== i && index !== j);
        for (const [operator, value] of [
          ['+', a + b],
          ['-', a - b],
          ['*', a * b],
          ['/', b === 0 ? Number.NaN : a / b],
        ] as const) {
          if (!Number.isInteger(value)) continue;
          const moves = solve([...rest, value]);
          if (moves) return [`${a} ${operator} ${b}`, ...moves];
        }
      }
    }
    return undefined;
  }

  it('reaches the target exactly when a solver says so, with a true expression', async () => {
    const random = seeded(24);
    let solved = 0;
    for (let i = 0; i < 150; i++) {
      const numbers = Array.from({ length: 2 + (i % 3) }, () => 1 + Math.floor(random() * 13));
      const moves = solve(numbers);
      if (!moves) continue;
      solved++;
      const last = (await play(numbers.map(String), moves)).at(-1) ?? '';
      const expression = /^24, reached: (.+)$/.exec(last)?.[1] ?? '';
      expect(evaluate(expression).value, last).toEqual({ n: 24n, d: 1n });
      const used = expression
        .match(/\d+/g)
        ?.map(Number)
        .sort((a, b) => a - b);
      expect(used).toEqual([...numbers].sort((a, b) => a - b));
    }
    expect(solved).toBeGreaterThan(50);
  });

  it('agrees with floating point on random play', async () => {
    const random = seeded(5);
    const numberOf = (text: string): number => {
      const [n, d = '1'] = text.split('/');
      return Number(n) / Number(d);
    };
    for (let game = 0; game < 60; game++) {
      const numbers = Array.from({ length: 4 }, () => String(1 + Math.floor(random() * 13)));
      const commands: string[] = [];
      let left = numbers;
      while (left.length > 1) {
        const [i, j] = [Math.floor(random() * left.length), Math.floor(random() * left.length)];
        const operator = ['+', '-', '*', '/'][Math.floor(random() * 4)] ?? '+';
        const [a = '', b = ''] = [left[i], left[j]];
        if (i === j || (operator === '/' && b === '0')) continue;
        commands.push(`${a} ${operator} ${b}`);
        const said = (await play(numbers, commands)).at(-1) ?? '';
        const [x, y] = [numberOf(a), numberOf(b)];
        const expected = operator === '+' ? x + y : operator === '-' ? x - y : operator === '*' ? x * y : x / y;
        expect(numberOf(/^[^,]+/.exec(said)?.[0] ?? '')).toBeCloseTo(expected, 6);
        if (left.length === 2) {
          expect(said.includes('reached')).toBe(Math.abs(expected - 24) < 1e-9);
          break;
        }
        left = (/left (.+)$/.exec(said)?.[1] ?? '').split(' ');
        expect(left.length).toBe(numbers.length - commands.length);
      }
    }
  });
});
