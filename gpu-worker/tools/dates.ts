import {
  addDays,
  type CalendarDate,
  clockIn,
  compareDates,
  dayNumber,
  momentIn,
  showDate,
  weekdayOf,
} from '../../src/domain/calendar.ts';
import { parseClockTime, showClockTime } from '../../src/domain/clock-reading.ts';
import { type Prefer, parseDate } from '../../src/domain/date-reading.ts';
import { findPlace, type Place } from '../../src/domain/places.ts';
import { type Tool, type ToolContext, ToolError } from '../../src/domain/tool.ts';
import { type Duration, parseDuration, plural, shiftDate, showMinutes, showWeeks } from './durations.ts';

const maxCharacters = 200;

/** The person's own clock, from which relative dates and times count. */
interface Clock {
  readonly now: Date;
  readonly zone: string;
  readonly today: CalendarDate;
  readonly minutes: number;
}

type Answer = (parts: readonly string[], clock: Clock) => string;

const quoted = (text: string): string => `"${text.trim().slice(0, 40)}"`;

function dateFrom(text: string, { today }: Clock, prefer: Prefer = 'next'): CalendarDate {
  const date = parseDate(text, today, prefer);
  if (!date) throw new ToolError(`${quoted(text)} is no date`);
  return date;
}

function timeFrom(text: string, { minutes }: Clock): number {
  const time = /^now$/i.test(text.trim()) ? minutes : parseClockTime(text);
  if (time === undefined) throw new ToolError(`${quoted(text)} is no clock time`);
  return time;
}

function placeFrom(text: string): Place {
  const place = findPlace(text);
  if (!place) throw new ToolError(`unknown place ${quoted(text)}`);
  return place;
}

function durationFrom(text: string): Duration {
  const duration = parseDuration(text);
  if (!duration) throw new ToolError(`${quoted(text)} is no length of time`);
  return duration;
}

const longDate = (date: CalendarDate): string => `${weekdayOf(date)}, ${showDate(date)}`;

/** `14:30`, with a note when that is on another day. */
function clockTime(minutes: number): string {
  const days = Math.floor(minutes / 1440);
  const note =
    days === 0
      ? ''
      : days === 1
        ? ' the next day'
        : days === -1
          ? ' the day before'
          : ` (${days > 0 ? '+' : ''}${days} days)`;
  return `${showClockTime(minutes)}${note}`;
}

const clockMinutes = (duration: Duration): number => {
  if (duration.months > 0) throw new ToolError('say hours, minutes or days for a clock time');
  return duration.days * 1440 + duration.minutes;
};

/** The person's clock a length of time from now: days go by the calendar, hours as they pass, however clocks are changed. */
function clockAfter(duration: Duration, sign: 1 | -1, { now, zone, today, minutes }: Clock): string {
  const passing = sign * clockMinutes({ ...duration, days: 0 }) * 60_000;
  const day = shiftDate(today, { months: 0, days: duration.days, minutes: 0 }, sign);
  const start = duration.days === 0 ? now : momentIn(zone, day, minutes);
  const there = clockIn(zone, new Date(start.getTime() + passing));
  return clockTime(compareDates(there.date, today) * 1440 + there.minutes);
}

/** Minutes that pass until the person's clock shows that time. */
function minutesUntil(time: number, { now, zone, today, minutes }: Clock): number {
  const shown = (time - minutes + 1440) % 1440;
  if (clockIn(zone, new Date(now.getTime() + shown * 60_000)).minutes === time) return shown;
  // Clocks are changed on the way.
  const moment = momentIn(zone, time < minutes ? addDays(today, 1) : today, time);
  return Math.ceil((moment.getTime() - now.getTime()) / 60_000);
}

