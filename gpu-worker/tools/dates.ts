import { type CalendarDate, clockIn, compareDates, dayNumber, showDate, weekdayOf } from '../../src/domain/calendar.ts';
import { showClockTime } from '../../src/domain/clock-reading.ts';
import { type Prefer, parseDate } from '../../src/domain/date-reading.ts';
import { type Tool, type ToolContext, ToolError } from '../../src/domain/tool.ts';
import {
  type Clock,
  clockAfter,
  clockMinutes,
  clockTime,
  difference,
  durationFrom,
  minutesUntil,
  placeFrom,
  quoted,
  timeFrom,
  timeIn,
  zoned,
} from './clock-times.ts';
import { parseDuration, plural, shiftDate, showMinutes, showWeeks } from './durations.ts';

const maxCharacters = 200;

type Answer = (parts: readonly string[], clock: Clock) => string;

function dateFrom(text: string, { today }: Clock, prefer: Prefer = 'next'): CalendarDate {
  const date = parseDate(text, today, prefer);
  if (!date) throw new ToolError(`${quoted(text)} is no date`);
  return date;
}

const longDate = (date: CalendarDate): string => `${weekdayOf(date)}, ${showDate(date)}`;

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
