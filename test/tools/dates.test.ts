import { describe, expect, it } from 'vitest';
import { answerDates } from '../../gpu-worker/tools/dates.ts';
import { addMonths, dayNumber, easter, fromDayNumber, momentIn, weekdayOf } from '../../src/domain/calendar.ts';
import { findClockTimes, parseClockTime } from '../../src/domain/clock-reading.ts';
import { findDates, parseDate } from '../../src/domain/date-reading.ts';
import { findPlace } from '../../src/domain/places.ts';
import { now, outcome, seeded } from './tool-context.ts';

const context = { now, zone: 'UTC' };
const today = { year: 2026, month: 11, day: 23 };

describe('dates', () => {
  it.each([
    ['today', 'Monday, 23 November 2026'],
    ['time', '21:25'],
    ['time in Asia/Tokyo', '06:25 (Tuesday)'],
    ['time in new york', '16:25'],
    ['time in São Paulo', '18:25'],
    ['time in Asia/Kolkata', '02:55 (Tuesday)'],
    ['time in 3 hours', '00:25 the next day'],
    ['time 2 hours ago', '19:25'],
    ['date in 45 days', 'Thursday, 7 January 2027'],
    ['date 3 weeks ago', 'Monday, 2 November 2026'],
    ['date 3 weeks from now', 'Monday, 14 December 2026'],
    ['date in 1 week and 3 days', 'Thursday, 3 December 2026'],
    ['date 1 month after 31 January 2027', 'Sunday, 28 February 2027'],
    ['date 10 days before 5 March 2028', 'Thursday, 24 February 2028'],
    ['date in 36 hours', 'Wednesday, 25 November 2026'],
    ['date 22 hours ago', 'Sunday, 22 November 2026'],
    ['date in half a year', 'Sunday, 23 May 2027'],
    ['date of Easter', 'Sunday, 28 March 2027'],
    ['date of Thanksgiving 2027', 'Thursday, 25 November 2027'],
    ['next Friday', 'Friday, 27 November 2026'],
    ['weekday in 45 days', 'Thursday'],
    ['weekday 45 days ago', 'Friday'],
    ['weekday of 20 July 1969', 'Sunday'],
    ['weekday of July 20th, 1969', 'Sunday'],
    ['weekday on Christmas', 'Friday'],
    ['weekday tomorrow', 'Tuesday'],
    ['days until 24 December', '31 days'],
    ['days until Dec 24th', '31 days'],
    ['days until 24/12/2026', '31 days'],
    ['days until 12/24/2026', '31 days'],
    ['days until today', '0 days'],
    ['days until tomorrow', '1 day'],
    ['days until 22 November', '364 days'],
    ['days until 20 July 1969', '20945 days ago'],
    ['weeks until 24 December', '4 weeks and 3 days'],
    ['weeks until 30 November', '1 week'],
    ['weeks until tomorrow', '1 day'],
    ['days since 1 March', '267 days'],
    ['years since 20 July 1969', '57 years'],
    ['years since 24 November 2000', '25 years'],
    ['days between 1 March and 5 April', '35 days'],
    ['days between 24 December and 6 January', '13 days'],
    ['days between 2026-12-31 and 2026-01-01', '364 days'],
    ['weeks between 1 March and 5 April', '5 weeks'],
    ['time 3 hours after 14:30', '17:30'],
    ['time 11 hours after 14:30', '01:30 the next day'],
    ['time 2h 30min after 10:00', '12:30'],
    ['time 90 minutes before noon', '10:30'],
    ['time half an hour before midnight', '23:30 the day before'],
    ['hours between 09:15 and 17:40', '8 hours and 25 minutes'],
    ['hours between 22:00 and 06:00', '8 hours'],
    ['time until midnight', '2 hours and 35 minutes'],
    ['zone 14:30 Europe/Berlin to Asia/Tokyo', '22:30'],
    ['zone 2 pm New York to London', '19:00'],
    ['zone half past two in New York to Berlin', '08:30'],
    ['zone 23:30 Berlin to Tokyo', '07:30 the next day'],
    ['zone 5am Tokyo to Los Angeles', '12:00 the day before'],
    ['difference Tokyo and Berlin', 'Tokyo is 8 hours ahead of Berlin'],
    ['difference UK to India', 'UK is 5 hours and 30 minutes behind India'],
  ])('%s is %s', (command, result) => {
    expect(answerDates(command, context)).toBe(result);
  });

  it.each([
    ['days until 31 February', '"31 February" is no date'],
    ['days until the revolution', '"the revolution" is no date'],
    ['time in Nowhere', 'unknown place "Nowhere"'],
    ['time 3 months after 14:30', 'say hours, minutes or days for a clock time'],
    ['time 3 hours after 25:00', '"25:00" is no clock time'],
    ['date in 99999999999 days', '99999999999 days is too long'],
    ['date in 9999 years', 'that date is out of range'],
    ['date 0.3 days after 1 May', 'say whole days from a date'],
    ['date in 1/7 days', '1/7 days cannot be counted on the calendar'],
    ['zone 14:30 Atlantis to Tokyo', '"14:30 Atlantis" is no clock time and place'],
    ['', '"" is no command of dates'],
    ['x'.repeat(500), 'the command is too long'],
  ])('%s fails', async (command, message) => {
    expect(await outcome(() => answerDates(command, context))).toBe(`error: ${message}`);
  });

  it('counts from the calendar of the person, not of UTC', () => {
    expect(answerDates('today', { now, zone: 'Asia/Tokyo' })).toBe('Tuesday, 24 November 2026');
    expect(answerDates('time in Tokyo', { now, zone: 'Asia/Tokyo' })).toBe('06:25');
    expect(answerDates('days until 24 December', { now, zone: 'Asia/Tokyo' })).toBe('30 days');
  });

  it('knows daylight saving time', () => {
    const summer = { now: new Date('2026-07-01T12:00:00Z'), zone: 'UTC' };
    expect(answerDates('time in Berlin', summer)).toBe('14:00');
    expect(answerDates('zone 14:00 New York to UTC', summer)).toBe('18:00');
    // 02:30 does not exist on that day: clocks go from 02:00 to 03:00.
    expect(momentIn('America/New_York', { year: 2026, month: 3, day: 8 }, 150).toISOString()).toBe(
      '2026-03-08T07:30:00.000Z',
    );
    expect(momentIn('Europe/Berlin', { year: 2026, month: 3, day: 29 }, 150).toISOString()).toBe(
      '2026-03-29T01:30:00.000Z',
    );
  });

  it.each([
    ['2026-03-28T23:30:40Z', 'time in 3 hours', '04:30'],
    ['2026-03-28T12:00:30Z', 'time in 14 hours', '04:00 the next day'],
    ['2026-03-28T12:00:30Z', 'time in 1 day', '13:00 the next day'],
    ['2026-03-29T02:00:00Z', 'time 3 hours ago', '00:00'],
    ['2026-03-28T23:30:40Z', 'hours until 04:00', '2 hours and 30 minutes'],
    ['2026-10-24T22:00:00Z', 'hours until noon', '13 hours'],
    ['2026-10-25T00:30:00Z', 'hours until 02:45', '15 minutes'],
    ['2026-10-25T01:30:00Z', 'hours until 02:45', '15 minutes'],
  ])('lets hours pass as they do where clocks are changed: at %s in Berlin, %s is %s', (at, command, result) => {
    expect(answerDates(command, { now: new Date(at), zone: 'Europe/Berlin' })).toBe(result);
  });
});

