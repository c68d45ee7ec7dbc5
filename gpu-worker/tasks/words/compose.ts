import type { Draft } from '../draft.ts';
import { JOINTS } from './frames.ts';
import { AFTER_ALL, BETWEEN, NEXT, type Operator, ORDER, PHRASE, PLAIN } from './operations.ts';
import { ONE_VALUE, type OneValue } from './single-value.ts';

/** A value in words with its calculation. `binds`: 1 sum or difference, 2 product or quotient, 3 a number, a power or a parenthesis. */
export interface Value {
  readonly text: string;
  readonly calculation: string;
  readonly binds: 1 | 2 | 3;
}

export const NUMBER_BINDS = 3;
const OPERATORS: readonly Operator[] = ['+', '+', '-', '-', '*', '*', '/'];
const strength = (op: Operator): 1 | 2 => (op === '+' || op === '-' ? 1 : 2);

export const drawOperator = (draft: Draft): Operator => draft.pick(OPERATORS);

/** `a op b` as a calculation, with the parentheses it needs. */
export function calculationOf(a: Value, op: Operator, b: Value): { calculation: string; binds: 1 | 2 } {
  const needed = strength(op);
  const left = a.binds < needed ? `(${a.calculation})` : a.calculation;
  const tight = op === '-' || op === '/' ? b.binds <= needed : b.binds < needed;
  return { calculation: `${left} ${op} ${tight ? `(${b.calculation})` : b.calculation}`, binds: needed };
}

/** Phrases that stand as one value wherever they are put, "the sum of a and b", unlike "a increased by b". */
const isClosed = (wording: string): boolean => wording.startsWith('the ') && !wording.includes(' by which ');

/** As `calculationOf`, with the operands of a sum or product in the order in which the wording names them. */
function inWordingOrder(wording: string, a: Value, op: Operator, b: Value): { calculation: string; binds: 1 | 2 } {
  const swapped = (op === '+' || op === '*') && wording.indexOf('{b}') < wording.indexOf('{a}');
  return swapped ? calculationOf(b, op, a) : calculationOf(a, op, b);
}

/** Two values as a noun phrase such as "the sum of a and b"; `closed`: one that can stand inside of another. */
export function phraseOf(draft: Draft, a: Value, op: Operator, b: Value, closed = false): Value {
  const wording = draft.core(PHRASE[op], closed ? isClosed : undefined);
  return { text: draft.say(wording, { a: a.text, b: b.text }), ...inWordingOrder(wording, a, op, b) };
}

/** Two values with the operator between: "a plus b". */
export function betweenOf(draft: Draft, a: Value, op: Operator, b: Value, plain = false): Value {
  const word = draft.core((plain ? PLAIN : BETWEEN)[op]);
  return { text: `${a.text} ${word} ${b.text}`, ...calculationOf(a, op, b) };
}

/** A chain such as "a plus b times c", read with the usual precedence, as the calculator reads it. */
export function chainOf(draft: Draft, values: readonly Value[]): Value {
  const ops = values.slice(1).map(() => drawOperator(draft));
  const [first, ...rest] = values;
  if (first === undefined) throw new RangeError('a chain needs a value');
  return rest.reduce<Value>((chain, value, index) => {
    const op = ops[index] ?? '+';
    return {
      text: `${chain.text} ${draft.core(PLAIN[op])} ${value.text}`,
      calculation: `${chain.calculation} ${op} ${value.calculation}`,
      binds: ops.includes('+') || ops.includes('-') ? 1 : 2,
    };
  }, first);
}

/** What the whole of a value is followed by: ", all divided by 4". */
export function wholeThen(draft: Draft, a: Value, op: Operator, x: Value): Value {
  return { text: a.text + draft.say(draft.core(AFTER_ALL[op]), { x: x.text }), ...calculationOf(a, op, x) };
}

/** "twice a", "a quarter of a"; the calculation puts a in parentheses where it must. */
export function oneValueOf(draft: Draft, one: OneValue, a: Value, form: 'phrase' | 'order' = 'phrase'): Value {
  const text = draft.say(draft.core(one[form]), { a: a.text });
  return { text, ...appliedTo(one, a) };
}

/** `next`: the value comes before what is done to it, and so it does in the calculation: `(…) * 2`, not `2 * (…)`. */
function appliedTo(one: OneValue, a: Value, next = false): { calculation: string; binds: 2 | 3 } {
  const binds = one.calculation.includes('^') ? 3 : 2;
  const inner = a.binds < binds ? `(${a.calculation})` : a.calculation;
  const before = /^(\d) \* \{a\}$/.exec(one.calculation)?.[1];
  if (next && before !== undefined) return { calculation: `${inner} * ${before}`, binds };
  return { calculation: one.calculation.replace('{a}', inner), binds };
}

/** An order with two values: "subtract b from a". */
export function orderOf(draft: Draft, a: Value, op: Operator, b: Value): Value {
  const wording = draft.core(ORDER[op]);
  return { text: draft.say(wording, { a: a.text, b: b.text }), ...inWordingOrder(wording, a, op, b) };
}

/** An order followed by another: ", then divide the result by x". */
export function thenOrder(draft: Draft, a: Value, op: Operator, x: Value): Value {
  return { text: a.text + joint(draft) + draft.say(draft.core(NEXT[op]), { x: x.text }), ...calculationOf(a, op, x) };
}

/** An order followed by one that needs no further value: " and halve it". */
export function thenOne(draft: Draft, a: Value): Value {
  const one = draft.pick(ONE_VALUE);
  return { text: a.text + joint(draft) + draft.say(draft.core(one.next)), ...appliedTo(one, a, true) };
}

const joint = (draft: Draft): string => draft.side(JOINTS);

export const drawOneValue = (draft: Draft): OneValue => draft.pick(ONE_VALUE);
