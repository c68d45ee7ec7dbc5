import { type Fraction, parseFraction, toNumber } from '../fraction.ts';
import { dayNumberOf, MONTH_NAMES } from './calendar.ts';

/** A number as an answer shows it; `places`: digits after the point, undefined for a fraction. */
export interface ShownNumber {
  readonly value: Fraction;
  readonly places: number | undefined;
}

const NUMBER = /(?<![\w.,/])[-−–]?(?:\d+ \d+\/\d+|\d+\/\d+|\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?|\.\d+)(?![\d/])/gi;

/** Every number in an answer: `1,234.5`, `-3/4`, `2 1/3`, `1.5e-7`, also `1.5 × 10^-7`. */
export function numbersIn(answer: string): ShownNumber[] {
  const text = answer.replace(/\s*[×x*]\s*10\^?([-−–]?\d+)/g, (_, power: string) => `e${power.replace(/[−–]/, '-')}`);
  return [...text.matchAll(NUMBER)].flatMap(([shown]) => {
    const clean = shown.replace(/^[−–]/, '-').replace(/,$/, '');
    const value =
      parseFraction(clean.replace(/(?<=\d),(?=\d{3}(?!\d))/g, '')) ?? parseFraction(clean.replaceAll(',', ''));
    if (value === undefined) return [];
    const places = clean.includes('/')
      ? undefined
      : (/\.(\d+)/.exec(clean)?.[1]?.length ?? 0) - Number(/e(.+)$/i.exec(clean)?.[1] ?? 0);
    return [{ value, places }];
  });
}

/** Clock times in an answer, in minutes since midnight: `14:05`, `2:05 pm`, `2 pm`. */
export function timesIn(answer: string): number[] {
  const found: number[] = [];
  for (const match of answer.matchAll(/\b(\d{1,2})(?:[:.](\d{2}))?\s*(a\.?m|p\.?m)?\b/gi)) {
    const [, hour = '', minute, half] = match;
    if (minute === undefined && half === undefined) continue;
    const base = half === undefined ? Number(hour) : (Number(hour) % 12) + (/^p/i.test(half) ? 12 : 0);
    if (base < 24 && Number(minute ?? 0) < 60) found.push(base * 60 + Number(minute ?? 0));
  }
  return found;
}

/** Lengths of time in days: `31 days`, `4 weeks and 3 days`, `4 weeks`. */
export function daysIn(answer: string): number[] {
  const found: number[] = [];
  const text = answer.replaceAll(',', '');
  for (const match of text.matchAll(/(\d+) weeks?(?:(?: and)? (\d+) days?)?|(\d+) days?/g)) {
    const [, weeks, rest, days] = match;
    found.push(weeks === undefined ? Number(days) : Number(weeks) * 7 + Number(rest ?? 0));
  }
  if (/\btoday\b/i.test(text)) found.push(0);
  return found;
}

/** Lengths of time in minutes: `8 hours 25 minutes`, `8.5 hours`, `40 minutes`, `1 day 2 hours`, `8 h 25 min`. */
export function minutesIn(answer: string): number[] {
  const found: number[] = [];
  for (const match of answer.matchAll(
    /(?:(\d+(?:\.\d+)?)\s*h(?:ours?|rs?)?\b)?(?:,?\s*(?:and\s+)?(\d+(?:\.\d+)?)\s*min(?:ute)?s?\b)?/gi,
  )) {
    const [, hours, minutes] = match;
    if (hours !== undefined || minutes !== undefined) found.push(Number(hours ?? 0) * 60 + Number(minutes ?? 0));
  }
  if (/same time|no (?:time )?difference|no time/i.test(answer)) found.push(0);
  return found;
}

/** Dates in an answer as day numbers; one without a year is given for every year from 1900 to 2100. */
export function datesIn(answer: string): number[] {
  const found: number[] = [];
  const months = MONTH_NAMES.map((name) => `${name}|${name.slice(0, 3)}`).join('|');
  const add = (year: string | undefined, month: string, day: string) => {
    const index = MONTH_NAMES.findIndex((name) => name.startsWith(month.toLowerCase().slice(0, 3))) + 1;
    if (year !== undefined) found.push(dayNumberOf(Number(year), index, Number(day)));
    else for (let any = 1900; any <= 2100; any += 1) found.push(dayNumberOf(any, index, Number(day)));
  };
  for (const [, year = '', month = '', day = ''] of answer.matchAll(/\b(\d{4})-(\d{2})-(\d{2})\b/g))
    found.push(dayNumberOf(Number(year), Number(month), Number(day)));
  for (const match of answer.matchAll(
    new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th)?(?: of)? (${months})\\b\\.?,?(?: (\\d{4}))?`, 'gi'),
  ))
    add(match[3], match[2] ?? '', match[1] ?? '');
  for (const match of answer.matchAll(
    new RegExp(`\\b(${months})\\b\\.? (\\d{1,2})(?:st|nd|rd|th)?\\b,?(?: (\\d{4}))?`, 'gi'),
  ))
    add(match[3], match[1] ?? '', match[2] ?? '');
  return found;
}

/**
 * Whether a shown number stands for a value: equal, within `relative` of it, or what it comes to when rounded to the
 * places shown (of which there must be at least three significant digits).
 */
export function standsFor(shown: ShownNumber, value: Fraction, relative: number): boolean {
  const [a, b] = [toNumber(shown.value), toNumber(value)];
  if (shown.value.top === value.top && shown.value.bottom === value.bottom) return true;
  const gap = Math.abs(a - b);
  if (gap <= relative * Math.abs(b)) return true;
  if (shown.places === undefined || shown.places < 1) return false;
  const significant = a === 0 ? 0 : Math.floor(Math.log10(Math.abs(a))) + 1 + shown.places;
  return significant >= 3 && gap <= 0.5 * 10 ** -shown.places * (1 + 1e-9);
}
