import type { Draft } from '../draft.ts';
import { drawWhole, wholeEntity } from '../numbers.ts';
import { CITIES } from './places.ts';

const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** Days with a name. */
const HOLIDAYS: readonly (readonly [names: readonly string[], date: string])[] = [
  [['Christmas', 'Christmas Day', 'Xmas'], '12-25'],
  [['Christmas Eve'], '12-24'],
  [["New Year's Eve"], '12-31'],
  [["New Year's Day", 'New Year'], '01-01'],
  [['Halloween'], '10-31'],
  [["Valentine's Day"], '02-14'],
  [["St. Patrick's Day"], '03-17'],
  [['Easter', 'Easter Sunday'], 'easter'],
  [['Easter Monday'], 'easter monday'],
  [['Good Friday'], 'good friday'],
  [['Thanksgiving'], 'thanksgiving'],
  [['the end of the year'], '12-31'],
];

/** Years that dates in the past and in the future are drawn from: fixed, so that a seed gives the same task at any time. */
const PAST_YEARS: readonly [number, number] = [1900, 2025];
const FUTURE_YEARS: readonly [number, number] = [2027, 2034];

const two = (n: number): string => String(n).padStart(2, '0');
const ordinal = (n: number): string =>
  `${n}${n % 10 === 1 && n !== 11 ? 'st' : n % 10 === 2 && n !== 12 ? 'nd' : n % 10 === 3 && n !== 13 ? 'rd' : 'th'}`;

/** Days of the year kept from training: about a seventh. */
const isHeldDay = (month: number, day: number): boolean => (month * 31 + day) % 7 === 3;

function drawDay(draft: Draft): { month: number; day: number } {
  for (;;) {
    const month = draft.int(1, 12);
    const day = draft.int(1, LENGTHS[month - 1] ?? 28);
    const held = isHeldDay(month, day);
    if (held && draft.split === 'train') continue;
    if (!held && draft.split === 'values' && draft.chance(0.5)) continue;
    if (held) draft.heldValues += 1;
    return { month, day };
  }
}

export type DateForm = 'coming' | 'past' | 'future' | 'any';

/** A date entity: `24 December`, `July 20, 1969`, `2024-03-05`, `Christmas`; returns its mark. `coming` has no year. */
export function dateEntity(draft: Draft, form: DateForm, named = 0.12): string {
  if (form === 'coming' && draft.chance(named)) {
    const [names, value] = draft.pick(HOLIDAYS);
    return draft.entity('date', draft.pick(names), value);
  }
  if (form === 'coming' && draft.chance(0.05)) {
    return dayNameEntity(draft, ['', 'next ', '']);
  }
  const { month, day } = drawDay(draft);
  const value = `${two(month)}-${two(day)}`;
  const full = MONTHS[month - 1] ?? '';
  const name = draft.chance(0.14) && full.length > 4 ? full.slice(0, 3) : full;
  const year = form === 'coming' ? '' : String(drawYear(draft, form));
  if (year === '') {
    const surface = draft.pick([
      `${day} ${name}`,
      `${name} ${day}`,
      `${ordinal(day)} of ${full}`,
      `${name} ${ordinal(day)}`,
      `the ${ordinal(day)} of ${full}`,
      `${ordinal(day)} ${full}`,
    ]);
    return draft.entity('date', surface, value);
  }
  const surface = draft.pick([
    `${day} ${name} ${year}`,
    `${name} ${day}, ${year}`,
    `${name} ${day} ${year}`,
    `${ordinal(day)} of ${full} ${year}`,
    `${name} ${ordinal(day)}, ${year}`,
    `the ${ordinal(day)} of ${full} ${year}`,
    `${year}-${value}`,
    `${ordinal(day)} ${full} ${year}`,
  ]);
  return draft.entity('date', surface, `${year}-${value}`);
}

/** `Friday`, `next Friday`: a day of the week near today. */
export function dayNameEntity(draft: Draft, before: readonly string[]): string {
  const name = `${draft.pick(before)}${draft.pick(DAYS)}`;
  return draft.entity('date', name, name.toLowerCase());
}

/** A named day such as Easter, with or without a year. */
export function holidayEntity(draft: Draft): string {
  const [names, value] = draft.pick(HOLIDAYS);
  return draft.entity('date', draft.pick(names), value);
}

function drawYear(draft: Draft, form: 'past' | 'future' | 'any'): number {
  const past = form === 'past' || (form === 'any' && draft.chance(0.5));
  if (past && draft.chance(0.5)) return draft.int(1990, PAST_YEARS[1]);
  return past ? draft.int(...PAST_YEARS) : draft.int(...FUTURE_YEARS);
}

