/** An exact rational number, reduced, `d` positive. */
export interface Fraction {
  readonly n: bigint;
  readonly d: bigint;
}

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [x, y] = [magnitude(a), magnitude(b)];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

/** @throws RangeError for a denominator of zero */
export function fraction(n: bigint, d = 1n): Fraction {
  if (d === 0n) throw new RangeError('division by zero');
  if (d === 1n) return { n, d };
  const divisor = greatestCommonDivisor(n, d) * (d < 0n ? -1n : 1n);
  return { n: n / divisor, d: d / divisor };
}

export const add = (a: Fraction, b: Fraction): Fraction => fraction(a.n * b.d + b.n * a.d, a.d * b.d);
export const subtract = (a: Fraction, b: Fraction): Fraction => fraction(a.n * b.d - b.n * a.d, a.d * b.d);
export const multiply = (a: Fraction, b: Fraction): Fraction => fraction(a.n * b.n, a.d * b.d);
/** @throws RangeError for a divisor of zero */
export const divide = (a: Fraction, b: Fraction): Fraction => fraction(a.n * b.d, a.d * b.n);
export const negate = (a: Fraction): Fraction => ({ n: -a.n, d: a.d });
export const equals = (a: Fraction, b: Fraction): boolean => a.n === b.n && a.d === b.d;
/** Negative, zero or positive as a is less than, equal to or greater than b. */
export const compare = (a: Fraction, b: Fraction): number => {
  const difference = a.n * b.d - b.n * a.d;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
};

/** Digits of the larger of numerator and denominator, about: the measure of how expensive a fraction is. */
export const sizeOf = (a: Fraction): number =>
  Math.max(magnitude(a.n).toString(16).length, a.d.toString(16).length) * 1.2;

/**
 * Reads `12`, `-1,234.5`, `.5` or `8/3`; undefined for anything else. Commas must separate thousands.
 */
export function parseFraction(text: string): Fraction | undefined {
  const match = /^([+-]?)(\d{1,3}(?:,\d{3})+|\d+)?(?:\.(\d+))?(?:\/(\d+))?$/.exec(text.trim());
  if (!match) return undefined;
  const [, sign, whole, decimals, denominator] = match;
  if (whole === undefined && decimals === undefined) return undefined;
  if (decimals !== undefined && denominator !== undefined) return undefined;
  const scale = decimals?.length ?? 0;
  const digits = BigInt(`${(whole ?? '0').replaceAll(',', '')}${decimals ?? ''}`);
  const d = denominator === undefined ? 10n ** BigInt(scale) : BigInt(denominator);
  if (d === 0n) return undefined;
  return fraction(sign === '-' ? -digits : digits, d);
}

/** Fractions that are one sign. */
export const vulgarFractions: ReadonlyMap<string, string> = new Map([
  ['½', '1/2'],
  ['¼', '1/4'],
  ['¾', '3/4'],
  ['⅓', '1/3'],
  ['⅔', '2/3'],
]);

/** `1½` as `1 1/2`, `½` as `1/2`. */
export const spellVulgar = (text: string): string =>
  text.replace(/(?<=\d)(?=[½¼¾⅓⅔])/g, ' ').replace(/[½¼¾⅓⅔]/g, (sign) => vulgarFractions.get(sign) ?? sign);

/** Reads what `parseFraction` reads, and mixed numbers: `1 1/2`, `-2 3/4`. Their fraction must be less than one. */
export function parseMixed(text: string): Fraction | undefined {
  const match = /^([+-]?)([\d,]+)\s+(\d+\/\d+)$/.exec(text.trim());
  if (!match) return parseFraction(text);
  const [, sign = '', whole = '', part = ''] = match;
  const [a, b] = [parseFraction(whole), parseFraction(part)];
  if (a === undefined || b === undefined || b.n >= b.d) return undefined;
  return sign === '-' ? negate(add(a, b)) : add(a, b);
}

/** Whole numbers as they are, others as `8/3`: what `combine` shows. */
export const showRatio = (a: Fraction): string => (a.d === 1n ? `${a.n}` : `${a.n}/${a.d}`);

/** Decimal places of an exact decimal, or undefined when there is no end to them. */
export function decimalPlaces(a: Fraction): number | undefined {
  let [rest, twos, fives] = [a.d, 0, 0];
  while (rest % 2n === 0n) [rest, twos] = [rest / 2n, twos + 1];
  while (rest % 5n === 0n) [rest, fives] = [rest / 5n, fives + 1];
  return rest === 1n ? Math.max(twos, fives) : undefined;
}

/** As a decimal, rounded half away from zero to `places`; zeros at the end are dropped. */
export function toDecimal(a: Fraction, places: number): string {
  const scaled = magnitude(a.n) * 10n ** BigInt(places);
  const rounded = (2n * scaled + a.d) / (2n * a.d);
  const digits = rounded.toString().padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  const rest = places === 0 ? '' : digits.slice(-places).replace(/0+$/, '');
  const sign = a.n < 0n && rounded !== 0n ? '-' : '';
  return `${sign}${whole}${rest === '' ? '' : `.${rest}`}`;
}

/** Decimal places that keep `places` decimals of a large value and `significant` digits of a small one. */
export function placesFor(a: Fraction, places: number, significant: number): number {
  if (a.n === 0n) return places;
  const n = magnitude(a.n);
  const estimate = n.toString().length - a.d.toString().length;
  const [left, right] = estimate < 0 ? [n * 10n ** BigInt(-estimate), a.d] : [n, a.d * 10n ** BigInt(estimate)];
  const before = left >= right ? estimate + 1 : estimate;
  return Math.max(places, significant - before);
}

/** The nearest double: for checks and comparisons, never for results. */
export const toNumber = (a: Fraction): number => Number(toDecimal(a, placesFor(a, 20, 20)));