describe('calendar', () => {
  it('agrees with Date on random days', () => {
    const random = seeded(3);
    for (let i = 0; i < 500; i++) {
      const days = Math.floor(random() * 60_000) - 20_000;
      const date = fromDayNumber(days);
      const at = new Date(Date.UTC(date.year, date.month - 1, date.day));
      expect(dayNumber(date)).toBe(days);
      expect(weekdayOf(date)).toBe(at.toLocaleDateString('en', { weekday: 'long', timeZone: 'UTC' }));
    }
    expect(() => addMonths(today, 12 * 9000)).toThrow(RangeError);
  });

  it('knows when Easter is', () => {
    const known = [
      [1961, 4, 2],
      [2000, 4, 23],
      [2008, 3, 23],
      [2024, 3, 31],
      [2025, 4, 20],
      [2038, 4, 25],
    ] as const;
    for (const [year, month, day] of known) expect(easter(year)).toEqual({ year, month, day });
  });
});

describe('readers', () => {
  it.each([
    ['the third of May', '2027-5-3'],
    ['May the 4th', '2027-5-4'],
    ['twenty-first of June', '2027-6-21'],
    ['5 Sept.', '2027-9-5'],
    ['8.12.2026', '2026-12-8'],
    ['Thursday, 7 January 2027', '2027-1-7'],
    ['29 February', '2028-2-29'],
    ['12-24', '2026-12-24'],
    ['last Monday', '2026-11-16'],
    ['new year’s eve', '2026-12-31'],
    ['the day after tomorrow', '2026-11-25'],
    ['end of the year', '2026-12-31'],
    ['31 June', 'none'],
    ['13/13/2026', 'none'],
    ['second', 'none'],
  ])('read %s as %s', (text, expected) => {
    const date = parseDate(text, today);
    expect(date === undefined ? 'none' : `${date.year}-${date.month}-${date.day}`).toBe(expected);
  });

  it.each([
    ['14:30', 870],
    ['2.30 pm', 870],
    ['12 am', 0],
    ['12:15pm', 735],
    ['half past two', 150],
    ['quarter to 5', 285],
    ["nine o'clock", 540],
    ['ten past nine pm', 1270],
    ['noon', 720],
    ['25:00', undefined],
    ['7', undefined],
  ])('read %s as %s minutes', (text, minutes) => {
    expect(parseClockTime(text)).toBe(minutes);
  });

  it('find dates and times in sentences', () => {
    const shown = (text: string, find: typeof findDates) => find(text).map(({ start, end }) => text.slice(start, end));
    expect(shown('How long till Christmas and New Year’s Eve?', findDates)).toEqual(['Christmas', 'New Year’s Eve']);
    expect(shown('days between 3 May 2024 and June 5th', findDates)).toEqual(['3 May 2024', 'June 5th']);
    expect(shown('what is 3/4 of 12.5, may I ask now', findDates)).toEqual([]);
    expect(shown('is it 9 am at noon, or half past two?', findClockTimes)).toEqual(['9 am', 'noon', 'half past two']);
    expect(shown('from 5 to 7, or 2.30 + 1', findClockTimes)).toEqual([]);
  });

  it('find the zones of places under their usual names', () => {
    const known = {
      Munich: 'Berlin',
      nyc: 'New_York',
      'St. Gallen': 'Zurich',
      Łódź: 'Warsaw',
      'the UK': 'London',
      Mumbai: 'Calcutta',
    };
    for (const [name, city] of Object.entries(known)) expect(findPlace(name)?.zone).toMatch(new RegExp(`/${city}$`));
    expect(findPlace('Mordor')).toBeUndefined();
    expect(findPlace('../../etc/passwd')).toBeUndefined();
  });
});
