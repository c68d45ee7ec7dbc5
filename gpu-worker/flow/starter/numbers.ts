import { vulgarFractions } from '../../../src/domain/fraction.ts';
import type { Token } from './fold.ts';

/** A number read from tokens `from` to `next` (exclusive); `value` is decimal digits or a fraction `3/4`. */
export interface ReadNumber {
  readonly value: string;
  readonly next: number;
}

const small = (
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen ' +
  'seventeen eighteen nineteen'
).split(' ');
const tens = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const ones = new Map<string, number>(small.map((word, i) => [word, i]));
const tensOf = new Map<string, number>([...tens.map((word, i) => [word, 20 + 10 * i] as const), ['fourty', 40]]);
const scales = new Map([
  ['thousand', 1_000],
  ['million', 1_000_000],
  ['billion', 1_000_000_000],
]);
const parts = new Map([
  ['halves', 2],
  ['thirds', 3],
  ['quarters', 4],
  ['fourths', 4],
  ['fifths', 5],
  ['sixths', 6],
  ['sevenths', 7],
  ['eighths', 8],
  ['ninths', 9],
  ['tenths', 10],
]);
const isDigits = (text: string | undefined): text is string => text !== undefined && /^[\d,]*\.?\d+$/.test(text);

/** True for a word that only ever means a number. */
export const isNumberWord = (word: string): boolean =>
  ones.has(word) || tensOf.has(word) || scales.has(word) || word === 'hundred' || word === 'dozen';

/** The value of a token of digits, without commas and needless zeros. */
export function plainNumber(digits: string): string {
  const [whole = '', decimals = ''] = digits.replaceAll(',', '').split('.');
  const trimmed = whole.replace(/^0+(?=\d)/, '') || '0';
  return decimals === '' ? trimmed : `${trimmed}.${decimals}`;
}

/** Shifts a plain decimal by a power of ten without rounding. */
function timesScale(plain: string, scale: number): string {
  const [whole = '0', decimals = ''] = plain.split('.');
  const zeros = String(scale).length - 1;
  const moved = whole + decimals.padEnd(zeros, '0').slice(0, zeros);
  const rest = decimals.slice(zeros);
  return plainNumber(rest === '' ? moved : `${moved}.${rest}`);
}

function readDigits(tokens: readonly Token[], from: number): ReadNumber | undefined {
  const token = tokens[from];
  if (token === undefined || !isDigits(token.text)) return undefined;
  const value = plainNumber(token.text);
  const [second, third, fourth] = [tokens[from + 1], tokens[from + 2], tokens[from + 3]];
  const scale = second && (scales.get(second.text) ?? (second.text === 'hundred' ? 100 : undefined));
  if (scale !== undefined) return { value: timesScale(value, scale), next: from + 2 };
  if (second?.text === 'k' && second.start === token.end && !/^(?:in|to|into|as)$/.test(third?.text ?? ''))
    return { value: timesScale(value, 1_000), next: from + 2 };
  if (second?.text === 'dozen' && /^\d+$/.test(value)) return { value: String(Number(value) * 12), next: from + 2 };
  if (!/^\d+$/.test(value)) return { value, next: from + 1 };
  const vulgar = second && vulgarFractions.get(second.text);
  if (vulgar !== undefined) return mixed(value, vulgar, from + 2);
  if (second && isDigits(second.text) && third?.text === '/' && fourth && /^\d+$/.test(fourth.text)) {
    const after = tokens[from + 4]?.text ?? '';
    const proper =
      Number(second.text) < Number(fourth.text) && third.start === second.end && fourth.start === third.end;
    if (proper && !'+-*/^('.includes(after || ' ')) return mixed(value, `${second.text}/${fourth.text}`, from + 4);
  }
  if (second?.text === 'and' && (third?.text === 'a' || third?.text === 'one')) {
    const part = { half: '1/2', quarter: '1/4', third: '1/3' }[fourth?.text ?? ''];
    if (part !== undefined && tokens[from + 4]?.text !== 'of') return mixed(value, part, from + 4);
  }
  return { value, next: from + 1 };
}

function mixed(whole: string, fraction: string, next: number): ReadNumber {
  const [numerator = 0, denominator = 1] = fraction.split('/').map(Number);
  const total = Number(whole) * denominator + numerator;
  const decimal = String(total / denominator);
  return { value: decimal.length <= 8 ? decimal : `${total}/${denominator}`, next };
}