/** The date that `in 45 days`, `3 weeks ago`, `2 days after 1 May`, `from now`, or a plain date names. */
function movedDate(text: string, clock: Clock): CalendarDate {
  const ahead = /^in (.+)$/i.exec(text) ?? /^(.+?) (?:from now|from today|ahead|later|hence)$/i.exec(text);
  if (ahead?.[1] !== undefined && parseDuration(ahead[1]))
    return shiftDate(clock.today, durationFrom(ahead[1]), 1, clock.minutes);
  const ago = /^(.+?) (?:ago|earlier|back)$/i.exec(text);
  if (ago?.[1] !== undefined) return shiftDate(clock.today, durationFrom(ago[1]), -1, clock.minutes);
  const relative = /^(.+?) (after|from|before) (.+)$/i.exec(text);
  if (relative?.[1] !== undefined && parseDuration(relative[1])) {
    const sign = relative[2]?.toLowerCase() === 'before' ? -1 : 1;
    return shiftDate(dateFrom(relative[3] ?? '', clock), durationFrom(relative[1]), sign);
  }
  return dateFrom(text.replace(/^(?:of|on|for|is) /i, ''), clock);
}

/** Days in a unit of the person's choice. */
function inUnit(days: number, unit: string): string {
  if (unit.startsWith('week')) return showWeeks(days);
  return plural(days, 'day');
}

/** `until` counts to the coming date; one in the past that names its year is said to be past. */
function until(unit: string, text: string, clock: Clock): string {
  const days = dayNumber(dateFrom(text, clock)) - dayNumber(clock.today);
  return days < 0 ? `${inUnit(-days, unit)} ago` : inUnit(days, unit);
}

function since(unit: string, text: string, clock: Clock): string {
  const date = dateFrom(text, clock, 'last');
  const days = dayNumber(clock.today) - dayNumber(date);
  if (days < 0) return `${inUnit(-days, unit)} from now`;
  if (!unit.startsWith('year')) return inUnit(days, unit);
  const { today } = clock;
  const had = today.month > date.month || (today.month === date.month && today.day >= date.day);
  return plural(today.year - date.year - (had ? 0 : 1), 'year');
}

function between(unit: string, first: string, second: string, clock: Clock): string {
  const a = dateFrom(first, clock, 'this year');
  const sameYear = dateFrom(second, clock, 'this year');
  const yearless = compareDates(sameYear, dateFrom(second, clock, 'next')) !== 0 && compareDates(sameYear, a) < 0;
  const b = yearless ? dateFrom(second, { ...clock, today: a }, 'next') : sameYear;
  return inUnit(Math.abs(compareDates(a, b)), unit);
}

/** `06:25`, with the weekday when it is not the person's. */
function timeIn(place: Place, clock: Clock): string {
  const there = clockIn(place.zone, clock.now);
  const other = compareDates(there.date, clock.today) !== 0;
  return `${showClockTime(there.minutes)}${other ? ` (${weekdayOf(there.date)})` : ''}`;
}

function zoneTime(time: string, from: Place, to: Place, clock: Clock): string {
  const date = clockIn(from.zone, clock.now).date;
  const there = clockIn(to.zone, momentIn(from.zone, date, timeFrom(time, clock)));
  return clockTime(compareDates(there.date, date) * 1440 + there.minutes);
}

/** Minutes that one place's clock is ahead of the other's. */
function difference(first: Place, second: Place, clock: Clock): string {
  const [a, b] = [clockIn(first.zone, clock.now), clockIn(second.zone, clock.now)];
  const minutes = compareDates(a.date, b.date) * 1440 + a.minutes - b.minutes;
  if (minutes === 0) return `${first.name} and ${second.name} have the same time`;
  return `${first.name} is ${showMinutes(Math.abs(minutes))} ${minutes > 0 ? 'ahead of' : 'behind'} ${second.name}`;
}

