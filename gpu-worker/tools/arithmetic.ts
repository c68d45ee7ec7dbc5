import {
  add,
  divide,
  type Fraction,
  fraction,
  multiply,
  negate,
  parseFraction,
  sizeOf,
  subtract,
} from '../../src/domain/fraction.ts';
import { ToolError } from '../../src/domain/tool.ts';

/** Bounds that keep every calculation under a few milliseconds. */
const limits = { characters: 1_000, depth: 60, digits: 1_500, exponent: 10_000 } as const;

/** `approximate` when a root was rounded. */
export interface Value {
  readonly value: Fraction;
  readonly approximate: boolean;
}

/** `percent`: a bare percentage, which + and − apply to what stands before it, as pocket calculators do. */
interface Operand extends Value {
  readonly percent: boolean;
}

type Token = { readonly type: 'number'; readonly value: Fraction } | { readonly type: 'mark'; readonly text: string };

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const superscript = (digits: string): string => [...digits].map((digit) => superscripts.indexOf(digit)).join('');

/** Spells signs one way: `×` as `*`, `÷` as `/`, `2¹⁰` as `2^(10)`, `3½` as `(3+1/2)`. */
function spellPlainly(text: string): string {
  return text
    .replace(/(\d*)([¼-¾⅐-⅞])/g, (_, whole: string, part: string) => {
      const ratio = part.normalize('NFKC').replace('⁄', '/');
      return `(${whole === '' ? '' : `${whole}+`}${ratio})`;
    })
    .replace(/(⁻?)([⁰¹²³⁴⁵⁶⁷⁸⁹]+)/g, (_, sign: string, digits: string) => `^(${sign && '-'}${superscript(digits)})`)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[×⋅·∙]/g, '*')
    .replace(/[÷⁄∕]/g, '/')
    .replace(/[−–—]/g, '-')
    .replaceAll('**', '^')
    .replace(/[$€£]/g, '')
    .replaceAll('√', 'sqrt')
    .replace(/[\s=?]+$/, '');
}

