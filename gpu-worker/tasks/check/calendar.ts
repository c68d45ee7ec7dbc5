import type { CheckClock } from './outcome.ts';

/** Days since 1 January 1970. */
export type DayNumber = number;

const DAY_NAMES = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
export const MONTH_NAMES =
  'january february march april may june july august september october november december'.split(' ');

export const dayNumberOf = (year: number, month: number, day: number): DayNumber => {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime() / 86_400_000;
};

export function partsOf(day: DayNumber): { year: number; month: number; day: number } {
  const date = new Date(day * 86_400_000);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** 0 is Sunday. */
export const weekdayIndex = (day: DayNumber): number => (((day + 4) % 7) + 7) % 7;
export const weekdayName = (day: DayNumber): string => DAY_NAMES[weekdayIndex(day)] ?? '';

const formats = new Map<string, Intl.DateTimeFormat>();

/** The date and the minutes since midnight that clocks of a zone show at a moment. */
export function wallClock(zone: string, moment: Date): { day: DayNumber; minutes: number } {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
    formats.set(zone, format);
  }
  const parts = new Map(format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]));
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
  return { day: dayNumberOf(part('year'), part('month'), part('day')), minutes: part('hour') * 60 + part('minute') };
}

/** Minutes that a zone is ahead of UTC. */
export function offsetOf(zone: string, moment: Date): number {
  const there = wallClock(zone, moment);
  const utc = wallClock('UTC', moment);
  return (there.day - utc.day) * 1440 + there.minutes - utc.minutes;
}

/** `12-24` (the coming one, today included), `1969-07-20`, `friday`, `tomorrow` as a day. @throws RangeError */
export function dayOf(value: string, clock: CheckClock, thisYear = false): DayNumber {
  const today = wallClock(clock.zone, clock.now).day;
  const near = { today: 0, tomorrow: 1, yesterday: -1, 'the day after tomorrow': 2, 'the day before yesterday': -2 }[
    value
  ];
  if (near !== undefined) return today + near;
  const [, which = '', name = ''] = /^(?:(next|last) )?(\w+day)$/.exec(value) ?? [];
  const weekday = DAY_NAMES.indexOf(name);
  if (weekday >= 0) {
    const ahead = (weekday - weekdayIndex(today) + 7) % 7;
    return today + (which === 'last' ? ahead - 7 : ahead === 0 && which === 'next' ? 7 : ahead);
  }
  const holiday = movableHolidays[value];
  if (holiday !== undefined) {
    const here = holiday(partsOf(today).year);
    return here >= today || thisYear ? here : holiday(partsOf(today).year + 1);
  }
  const full = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value);
  if (full) return dayNumberOf(Number(full[1]), Number(full[2]), Number(full[3]));
  const short = /^(\d{2})-(\d{2})$/.exec(value);
  if (!short) throw new RangeError(`no date "${value}"`);
  const year = partsOf(today).year;
  const here = dayNumberOf(year, Number(short[1]), Number(short[2]));
  return here >= today || thisYear ? here : dayNumberOf(year + 1, Number(short[1]), Number(short[2]));
}

/** Easter Sunday of the Gregorian calendar (the algorithm of Oudin, 1940). */
function easter(year: number): DayNumber {
  const c = Math.floor(year / 100);
  const n = year % 19;
  const k = Math.floor((c - 17) / 25);
  const solar = c - Math.floor(c / 4) - Math.floor((c - k) / 3) + 19 * n + 15;
  const i = solar % 30;
  const moon = i - Math.floor(i / 28) * (1 - Math.floor(29 / (i + 1)) * Math.floor((21 - n) / 11));
  const j = (year + Math.floor(year / 4) + moon + 2 - c + Math.floor(c / 4)) % 7;
  const l = moon - j;
  const month = 3 + Math.floor((l + 40) / 44);
  return dayNumberOf(year, month, l + 28 - 31 * Math.floor(month / 4));
}

const movableHolidays: Readonly<Record<string, (year: number) => DayNumber>> = {
  easter,
  'easter monday': (year) => easter(year) + 1,
  'good friday': (year) => easter(year) - 2,
  // The fourth Thursday of November.
  thanksgiving: (year) => dayNumberOf(year, 11, 22) + ((4 - weekdayIndex(dayNumberOf(year, 11, 22)) + 7) % 7),
};

/** A day moved by a number of days, weeks, months or years; the day of the month is cut to the month's length. */
export function movedDay(day: DayNumber, count: number, unit: string): DayNumber {
  if (unit === 'day') return day + count;
  if (unit === 'week') return day + 7 * count;
  const months = unit === 'year' ? 12 * count : count;
  const { year, month, day: dayOfMonth } = partsOf(day);
  const index = year * 12 + month - 1 + months;
  const [newYear, newMonth] = [Math.floor(index / 12), (((index % 12) + 12) % 12) + 1];
  const last = partsOf(
    dayNumberOf(newMonth === 12 ? newYear + 1 : newYear, newMonth === 12 ? 1 : newMonth + 1, 1) - 1,
  ).day;
  return dayNumberOf(newYear, newMonth, Math.min(dayOfMonth, last));
}