/** The grammar: the first form that fits is meant. */
const forms: readonly (readonly [RegExp, Answer])[] = [
  [/^(?:today|date|date today|date of today)$/, (_, { today }) => longDate(today)],
  [/^(?:now|time|time now|current time)$/, (_, { minutes }) => showClockTime(minutes)],
  [/^(?:weekday|day)$/, (_, { today }) => weekdayOf(today)],
  [
    /^time (?:in )?(.+?) (after|before|from|past) (.+)$/,
    ([duration = '', side, time = ''], clock) =>
      clockTime(timeFrom(time, clock) + (side === 'before' ? -1 : 1) * clockMinutes(durationFrom(duration))),
  ],
  [/^time (.+) ago$/, ([text = ''], clock) => clockAfter(durationFrom(text), -1, clock)],
  [
    /^time (?:in|at|of) (.+)$/,
    ([text = ''], clock) => {
      const duration = parseDuration(text);
      return duration ? clockAfter(duration, 1, clock) : timeIn(placeFrom(text), clock);
    },
  ],
  [
    /^(?:time )?difference (?:between |from )?(.+?)(?: and | to |, )(.+)$/,
    ([a = '', b = ''], clock) => difference(placeFrom(a), placeFrom(b), clock),
  ],
  [/^zone (.+) (?:to|in) (.+)$/, ([from = '', to = ''], clock) => zoned(from, to, clock)],
  [/^(days|weeks) (?:until|till|to|before) (.+)$/, ([unit = '', text = ''], clock) => until(unit, text, clock)],
  [/^(days|weeks|years) since (.+)$/, ([unit = '', text = ''], clock) => since(unit, text, clock)],
  [
    /^(days|weeks) (?:between|from) (.+?) (?:and|to|until|till) (.+)$/,
    ([unit = '', a = '', b = ''], clock) => between(unit, a, b, clock),
  ],
  [
    /^(?:hours|minutes|time) (?:between|from) (.+?) (?:and|to|until|till) (.+)$/,
    ([a = '', b = ''], clock) => showMinutes((timeFrom(b, clock) - timeFrom(a, clock) + 1440) % 1440),
  ],
  [
    /^(?:hours|minutes|time) (?:until|till) (.+)$/,
    ([text = ''], clock) => showMinutes(minutesUntil(timeFrom(text, clock), clock)),
  ],
  [/^(?:weekday|day) (.+)$/, ([text = ''], clock) => weekdayOf(movedDate(text, clock))],
  [/^date (.+)$/, ([text = ''], clock) => longDate(movedDate(text, clock))],
];

/** `14:30 Europe/Berlin` or `half past two in New York` → time and place, split where both sides can be read. */
function zoned(text: string, to: string, clock: Clock): string {
  for (const match of text.matchAll(/ (?:in )?/g)) {
    const [time, from] = [text.slice(0, match.index), findPlace(text.slice(match.index + match[0].length))];
    if (from && (parseClockTime(time) !== undefined || time.toLowerCase() === 'now')) {
      return zoneTime(time, from, placeFrom(to), clock);
    }
  }
  throw new ToolError(`${quoted(text)} is no clock time and place`);
}

/**
 * Answers one command of the grammar in the tool's metadata.
 * @throws ToolError
 */
export function answerDates(command: string, context: Pick<ToolContext, 'now' | 'zone'>): string {
  if (command.length > maxCharacters) throw new ToolError('the command is too long');
  const text = command
    .normalize('NFKC')
    .replace(/[’‘]/g, "'")
    .replace(/\s+/g, ' ')
    .replace(/[?!.]+$/, '')
    .trim();
  const here = clockIn(context.zone, context.now);
  const clock: Clock = { now: context.now, zone: context.zone, today: here.date, minutes: here.minutes };
  for (const [pattern, answer] of forms) {
    const match = new RegExp(pattern.source, 'i').exec(text);
    if (match)
      return answer(
        match.slice(1).map((part) => part ?? ''),
        clock,
      );
  }
  const date = parseDate(text, clock.today);
  if (date) return longDate(date);
  throw new ToolError(`${quoted(text)} is no command of dates`);
}

export const dates: Tool = {
  metadata: {
    name: 'dates',
    does: 'Answers questions about dates, clock times and time zones, by the clock of the moment of asking.',
    inputs: [
      'today; time; time in Tokyo',
      'date in 45 days; date 3 weeks ago; date 10 days after 1 May; date of Easter 2027',
      'weekday in 45 days; weekday 45 days ago; weekday of 20 July 1969',
      'days until 24 December; weeks until 24 December; days since 1 March; years since 20 July 1969',
      'days between 1 March and 5 April; weeks between 1 March and 5 April',
      'time 3 hours after 14:30; time 90 minutes before noon; time in 3 hours; hours between 09:15 and 17:40',
      'zone 14:30 Berlin to Tokyo; difference Tokyo and Berlin',
    ],
    output: 'A date, a weekday, a clock time, or a number of days, weeks, hours or minutes.',
    limits: 'Years 1 to 9999; places are cities, countries and IANA zones; 24/12/2026 is read day first.',
    bestPractice: 'Write dates with the month in words; without a year the coming one is meant.',
  },
  run: async (command, context) => ({ result: answerDates(command, context) }),
};
