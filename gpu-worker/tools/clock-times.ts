import { addDays, type CalendarDate, clockIn, compareDates, momentIn, weekdayOf } from '../../src/domain/calendar.ts';
import { parseClockTime, showClockTime } from '../../src/domain/clock-reading.ts';
import { findPlace, type Place } from '../../src/domain/places.ts';
import { ToolError } from '../../src/domain/tool.ts';
import { type Duration, parseDuration, shiftDate, showMinutes } from './durations.ts';

/** The person's own clock, from which relative dates and times count. */
export interface Clock {
  readonly now: Date;
  readonly zone: string;
  readonly today: CalendarDate;
  readonly minutes: number;
}

/** A part of a command as errors show it. */
export const quoted = (text: string): string => `"${text.trim().slice(0, 40)}"`;

/** Minutes since midnight. @throws ToolError */
export function timeFrom(text: string, { minutes }: Clock): number {
  const time = /^now$/i.test(text.trim()) ? minutes : parseClockTime(text);
  if (time === undefined) throw new ToolError(`${quoted(text)} is no clock time`);
  return time;
}

/** @throws ToolError for a name that means no place */
export function placeFrom(text: string): Place {
  const place = findPlace(text);
  if (!place) throw new ToolError(`unknown place ${quoted(text)}`);
  return place;
}

/** @throws ToolError for a text that is no length of time, or too long a one */
export function durationFrom(text: string): Duration {
  const duration = parseDuration(text);
  if (!duration) throw new ToolError(`${quoted(text)} is no length of time`);
  return duration;
}

/** `14:30`, with a note when that is on another day. */
export function clockTime(minutes: number): string {
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

/** Minutes of a clock. @throws ToolError for months and years */
export const clockMinutes = (duration: Duration): number => {
  if (duration.months > 0) throw new ToolError('say hours, minutes or days for a clock time');
  return duration.days * 1440 + duration.minutes;
};

/** The person's clock a length of time from now: days go by the calendar, hours as they pass, however clocks are changed. */
export function clockAfter(duration: Duration, sign: 1 | -1, { now, zone, today, minutes }: Clock): string {
  const passing = sign * clockMinutes({ ...duration, days: 0 }) * 60_000;
  const day = shiftDate(today, { months: 0, days: duration.days, minutes: 0 }, sign);
  const start = duration.days === 0 ? now : momentIn(zone, day, minutes);
  const there = clockIn(zone, new Date(start.getTime() + passing));
  return clockTime(compareDates(there.date, today) * 1440 + there.minutes);
}

/** Minutes that pass until the person's clock shows that time. */
export function minutesUntil(time: number, { now, zone, today, minutes }: Clock): number {
  const shown = (time - minutes + 1440) % 1440;
  if (clockIn(zone, new Date(now.getTime() + shown * 60_000)).minutes === time) return shown;
  // Clocks are changed on the way.
  const moment = momentIn(zone, time < minutes ? addDays(today, 1) : today, time);
  return Math.ceil((moment.getTime() - now.getTime()) / 60_000);
}

/** `06:25`, with the weekday when it is not the person's. */
export function timeIn(place: Place, clock: Clock): string {
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
export function difference(first: Place, second: Place, clock: Clock): string {
  const [a, b] = [clockIn(first.zone, clock.now), clockIn(second.zone, clock.now)];
  const minutes = compareDates(a.date, b.date) * 1440 + a.minutes - b.minutes;
  if (minutes === 0) return `${first.name} and ${second.name} have the same time`;
  return `${first.name} is ${showMinutes(Math.abs(minutes))} ${minutes > 0 ? 'ahead of' : 'behind'} ${second.name}`;
}

/** `14:30 Europe/Berlin` or `half past two in New York` → time and place, split where both sides can be read. */
export function zoned(text: string, to: string, clock: Clock): string {
  for (const match of text.matchAll(/ (?:in )?/g)) {
    const [time, from] = [text.slice(0, match.index), findPlace(text.slice(match.index + match[0].length))];
    if (from && (parseClockTime(time) !== undefined || time.toLowerCase() === 'now')) {
      return zoneTime(time, from, placeFrom(to), clock);
    }
  }
  throw new ToolError(`${quoted(text)} is no clock time and place`);
}