const tokenPattern =
  /\s*(?:((?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?|\.\d+)(?:e([+-]?\d{1,3})(?![\da-z]))?|(of|mod|sqrt|x(?!\p{L})|[-+*/^()%])|(\p{L}+|\S))/guy;

function tokenize(text: string): Token[] {
  return [...text.matchAll(tokenPattern)].map((match): Token => {
    const [, digits, exponent, mark, other] = match;
    if (digits !== undefined) {
      const base = parseFraction(digits);
      if (base === undefined) throw new ToolError(`"${digits}" is no number`);
      if (exponent === undefined) return { type: 'number', value: base };
      const scale = fraction(10n ** BigInt(Math.abs(Number(exponent))));
      return { type: 'number', value: exponent.startsWith('-') ? divide(base, scale) : multiply(base, scale) };
    }
    if (mark !== undefined) return { type: 'mark', text: mark === 'of' || mark === 'x' ? '*' : mark };
    throw new ToolError(`"${(other ?? text).slice(0, 20)}" cannot be calculated`);
  });
}

function checked(value: Fraction): Fraction {
  if (sizeOf(value) > limits.digits) throw new ToolError('the result is too large');
  return value;
}

function quotient(a: Fraction, b: Fraction): Fraction {
  if (b.n === 0n) throw new ToolError('division by zero');
  return divide(a, b);
}

function remainder(a: Fraction, b: Fraction): Fraction {
  if (b.n === 0n) throw new ToolError('division by zero');
  const ratio = divide(a, b);
  const floor = ratio.n / ratio.d - (ratio.n < 0n && ratio.n % ratio.d !== 0n ? 1n : 0n);
  return subtract(a, multiply(b, fraction(floor)));
}

function floorRoot(value: bigint): bigint {
  if (value < 2n) return value;
  let x = 1n << BigInt(Math.ceil(value.toString(2).length / 2));
  for (;;) {
    const next = (x + value / x) >> 1n;
    if (next >= x) return x;
    x = next;
  }
}

/** Exact where there is an exact root, otherwise to 30 decimal places. */
function squareRoot(value: Fraction): Value {
  if (value.n < 0n) throw new ToolError('no square root of a negative number');
  const [n, d] = [floorRoot(value.n), floorRoot(value.d)];
  if (n * n === value.n && d * d === value.d) return { value: fraction(n, d), approximate: false };
  const scale = 10n ** 30n;
  return { value: fraction(floorRoot((value.n * scale * scale) / value.d), scale), approximate: true };
}

function power(base: Fraction, exponent: Fraction): Value {
  if (exponent.d === 2n && exponent.n === 1n) return squareRoot(base);
  if (exponent.d !== 1n) throw new ToolError('only whole exponents are possible');
  const size = exponent.n < 0n ? -exponent.n : exponent.n;
  if (size > BigInt(limits.exponent)) throw new ToolError('the exponent is too large');
  if (base.n === 0n && exponent.n < 0n) throw new ToolError('division by zero');
  const trivial = base.d === 1n && base.n >= -1n && base.n <= 1n;
  // One digit less: the estimate is from above, and 10 has two digits but grows by one.
  if (!trivial && (sizeOf(base) - 1) * Number(size) > limits.digits) throw new ToolError('the result is too large');
  const raised = { n: base.n ** size, d: base.d ** size };
  return { value: exponent.n < 0n ? fraction(raised.d, raised.n) : raised, approximate: false };
}

/**
 * Evaluates an expression exactly: + − * / ^ and parentheses, unary minus, `15%`, `20% of 50`, `17 mod 5`, `sqrt(16)`, decimals,
 * thousands separators, `2(3+4)`. `200 + 15%` is 230.
 * @throws ToolError
 */
export function evaluate(expression: string): Value {
  if (expression.length > limits.characters) throw new ToolError('the expression is too long');
  const tokens = tokenize(spellPlainly(expression));
  if (tokens.length === 0) throw new ToolError('no expression given');
  let position = 0;
  let depth = 0;

  const peek = (): Token | undefined => tokens[position];
  const at = (...marks: string[]): string | undefined => {
    const token = peek();
    return token?.type === 'mark' && marks.includes(token.text) ? token.text : undefined;
  };
  const startsOperand = (): boolean => peek()?.type === 'number' || at('(', 'sqrt') !== undefined;
  const plain = (value: Fraction, approximate: boolean): Operand => ({
    value: checked(value),
    approximate,
    percent: false,
  });
  const describe = (): string => {
    const token = peek();
    if (token === undefined) return 'the expression ends too early';
    return token.type === 'number'
      ? 'an operator is missing between two numbers'
      : `"${token.text}" is not expected there`;
  };

  function sum(): Operand {
    let left = product();
    for (let sign = at('+', '-'); sign !== undefined; sign = at('+', '-')) {
      position++;
      const right = product();
      const amount = right.percent ? multiply(left.value, right.value) : right.value;
      left = plain(
        sign === '+' ? add(left.value, amount) : subtract(left.value, amount),
        left.approximate || right.approximate,
      );
    }
    return left;
  }

  function product(): Operand {
    let left = signed();
    for (;;) {
      const mark = at('*', '/', 'mod', '%');
      // Two numbers side by side stay an error: `3 1/2` means something else to everyone.
      const juxtaposed = mark === undefined && at('(', 'sqrt') !== undefined;
      if (mark === undefined && !juxtaposed) return left;
      if (!juxtaposed) position++;
      const right = signed();
      const combine = mark === '/' ? quotient : mark === 'mod' || mark === '%' ? remainder : multiply;
      left = plain(combine(left.value, right.value), left.approximate || right.approximate);
    }
  }

  function signed(): Operand {
    const sign = at('-', '+');
    if (sign === undefined) return raised();
    if (++depth > limits.depth) throw new ToolError('the expression is nested too deeply');
    position++;
    const operand = signed();
    depth--;
    return sign === '-' ? { ...operand, value: negate(operand.value) } : operand;
  }

  function raised(): Operand {
    const base = primary();
    if (at('^') !== undefined) {
      position++;
      if (++depth > limits.depth) throw new ToolError('the expression is nested too deeply');
      const exponent = signed();
      depth--;
      const result = power(base.value, exponent.value);
      return plain(result.value, base.approximate || exponent.approximate || result.approximate);
    }
    if (at('%') === undefined) return base;
    position++;
    if (startsOperand()) {
      position--;
      return base;
    }
    return { value: quotient(base.value, fraction(100n)), approximate: base.approximate, percent: true };
  }

  function primary(): Operand {
    const token = peek();
    if (token?.type === 'number') {
      position++;
      return plain(token.value, false);
    }
    const mark = at('(', 'sqrt');
    if (mark === undefined) throw new ToolError(describe());
    if (++depth > limits.depth) throw new ToolError('the expression is nested too deeply');
    position++;
    const inner = mark === '(' ? sum() : primary();
    if (mark === '(') {
      if (at(')') === undefined) throw new ToolError(peek() === undefined ? 'a ")" is missing' : describe());
      position++;
    }
    depth--;
    if (mark === '(') return { ...inner, percent: false };
    const root = squareRoot(inner.value);
    return plain(root.value, inner.approximate || root.approximate);
  }

  const result = sum();
  if (position < tokens.length) throw new ToolError(describe());
  return { value: result.value, approximate: result.approximate };
}
