/** An exact fraction in lowest terms; the denominator is positive. The tasks' own arithmetic, apart from the tools'. */
export interface Fraction {
  readonly top: bigint;
  readonly bottom: bigint;
}

const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? (a < 0n ? -a : a) : gcd(b, a % b));

/** @throws RangeError when the denominator is 0 */
export function fraction(top: bigint | number, bottom: bigint | number = 1n): Fraction {
  const [t, b] = [BigInt(top), BigInt(bottom)];
  if (b === 0n) throw new RangeError('division by zero');
  const d = gcd(t, b) * (b < 0n ? -1n : 1n);
  return { top: t / d, bottom: b / d };
}

export const plus = (a: Fraction, b: Fraction): Fraction =>
  fraction(a.top * b.bottom + b.top * a.bottom, a.bottom * b.bottom);
export const minus = (a: Fraction, b: Fraction): Fraction =>
  fraction(a.top * b.bottom - b.top * a.bottom, a.bottom * b.bottom);
export const times = (a: Fraction, b: Fraction): Fraction => fraction(a.top * b.top, a.bottom * b.bottom);
export const over = (a: Fraction, b: Fraction): Fraction => fraction(a.top * b.bottom, a.bottom * b.top);
export const same = (a: Fraction, b: Fraction): boolean => a.top === b.top && a.bottom === b.bottom;

/** @throws RangeError unless the exponent is a whole number of at most 1,000 in size */
export function power(a: Fraction, b: Fraction): Fraction {
  if (b.bottom !== 1n || b.top > 1000n || b.top < -1000n) throw new RangeError('not a small whole exponent');
  return b.top >= 0n ? fraction(a.top ** b.top, a.bottom ** b.top) : fraction(a.bottom ** -b.top, a.top ** -b.top);
}

export const toNumber = (a: Fraction): number => {
  const whole = a.top / a.bottom;
  const scale = 10n ** 15n;
  return Number(whole) + Number(((a.top - whole * a.bottom) * scale) / a.bottom) / 1e15;
};

/** `12`, `-3.25`, `1,234.5`, `3/4`, `2 3/4`, `1e-3`; undefined for anything else. */
export function parseFraction(text: string): Fraction | undefined {
  const clean = text
    .trim()
    .replace(/(?<=\d),(?=\d{3}(?!\d))/g, '')
    .replace(/^[−–]/, '-');
  const mixed = /^(-?)(?:(\d+)\s+)?(\d+)\/(\d+)$/.exec(clean);
  if (mixed) {
    const [, sign = '', whole = '0', top = '0', bottom = '1'] = mixed;
    if (BigInt(bottom) === 0n) return undefined;
    const value = fraction(BigInt(whole) * BigInt(bottom) + BigInt(top), BigInt(bottom));
    return sign === '-' ? fraction(-value.top, value.bottom) : value;
  }
  const decimal = /^(-?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/i.exec(clean);
  if (!decimal || !/\d/.test(clean)) return undefined;
  const [, sign = '', whole = '', part = '', exponent = '0'] = decimal;
  const shift = BigInt(exponent) - BigInt(part.length);
  const digits = BigInt(`${sign}${whole}${part}` || '0');
  return shift >= 0n ? fraction(digits * 10n ** shift) : fraction(digits, 10n ** -shift);
}
