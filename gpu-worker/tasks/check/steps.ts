import { unitOf } from '../convert/units.ts';
import { type Fraction, fraction, minus, over, plus, times, toNumber } from '../fraction.ts';
import { type DayNumber, dayOf, movedDay, offsetOf, partsOf, wallClock } from './calendar.ts';
import { evaluateExpression } from './expression.ts';
import type { CheckClock } from './outcome.ts';

/** What a step comes to. */
export type Result =
  | { readonly type: 'number'; readonly value: Fraction; readonly exact: boolean }
  | { readonly type: 'amount'; readonly value: Fraction; readonly unit: string }
  | { readonly type: 'days'; readonly days: number; readonly modulo?: number }
  | { readonly type: 'date'; readonly day: DayNumber }
  | { readonly type: 'weekday'; readonly day: DayNumber }
  | { readonly type: 'clock'; readonly minutes: number }
  | { readonly type: 'minutes'; readonly minutes: number };

/**
 * Runs steps such as `calculator: 17 * 23 + 4` or `convert: prev mi to km` with values already in them, by arithmetic,
 * unit sizes and calendar of its own, and returns what the last one comes to.
 *
 * @throws SyntaxError, RangeError for a step that has no value
 */
export function runSteps(steps: readonly string[], clock: CheckClock): Result {
  let result: Result | undefined;
  for (const step of steps) {
    const colon = step.indexOf(':');
    const [tool, args] = [step.slice(0, colon), step.slice(colon + 1).trim()];
    if (tool === 'calculator') result = calculated(args, result);
    else if (tool === 'convert') result = converted(args, result);
    else if (tool === 'dates') result = dated(withPrevious(args, result), clock);
    else throw new SyntaxError(`no value for the step "${step}"`);
  }
  if (result === undefined) throw new SyntaxError('no steps');
  return result;
}

function numberOf(result: Result | undefined): Fraction | undefined {
  if (result?.type === 'number' || result?.type === 'amount') return result.value;
  return result?.type === 'days' ? fraction(result.days) : undefined;
}

function calculated(args: string, before: Result | undefined): Result {
  const usesPrev = args.includes('prev');
  const goesOnExactly = before?.type === 'days' || (before?.type === 'number' && before.exact);
  const exact = !args.includes('sqrt') && (!usesPrev || goesOnExactly);
  return { type: 'number', value: evaluateExpression(args, numberOf(before)), exact };
}

function converted(args: string, before: Result | undefined): Result {
  const both = /^(\d+) ([a-z]+) (\d+) ([a-z]+) to (.+)$/.exec(args);
  if (both) {
    const [, a = '', large = '', b = '', small = '', aim = ''] = both;
    const whole = plus(inUnit(evaluateExpression(a), large, small), evaluateExpression(b));
    return { type: 'amount', value: inUnit(whole, small, aim), unit: aim };
  }
  const match = /^(\d+ \/ \d+|\S+)(?: (.+?))? to (.+)$/.exec(args);
  const [, amount = '', given, to = ''] = match ?? [];
  const from = given ?? (before?.type === 'amount' ? before.unit : '');
  const value = amount === 'prev' ? numberOf(before) : evaluateExpression(amount);
  if (match === null || value === undefined) throw new SyntaxError(`no conversion "${args}"`);
  return { type: 'amount', value: inUnit(value, from, to), unit: to };
}

/** The amount in another unit, exactly. */
export function inUnit(value: Fraction, from: string, to: string): Fraction {
  const [a, b] = [unitOf(from), unitOf(to)];
  if (a.group !== b.group) throw new RangeError(`${from} cannot become ${to}`);
  const base = plus(times(value, evaluateExpression(a.size)), evaluateExpression(a.offset));
  return over(minus(base, evaluateExpression(b.offset)), evaluateExpression(b.size));
}

const clockMinutes = (text: string): number => {
  const [hours = '', minutes = ''] = text.split(':');
  return Number(hours) * 60 + Number(minutes);
};
const wrapped = (minutes: number): number => ((minutes % 1440) + 1440) % 1440;
const span = (count: string, unit: string): number => Number(count) * (unit === 'h' ? 60 : 1);

/** `date in prev day`: the number that came before. */
function withPrevious(args: string, before: Result | undefined): string {
  return args.replace(/\bprev\b/, () => {
    const number = numberOf(before);
    if (number === undefined) throw new SyntaxError('no earlier result');
    return String(toNumber(number));
  });
}

