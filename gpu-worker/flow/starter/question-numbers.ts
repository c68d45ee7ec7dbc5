import type { Token } from './fold.ts';
import { isNumberWord, type ReadNumber, readNumber } from './numbers.ts';

const signed = new Set([
  'is',
  'are',
  'convert',
  'of',
  'from',
  'at',
  'what',
  "what's",
  'whats',
  'to',
  'change',
  'if',
  'when',
  '=',
  ':',
]);

/** Reads "minus forty" and "-40" as one number where no number stands before. */
function readSigned(tokens: readonly Token[], from: number): { value: string; next: number } | undefined {
  const sign = tokens[from];
  const number = tokens[from + 1];
  if (sign === undefined || number === undefined) return undefined;
  const before = tokens[from - 1]?.text ?? '';
  const word = sign.text === 'negative' || (sign.text === 'minus' && signed.has(before));
  const touching = sign.text === '-' && number.start === sign.end && (tokens[from - 1]?.end ?? -1) < sign.start;
  if (!word && !(touching && /^\d|^\.\d/.test(number.text))) return undefined;
  const read = readNumber(tokens, from + 1);
  return read && { value: `-${read.value}`, next: read.next };
}

/** "one" that is a pronoun. */
function isPronoun(tokens: readonly Token[], at: number): boolean {
  if (tokens[at]?.text !== 'one') return false;
  const before = tokens[at - 1]?.text ?? '';
  const after = tokens[at + 1]?.text ?? '';
  if (isNumberWord(after)) return false;
  if (at <= 1 && /^[:,.!-]$/.test(after)) return true;
  if (
    /^(?:which|no|this|that|each|every|the|another|any|last|next|quick|easy|new|simple|good|right|first)$/.test(before)
  )
    return true;
  return after === 'of' || (/^(?:more|another|question|thing|last)$/.test(after) && before === '');
}

const operandsFollow = new Set(['sum', 'product', 'difference', 'quotient', 'average', 'mean', 'total']);

/**
 * "The sum of two hundred and seven" has two operands: where the wording wants two numbers and no other joint follows, the last `and`
 * of a number in words parts them.
 */
function firstOperand(tokens: readonly Token[], at: number, next: number): number {
  const [before, earlier] = [tokens[at - 1]?.text ?? '', tokens[at - 2]?.text ?? ''];
  const opens = (before === 'add' || before === 'multiply') && /^[,.:;]?$|^please$|^you$/.test(earlier);
  const wantsTwo = opens || (/^(?:of|between)$/.test(before) && operandsFollow.has(earlier));
  const later = tokens
    .slice(next, next + 5)
    .some(({ text }) => /^(?:and|by|to|with|from|plus|minus|times|,)$/.test(text));
  if (!wantsTwo || later) return next;
  for (let joint = next - 2; joint > at; joint--)
    if (tokens[joint]?.text === 'and' && readNumber(tokens, joint + 1)?.next === next) return joint;
  return next;
}

/**
 * Reads the number of a question that starts at a token: signs, pronouns ("one of them") and two operands that `and` joins are told
 * from the words around it.
 * @param afterNumber another number ends right before: a sign is an operation then
 */
export function readQuestionNumber(tokens: readonly Token[], at: number, afterNumber: boolean): ReadNumber | undefined {
  if (isPronoun(tokens, at)) return undefined;
  const whole = (afterNumber ? undefined : readSigned(tokens, at)) ?? readNumber(tokens, at);
  const joint = whole && firstOperand(tokens, at, whole.next);
  return whole && joint !== whole.next ? readNumber(tokens.slice(0, joint), at) : whole;
}