/** Two dates, the first before the second: both with years or both without. */
export function datePair(draft: Draft): { first: string; second: string } {
  const yearless = draft.chance(0.5);
  for (;;) {
    const first = dateEntity(draft, yearless ? 'coming' : 'any', 0);
    const second = dateEntity(draft, yearless ? 'coming' : 'any', 0.1);
    const [a, b] = [draft.valueOf(first), draft.valueOf(second)];
    const plain = /^\d/;
    if (plain.test(a) && plain.test(b) && a < b) return { first, second };
  }
}

const SPANS: readonly (readonly [one: string, many: string, most: number, weight: number])[] = [
  ['day', 'days', 400, 10],
  ['week', 'weeks', 60, 6],
  ['month', 'months', 30, 4],
  ['year', 'years', 40, 2],
];
const weightedSpans = SPANS.flatMap((span) => Array<(typeof SPANS)[number]>(span[3]).fill(span));

/** A length of time in days to years. `text` as asked, `command` as the tool takes it. */
export function spanOfDays(draft: Draft): { text: string; command: string } {
  const [one, many, most] = draft.pick(weightedSpans);
  if (draft.chance(0.08)) {
    const mark = draft.entity('unit', one, one);
    return { text: `[a|one] ${mark}`.replace('[a|one]', 'a'), command: `1 ${mark}` };
  }
  const number = wholeEntity(draft, drawWhole(draft, 2, draft.chance(0.5) ? Math.min(20, most) : most), 0.3);
  const mark = draft.entity('unit', many, one);
  return { text: `${number} ${mark}`, command: `${number} ${mark}` };
}

/** A length of time in minutes or hours. */
export function spanOfHours(draft: Draft): { text: string; command: string } {
  const minutes = draft.chance(0.45);
  if (draft.chance(0.06)) {
    const mark = draft.entity('unit', 'hour', 'h');
    return { text: `an ${mark}`, command: `1 ${mark}` };
  }
  const number =
    !minutes && draft.chance(0.1)
      ? halfHours(draft)
      : wholeEntity(
          draft,
          minutes
            ? draft.pick([5, 10, 15, 20, 30, 40, 45, 50, 75, 90, 100, 120, drawWhole(draft, 2, 200)])
            : drawWhole(draft, 2, 40),
          0.3,
        );
  const mark = draft.entity(
    'unit',
    minutes ? draft.pick(['minutes', 'minutes', 'mins']) : draft.pick(['hours', 'hours', 'hrs']),
    minutes ? 'min' : 'h',
  );
  return { text: `${number} ${mark}`, command: `${number} ${mark}` };
}

/** A clock time: `14:30`, `2:30 pm`, `9am`, `noon`; returns its mark. */
export function timeEntity(draft: Draft): string {
  if (draft.chance(0.04)) return draft.entity('time', 'noon', '12:00');
  if (draft.chance(0.03)) return draft.entity('time', 'midnight', '00:00');
  const hour = draft.int(0, 23);
  const minute = draft.chance(0.35) ? 0 : draft.pick([15, 30, 45, 10, 20, 40, 50, draft.int(1, 59)]);
  const value = `${two(hour)}:${two(minute)}`;
  const half = hour % 12 === 0 ? 12 : hour % 12;
  const suffix = draft.pick(hour < 12 ? ['am', ' am', ' AM', ' a.m.'] : ['pm', ' pm', ' PM', ' p.m.']);
  const surface = draft.chance(0.5)
    ? value
    : minute === 0
      ? draft.chance(0.7)
        ? `${half}${suffix}`
        : `${value}`
      : `${half}:${two(minute)}${suffix}`;
  return draft.entity('time', surface, value);
}

/** A city; returns its mark. */
export function placeEntity(draft: Draft, except?: string): string {
  for (;;) {
    const city = draft.value(CITIES);
    if (city.name !== except) return draft.entity('place', city.name, city.zone);
  }
}

/** Two cities in different zones. */
export function placePair(draft: Draft): { from: string; to: string } {
  for (;;) {
    const [from, to] = [placeEntity(draft), placeEntity(draft)];
    if (draft.valueOf(from) !== draft.valueOf(to)) return { from, to };
  }
}

function halfHours(draft: Draft): string {
  const value = `${draft.int(1, 5)}.5`;
  return draft.entity('number', value, value);
}
