/** A day of the Gregorian calendar; `month` from 1. */
export interface CalendarDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

export const weekdayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;

const msPerDay = 86_400_000;
/** Years that dates may have. */
const years = { first: 1, last: 9999 } as const;

/** Days since 1970-01-01. */
export function dayNumber(date: CalendarDate): number {
  const at = new Date(0);
  at.setUTCFullYear(date.year, date.month - 1, date.day);
  return Math.round(at.getTime() / msPerDay);
}

/** @throws RangeError outside the years 1 to 9999 */
export function fromDayNumber(days: number): CalendarDate {
  const at = new Date(days * msPerDay);
  const date = { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() };
  if (!(date.year >= years.first && date.year <= years.last)) throw new RangeError('the date is out of range');
  return date;
}

export const daysInMonth = (year: number, month: number): number =>
  [31, year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][
    month - 1
  ] ?? 0;

/** True for a day that exists. */
export const isDate = ({ year, month, day }: CalendarDate): boolean =>
  year >= years.first && year <= years.last && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);

/** Negative, zero or positive as a is before, on or after b. */
export const compareDates = (a: CalendarDate, b: CalendarDate): number => dayNumber(a) - dayNumber(b);

export const addDays = (date: CalendarDate, days: number): CalendarDate => fromDayNumber(dayNumber(date) + days);

/** The same day some months on; the last day of the month when it has no such day. @throws RangeError */
export function addMonths(date: CalendarDate, months: number): CalendarDate {
  const index = date.year * 12 + date.month - 1 + months;
  const year = Math.floor(index / 12);
  const month = index - year * 12 + 1;
  if (!(year >= years.first && year <= years.last)) throw new RangeError('the date is out of range');
  return { year, month, day: Math.min(date.day, daysInMonth(year, month)) };
}

/** 0 for Sunday. */
export const weekdayIndex = (date: CalendarDate): number => (((dayNumber(date) + 4) % 7) + 7) % 7;
export const weekdayOf = (date: CalendarDate): string => weekdayNames[weekdayIndex(date)] ?? '';

/** `24 December 2026`. */
export const showDate = (date: CalendarDate): string => `${date.day} ${monthNames[date.month - 1]} ${date.year}`;

/** Western Easter Sunday (the anonymous Gregorian algorithm, Meeus, Astronomical Algorithms, ch. 8). */
export function easter(year: number): CalendarDate {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const e = b % 4;
  const f = Math.floor((b + 8) / 25);
  const g = Math.floor((b - f + 1) / 3);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4);
  const k = c % 4;
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const sum = h + l - 7 * m + 114;
  return { year, month: Math.floor(sum / 31), day: (sum % 31) + 1 };
}

/** The nth weekday of a month; n = -1 for the last one. */
export function nthWeekday(year: number, month: number, weekday: number, n: number): CalendarDate {
  if (n < 0) {
    const last = { year, month, day: daysInMonth(year, month) };
    return addDays(last, -((weekdayIndex(last) - weekday + 7) % 7));
  }
  const first = { year, month, day: 1 };
  return addDays(first, ((weekday - weekdayIndex(first) + 7) % 7) + 7 * (n - 1));
}

/** The date, and the minutes since midnight, that a clock in the zone shows at a moment. @throws RangeError for an unknown zone */
export function clockIn(zone: string, at: Date): { date: CalendarDate; minutes: number } {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  }).formatToParts(at);
  const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value ?? 0);
  return {
    date: { year: part('year'), month: part('month'), day: part('day') },
    minutes: part('hour') * 60 + part('minute'),
  };
}

/**
 * The moment at which a clock in the zone shows that time of that date. Where clocks skip it, they show an hour more at
 * that moment; of two it is one.
 */
export function momentIn(zone: string, date: CalendarDate, minutes: number): Date {
  const wanted = dayNumber(date) * msPerDay + minutes * 60_000;
  const offsetAt = (at: number): number => {
    const clock = clockIn(zone, new Date(at));
    return dayNumber(clock.date) * msPerDay + clock.minutes * 60_000 - Math.floor(at / 60_000) * 60_000;
  };
  const guess = wanted - offsetAt(wanted);
  const moment = wanted - offsetAt(guess);
  // Either side of a gap gives one of the two; the later one counts from the offset before it.
  return new Date(clockIn(zone, new Date(moment)).minutes === minutes ? moment : Math.max(guess, moment));
}