/** Reads a number under a hundred in words: "twenty-three", "twenty three", "seven". */
function readSmall(tokens: readonly Token[], from: number): { value: number; next: number } | undefined {
  const word = tokens[from]?.text ?? '';
  const ten = tensOf.get(word);
  if (ten === undefined) {
    const one = ones.get(word);
    return one === undefined ? undefined : { value: one, next: from + 1 };
  }
  const joined = tokens[from + 1]?.text === '-' ? from + 2 : from + 1;
  const one = ones.get(tokens[joined]?.text ?? '');
  return one !== undefined && one > 0 && one < 10
    ? { value: ten + one, next: joined + 1 }
    : { value: ten, next: from + 1 };
}

function readWords(tokens: readonly Token[], from: number): ReadNumber | undefined {
  let next = from;
  let total = 0;
  let current: number | undefined;
  const first = tokens[from]?.text;
  if (first === 'a' || first === 'an') {
    const scale = tokens[from + 1]?.text ?? '';
    if (scale !== 'hundred' && scale !== 'dozen' && !scales.has(scale)) return undefined;
    current = 1;
    next = from + 1;
  }
  for (;;) {
    const word = tokens[next]?.text ?? '';
    if (word === 'hundred' && current !== undefined && current < 100) {
      current *= 100;
      next++;
    } else if (scales.has(word) && current !== undefined) {
      total += current * (scales.get(word) ?? 1);
      current = undefined;
      next++;
    } else if (word === 'dozen' && current !== undefined && total === 0) {
      return { value: String(current * 12), next: next + 1 };
    } else {
      const large = total > 0 || (current ?? 0) >= 100;
      const joined = word === 'and' && large ? next + 1 : next;
      const part = readSmall(tokens, joined);
      const fits = current === undefined ? total === 0 || large : current % 100 === 0 && current > 0;
      const another =
        part !== undefined && joined > next && /^(?:hundred|thousand)$/.test(tokens[part.next]?.text ?? '');
      if (part === undefined || !fits || another) break;
      current = (current ?? 0) + part.value;
      next = part.next;
    }
  }
  if (next === from || (total === 0 && current === undefined)) return undefined;
  return withFraction(tokens, total + (current ?? 0), next);
}

/** "two thirds", "three and a half", "three point five". */
function withFraction(tokens: readonly Token[], whole: number, next: number): ReadNumber {
  const at = (offset: number): string => tokens[next + offset]?.text ?? '';
  const denominator = parts.get(at(0));
  if (denominator !== undefined) return { value: `${whole}/${denominator}`, next: next + 1 };
  if (at(0) === '-' && parts.has(at(1))) return { value: `${whole}/${parts.get(at(1))}`, next: next + 2 };
  if (at(0) === 'and' && (at(1) === 'a' || at(1) === 'one')) {
    const part = { half: '1/2', quarter: '1/4', third: '1/3' }[at(2)];
    if (part !== undefined && at(3) !== 'of') return mixed(String(whole), part, next + 3);
  }
  if (at(0) === 'point') {
    let digits = '';
    let end = next + 1;
    for (;;) {
      const digit = ones.get(tokens[end]?.text ?? '');
      if (digit === undefined || digit > 9) break;
      digits += digit;
      end++;
    }
    if (digits !== '') return { value: `${whole}.${digits}`, next: end };
  }
  return { value: String(whole), next };
}

/**
 * Reads the number that starts at a token: digits, "1,234", "2 1/2", "1.5 million", "two hundred and five", "half a dozen", and
 * with its sign "15 percent" as `15%`.
 */
export function readNumber(tokens: readonly Token[], from: number): ReadNumber | undefined {
  const number = readPlain(tokens, from);
  if (number === undefined) return undefined;
  const sign = tokens[number.next]?.text;
  if (sign === '%' || sign === 'percent' || sign === 'pct') return { value: `${number.value}%`, next: number.next + 1 };
  if (sign === 'per' && tokens[number.next + 1]?.text === 'cent')
    return { value: `${number.value}%`, next: number.next + 2 };
  return number;
}

function readPlain(tokens: readonly Token[], from: number): ReadNumber | undefined {
  const word = tokens[from]?.text ?? '';
  const fraction = vulgarFractions.get(word);
  if (fraction !== undefined) return { value: fraction, next: from + 1 };
  if (word === 'half' && tokens[from + 1]?.text === 'a' && tokens[from + 2]?.text === 'dozen')
    return { value: '6', next: from + 3 };
  return readDigits(tokens, from) ?? readWords(tokens, from);
}
