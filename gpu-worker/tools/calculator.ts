import { decimalPlaces, type Fraction, placesFor, toDecimal } from '../../src/domain/fraction.ts';
import type { Tool } from '../../src/domain/tool.ts';
import { evaluate, type Value } from './arithmetic.ts';

/** What is still written out: digits of whole numbers, decimals of exact and of rounded decimals, digits of a fraction's halves. */
const shown = { digits: 40, decimals: 12, places: 40, fraction: 6 } as const;

const lengthOf = (value: bigint): number => value.toString().replace('-', '').length;

/** `≈ 1.2345678901 × 10^80`; `power` is that of the first digit. */
function scientific(value: Fraction, power: number): string {
  const scale = 10n ** BigInt(Math.abs(power));
  const mantissa = power < 0 ? { n: value.n * scale, d: value.d } : { n: value.n, d: value.d * scale };
  return `≈ ${toDecimal(mantissa, 10)} × 10^${power}`;
}

/** An exact decimal where there is one of reasonable length, otherwise `8/3 ≈ 2.6667` or `≈ 1.4142`. */
export function showValue({ value, approximate }: Value): string {
  const whole = lengthOf(value.n / value.d);
  if (whole > shown.digits) return scientific(value, whole - 1);
  const exact = decimalPlaces(value);
  if (!approximate && exact !== undefined && exact <= shown.decimals) return toDecimal(value, exact);
  const places = placesFor(value, 4, 5);
  if (places > shown.places) return scientific(value, 4 - places);
  const short = lengthOf(value.n) <= shown.fraction && lengthOf(value.d) <= shown.fraction;
  return !approximate && short
    ? `${value.n}/${value.d} ≈ ${toDecimal(value, places)}`
    : `≈ ${toDecimal(value, places)}`;
}

export const calculator: Tool = {
  metadata: {
    name: 'calculator',
    does: 'Calculates an arithmetic expression exactly.',
    inputs: ['an expression: 17 * 23 + 4', 'percentages: 15% of 80, 200 + 15%', 'powers and roots: 12^2, sqrt(144)'],
    output: 'The value as an exact decimal: 395; otherwise as a fraction and rounded: 8/3 ≈ 2.6667.',
    limits: 'Numbers only, no variables; + - * / ^ % mod sqrt and parentheses; results of at most 1,500 digits.',
    bestPractice: 'Write the whole calculation as one expression.',
  },
  run: async (command) => ({ result: showValue(evaluate(command)) }),
};