type Answer = (parts: readonly string[], clock: CheckClock) => Result;
const today = (clock: CheckClock): DayNumber => wallClock(clock.zone, clock.now).day;
const dayResult = (what: string | undefined, day: DayNumber): Result =>
  what === 'weekday' ? { type: 'weekday', day } : { type: 'date', day };

const FORMS: readonly (readonly [form: RegExp, answer: Answer])[] = [
  [/^today$/, (_, clock) => ({ type: 'date', day: today(clock) })],
  [/^time$/, (_, clock) => ({ type: 'clock', minutes: wallClock(clock.zone, clock.now).minutes })],
  [
    /^(weekday|date) in (\S+) (day|week|month|year)$/,
    ([what, n = '', unit = ''], clock) => dayResult(what, movedDay(today(clock), Number(n), unit)),
  ],
  [
    /^(weekday|date) (\S+) (day|week|month|year) ago$/,
    ([what, n = '', unit = ''], clock) => dayResult(what, movedDay(today(clock), -Number(n), unit)),
  ],
  [
    /^(weekday|date) (\S+) (day|week|month|year) (after|before) (.+)$/,
    ([what, n = '', unit = '', side, date = ''], clock) =>
      dayResult(what, movedDay(dayOf(date, clock), Number(n) * (side === 'after' ? 1 : -1), unit)),
  ],
  [/^(weekday|date) of (.+)$/, ([what, date = ''], clock) => dayResult(what, dayOf(date, clock))],
  [
    /^(?:days|weeks) until (.+)$/,
    ([date = ''], clock) => {
      const days = dayOf(date, clock) - today(clock);
      return { type: 'days', days, ...(/day$/.test(date) ? { modulo: 7 } : {}) };
    },
  ],
  [
    /^years since (\d{4})-(.+)$/,
    ([year = '', rest = ''], clock) => {
      const now = partsOf(today(clock)).year;
      const had = dayOf(`${now}-${rest}`, clock) <= today(clock);
      return { type: 'number', value: fraction(now - Number(year) - (had ? 0 : 1)), exact: true };
    },
  ],
  [
    /^time until (\S+)$/,
    ([time = ''], clock) => ({
      type: 'minutes',
      minutes: wrapped(clockMinutes(time) - wallClock(clock.zone, clock.now).minutes),
    }),
  ],
  [
    /^time (\S+) (h|min) ago$/,
    ([n = '', unit = ''], clock) => ({
      type: 'clock',
      minutes: wrapped(wallClock(clock.zone, clock.now).minutes - span(n, unit)),
    }),
  ],
  [/^days since (.+)$/, ([date = ''], clock) => ({ type: 'days', days: today(clock) - dayOf(date, clock) })],
  [
    /^(?:days|weeks) between (.+) and (.+)$/,
    ([a = '', b = ''], clock) => ({ type: 'days', days: Math.abs(dayOf(b, clock, true) - dayOf(a, clock, true)) }),
  ],
  [
    /^time in (\S+) (h|min)$/,
    ([n = '', unit = ''], clock) => ({
      type: 'clock',
      minutes: wrapped(wallClock(clock.zone, clock.now).minutes + span(n, unit)),
    }),
  ],
  [/^time in (\S+)$/, ([zone = ''], clock) => ({ type: 'clock', minutes: wallClock(zone, clock.now).minutes })],
  [
    /^time (\S+) (h|min) (after|before) (\S+)$/,
    ([n = '', unit = '', side, time = '']) => ({
      type: 'clock',
      minutes: wrapped(clockMinutes(time) + span(n, unit) * (side === 'after' ? 1 : -1)),
    }),
  ],
  [
    /^time between (\S+) and (\S+)$/,
    ([a = '', b = '']) => ({ type: 'minutes', minutes: wrapped(clockMinutes(b) - clockMinutes(a)) }),
  ],
  [
    /^zone (\S+) (\S+) to (\S+)$/,
    ([time = '', from = '', to = ''], clock) => ({
      type: 'clock',
      minutes: wrapped(clockMinutes(time) + offsetOf(to, clock.now) - offsetOf(from, clock.now)),
    }),
  ],
  [
    /^difference (\S+) and (\S+)$/,
    ([a = '', b = ''], clock) => ({
      type: 'minutes',
      minutes: Math.abs(offsetOf(a, clock.now) - offsetOf(b, clock.now)),
    }),
  ],
];

function dated(args: string, clock: CheckClock): Result {
  for (const [form, answer] of FORMS) {
    const match = form.exec(args);
    if (match)
      return answer(
        match.slice(1).map((part) => part ?? ''),
        clock,
      );
  }
  throw new SyntaxError(`no date question "${args}"`);
}
