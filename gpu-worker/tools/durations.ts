import { addDays, addMonths, type CalendarDate } from '../../src/domain/calendar.ts';
import { add, divide, fraction, multiply, parseFraction } from '../../src/domain/fraction.ts';
import { ToolError } from '../../src/domain/tool.ts';
import { findUnits } from '../../src/domain/units.ts';

/** A span of time: calendar months and days, and minutes of the clock. */
export interface Duration {
  readonly months: number;
  readonly days: number;
  readonly minutes: number;
}

/** What one of each unit amounts to. */
const parts: Readonly<Record<string, readonly [keyof Duration, number]>> = {
  min: ['minutes', 1],
  h: ['minutes', 60],
  days: ['days', 1],
  weeks: ['days', 7],
  fortnights: ['days', 14],
  months: ['months', 1],
  years: ['months', 12],
  decades: ['months', 120],
  centuries: ['months', 1200],
};
const words = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
];
/** Fractions of a unit only where they come out whole: half a day is twelve hours, half a week nothing sensible. */
const smaller: Readonly<Record<string, readonly [keyof Duration, number]>> = {
  days: ['minutes', 1440],
  years: ['months', 12],
};
const limit = 10_000_000;
const partPattern =
  /^(half an?|an?|\p{L}+|[\d.,]+(?:\/\d+)?)\s*(?:([\p{L}]+)(?:\s+and a (half|quarter))?)(?:\s*(?:,|and)?\s*|$)/iu;

function amountOf(text: string) {
  const word = text.toLowerCase();
  if (word.startsWith('half')) return fraction(1n, 2n);
  if (word === 'a' || word === 'an') return fraction(1n);
  return words.includes(word) ? fraction(BigInt(words.indexOf(word))) : parseFraction(text);
}

/**
 * Reads `45 days`, `1 week and 3 days`, `2h 30min`, `an hour`, `half an hour`, `1.5 hours`; undefined for anything else.
 * @throws ToolError for amounts that are too large or parts that are no whole minutes, days or months
 */
export function parseDuration(text: string): Duration | undefined {
  let rest = text.trim();
  const total = { months: 0, days: 0, minutes: 0 };
  if (rest === '' || rest.length > 100) return undefined;
  while (rest !== '') {
    const match = partPattern.exec(rest);
    if (!match) return undefined;
    const [all, amountText = '', unitText = '', extra] = match;
    const unit = findUnits(unitText).find((one) => one.dimension === 'time');
    const whole = amountOf(amountText);
    const [field, size] = parts[unit?.symbol ?? ''] ?? [];
    if (unit === undefined || whole === undefined || field === undefined || size === undefined) return undefined;
    const amount = extra === undefined ? whole : add(whole, fraction(1n, extra === 'half' ? 2n : 4n));
    const [fine = field, fineSize = size] = amount.d === 1n ? [] : (smaller[unit.symbol] ?? []);
    const value = multiply(amount, fraction(BigInt(fineSize)));
    if (value.d !== 1n) throw new ToolError(`${amountText} ${unitText} cannot be counted on the calendar`);
    if (value.n > BigInt(limit)) throw new ToolError(`${amountText} ${unitText} is too long`);
    total[fine] += Number(divide(value, fraction(1n)).n);
    rest = rest.slice(all.length);
  }
  return total;
}

/**
 * Months first (the last day of a shorter month), then days, then minutes.
 * @param sign 1 for later, -1 for earlier
 * @param clock minutes since midnight from which hours count; without it only whole days can be added
 * @throws ToolError when the date leaves the calendar
 */
export function shiftDate(date: CalendarDate, duration: Duration, sign: 1 | -1, clock?: number): CalendarDate {
  if (clock === undefined && duration.minutes % 1440 !== 0) throw new ToolError('say whole days from a date');
  const days = sign * duration.days + Math.floor(((clock ?? 0) + sign * duration.minutes) / 1440);
  try {
    return addDays(addMonths(date, sign * duration.months), days);
  } catch (error) {
    if (error instanceof RangeError) throw new ToolError('that date is out of range', { cause: error });
    throw error;
  }
}

export const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** `4 weeks and 3 days`; `2 weeks`; `5 days`. */
export function showWeeks(days: number): string {
  const [weeks, rest] = [Math.floor(days / 7), days % 7];
  if (weeks === 0) return plural(rest, 'day');
  return rest === 0 ? plural(weeks, 'week') : `${plural(weeks, 'week')} and ${plural(rest, 'day')}`;
}

/** `8 hours and 25 minutes`. */
export function showMinutes(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours === 0) return plural(rest, 'minute');
  return rest === 0 ? plural(hours, 'hour') : `${plural(hours, 'hour')} and ${plural(rest, 'minute')}`;
}
