import { describe, expect, it } from 'vitest';
import { calculator } from '../../gpu-worker/tools/calculator.ts';
import { outcome, seeded, toolContext } from './tool-context.ts';

const calculate = (command: string) => outcome(async () => (await calculator.run(command, toolContext())).result);

describe('calculator', () => {
  it.each([
    ['17 * 23 + 4', '395'],
    ['2 + 3 * 4', '14'],
    ['(2 + 3) * 4', '20'],
    ['10 - 3 - 2', '5'],
    ['100 / 10 / 2', '5'],
    ['2^3^2', '512'],
    ['-2^2', '-4'],
    ['(-2)^2', '4'],
    ['2^-1', '0.5'],
    ['--3', '3'],
    ['2 * -3', '-6'],
    ['0.1 + 0.2', '0.3'],
    ['.5 * 4', '2'],
    ['1/3 + 1/6', '0.5'],
    ['8/3', '8/3 ≈ 2.6667'],
    ['-7/3', '-7/3 ≈ -2.3333'],
    ['123456789/7654321', '≈ 16.129'],
    ['1/3 * 3', '1'],
    ['1/1024', '0.0009765625'],
    ['1/3000000', '≈ 0.00000033333'],
    ['1,234.5 × 2', '2469'],
    ['7 ÷ 2 =', '3.5'],
    ['5 − 8', '-3'],
    ['1.5x2', '3'],
    ['2(3+4)', '14'],
    ['(1+2)(3+4)', '21'],
    ['2**10', '1024'],
    ['12²', '144'],
    ['2⁴', '16'],
    ['10⁻²', '0.01'],
    ['2¹⁰ - 1', '1023'],
    ['3½ * 2', '7'],
    ['1⅜ + 1', '2.375'],
    ['⅕ of 10', '2'],
    ['15% of 80', '12'],
    ['50 %', '0.5'],
    ['200 + 15%', '230'],
    ['200 - 15%', '170'],
    ['200 * 15%', '30'],
    ['(15%) + 1', '1.15'],
    ['17 mod 5', '2'],
    ['-17 mod 5', '3'],
    ['17 % 5', '2'],
    ['sqrt(144)', '12'],
    ['√(9/16)', '0.75'],
    ['2^0.5', '≈ 1.4142'],
    ['1.5e3 + 1', '1501'],
    ['$12.50 * 3', '37.5'],
    ['2^100', '1267650600228229401496703205376'],
    ['2^1000', '≈ 1.0715086072 × 10^301'],
    ['-(10^60)', '≈ -1 × 10^60'],
    ['1/10^70', '≈ 1 × 10^-70'],
    ['-1/3^200', '≈ -3.7648619496 × 10^-96'],
    ['0^0', '1'],
  ])('%s is %s', async (command, result) => {
    expect(await calculate(command)).toBe(result);
  });

  it.each([
    ['1/0', 'division by zero'],
    ['5 mod 0', 'division by zero'],
    ['1 / (2 - 2)', 'division by zero'],
    ['0^-1', 'division by zero'],
    ['9^9^9^9', 'the exponent is too large'],
    ['999^9999', 'the result is too large'],
    ['2^(1/3)', 'only whole exponents are possible'],
    ['sqrt(-1)', 'no square root of a negative number'],
    ['', 'no expression given'],
    ['   ', 'no expression given'],
    ['(1 + 2', 'a ")" is missing'],
    ['1 + 2)', '")" is not expected there'],
    ['5 + (3 -', 'the expression ends too early'],
    ['3 1/2', 'an operator is missing between two numbers'],
    ['* 3', '"*" is not expected there'],
    ['seven + 2', '"seven" cannot be calculated'],
    ['1,23 + 1', '"," cannot be calculated'],
    ['process.exit(1)', '"process" cannot be calculated'],
    ['('.repeat(100) + 1, 'the expression is nested too deeply'],
    ['-'.repeat(500) + 1, 'the expression is nested too deeply'],
    ['1+'.repeat(600) + 1, 'the expression is too long'],
  ])('%s fails: %s', async (command, message) => {
    expect(await calculate(command)).toBe(`error: ${message}`);
  });

  it('agrees with floating point on random expressions', async () => {
    const random = seeded(11);
    const pick = (count: number) => Math.floor(random() * count);
    const expression = (depth: number): string => {
      if (depth === 0 || random() < 0.2) return String(1 + pick(99));
      const operator = ['+', '-', '*', '/'][pick(4)];
      const text = `${expression(depth - 1)} ${operator} ${expression(depth - 1)}`;
      return random() < 0.5 ? `(${text})` : text;
    };
    let compared = 0;
    for (let i = 0; i < 300; i++) {
      const text = expression(4);
      const expected = Function(`return ${text}`)() as number;
      if (!Number.isFinite(expected) || Math.abs(expected) > 1e12 || Math.abs(expected) < 1e-9) continue;
      const shown = await calculate(text);
      const value = Number(shown.replace(/^.*≈ /, ''));
      expect(Math.abs(value - expected), `${text} = ${shown}`).toBeLessThan(1e-4 * Math.max(1, Math.abs(expected)));
      compared++;
    }
    expect(compared).toBeGreaterThan(250);
  });

  it('gives results that it takes as input again', async () => {
    for (const command of ['8/3', '2^1000', '1/7^5', '-(10^60)', '0.1+0.2']) {
      const shown = await calculate(command);
      const exact = shown.split(' ≈ ')[0]?.replace('≈ ', '') ?? '';
      expect(await calculate(`(${exact}) - (${exact})`)).toBe('0');
    }
  });
});
