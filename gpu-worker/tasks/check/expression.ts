import { type Fraction, fraction, minus, over, parseFraction, plus, power, times } from '../fraction.ts';

/** Evaluates `17 * (2.5 + 3) ^ 2 / 4 %`-like expressions exactly; `prev` may be given. @throws SyntaxError, RangeError */
export function evaluateExpression(text: string, prev?: Fraction): Fraction {
  const tokens = text
    .replace(/[×·]/g, '*')
    .replace(/÷/g, '/')
    .replace(/[−–]/g, '-')
    .replace(/\*\*/g, '^')
    .match(/\d[\d,]*\.?\d*|\.\d+|prev|sqrt|[-+*/^()%]|\S/g);
  if (tokens === null) throw new SyntaxError('empty expression');
  let at = 0;
  const take = (...wanted: string[]): string | undefined => {
    const token = tokens[at];
    if (token === undefined || !wanted.includes(token)) return undefined;
    at += 1;
    return token;
  };
  function sum(): Fraction {
    let value = product();
    for (let op = take('+', '-'); op !== undefined; op = take('+', '-'))
      value = op === '+' ? plus(value, product()) : minus(value, product());
    return value;
  }
  function product(): Fraction {
    let value = signed();
    for (let op = take('*', '/'); op !== undefined; op = take('*', '/'))
      value = op === '*' ? times(value, signed()) : over(value, signed());
    return value;
  }
  function signed(): Fraction {
    if (take('-') !== undefined) return minus(fraction(0), signed());
    take('+');
    return raised();
  }
  function raised(): Fraction {
    const base = percent();
    return take('^') === undefined ? base : power(base, signed());
  }
  function percent(): Fraction {
    let value = atom();
    while (take('%') !== undefined) value = over(value, fraction(100));
    return value;
  }
  function atom(): Fraction {
    if (take('(') !== undefined) {
      const value = sum();
      if (take(')') === undefined) throw new SyntaxError(`parenthesis not closed in "${text}"`);
      return value;
    }
    if (take('sqrt') !== undefined) return squareRoot(atom());
    if (take('prev') !== undefined) {
      if (prev === undefined) throw new SyntaxError('no earlier result');
      return prev;
    }
    const value = parseFraction(tokens?.[at] ?? '');
    if (value === undefined) throw new SyntaxError(`no number where one is due in "${text}"`);
    at += 1;
    return value;
  }
  const value = sum();
  if (at < tokens.length) throw new SyntaxError(`"${tokens[at]}" is left over in "${text}"`);
  return value;
}

/** Exact for squares, otherwise to 30 digits. @throws RangeError for a negative number */
function squareRoot(value: Fraction): Fraction {
  if (value.top < 0n) throw new RangeError('square root of a negative number');
  const [top, bottom] = [wholeRoot(value.top), wholeRoot(value.bottom)];
  if (top * top === value.top && bottom * bottom === value.bottom) return fraction(top, bottom);
  const scale = 10n ** 30n;
  return fraction(wholeRoot((value.top * scale * scale) / value.bottom), scale);
}

/** The largest whole number whose square is at most n (Newton's method). */
function wholeRoot(n: bigint): bigint {
  if (n < 2n) return n;
  let guess = 1n << BigInt(Math.ceil(n.toString(2).length / 2));
  for (;;) {
    const next = (guess + n / guess) / 2n;
    if (next >= guess) return guess;
    guess = next;
  }
}
