import {
  addDays,
  addMonths,
  type CalendarDate,
  compareDates,
  daysInMonth,
  easter,
  isDate,
  monthNames,
  nthWeekday,
  weekdayIndex,
  weekdayNames,
} from './calendar.ts';

/** Which one is meant when a date names no year: the coming one (today counts), the last one, or the one of this year. */
export type Prefer = 'next' | 'last' | 'this year';

const fixed = (month: number, day: number) => (year: number) => ({ year, month, day });
const fromEaster = (days: number) => (year: number) => addDays(easter(year), days);

/** Days with a name, by their spellings; those that differ between countries follow the United States. */
const holidays: readonly (readonly [names: string, on: (year: number) => CalendarDate])[] = [
  ['christmas eve', fixed(12, 24)],
  ['christmas day|christmas|xmas day|xmas', fixed(12, 25)],
  ['boxing day', fixed(12, 26)],
  ["new year'?s eve|silvester|sylvester", fixed(12, 31)],
  ["new year'?s day|the new year|new year'?s|new year", fixed(1, 1)],
  ['epiphany', fixed(1, 6)],
  ["valentine'?s day|valentines|valentine'?s", fixed(2, 14)],
  ["(?:st\\.?|saint) patrick'?s day", fixed(3, 17)],
  ["april fools'?(?: day)?|april fool'?s(?: day)?", fixed(4, 1)],
  ['may day|labou?r day in europe', fixed(5, 1)],
  ['juneteenth', fixed(6, 19)],
  ['midsummer(?: day)?', fixed(6, 24)],
  ['canada day', fixed(7, 1)],
  ['independence day|the fourth of july|fourth of july', fixed(7, 4)],
  ['bastille day', fixed(7, 14)],
  ['halloween', fixed(10, 31)],
  ["all saints'? day", fixed(11, 1)],
  ['veterans day', fixed(11, 11)],
  ['leap day', (year) => ({ year, month: 2, day: 29 })],
  ['mardi gras|shrove tuesday', fromEaster(-47)],
  ['ash wednesday', fromEaster(-46)],
  ['palm sunday', fromEaster(-7)],
  ['good friday', fromEaster(-2)],
  ['easter monday', fromEaster(1)],
  ['easter sunday|easter', fromEaster(0)],
  ['ascension day', fromEaster(39)],
  ['whit monday|pentecost monday', fromEaster(50)],
  ['pentecost|whit sunday', fromEaster(49)],
  ['martin luther king day|mlk day', (year) => nthWeekday(year, 1, 1, 3)],
  ["presidents'? day", (year) => nthWeekday(year, 2, 1, 3)],
  ["mother'?s'? day", (year) => nthWeekday(year, 5, 0, 2)],
  ['memorial day', (year) => nthWeekday(year, 5, 1, -1)],
  ["father'?s'? day", (year) => nthWeekday(year, 6, 0, 3)],
  ['labou?r day', (year) => nthWeekday(year, 9, 1, 1)],
  ['columbus day', (year) => nthWeekday(year, 10, 1, 2)],
  ['thanksgiving day|thanksgiving', (year) => nthWeekday(year, 11, 4, 4)],
  ['black friday', (year) => addDays(nthWeekday(year, 11, 4, 4), 1)],
  ['cyber monday', (year) => addDays(nthWeekday(year, 11, 4, 4), 4)],
];

const monthPattern =
  'jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?';
const weekdayPattern =
  'sun(?:day)?|mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs?(?:day)?)?|fri(?:day)?|sat(?:urday)?';
const dayWords: readonly string[] = [
  ...['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth', 'eleventh'],
  ...['twelfth', 'thirteenth', 'fourteenth', 'fifteenth', 'sixteenth', 'seventeenth', 'eighteenth', 'nineteenth'],
  ...['twentieth', 'twenty-first', 'twenty-second', 'twenty-third', 'twenty-fourth', 'twenty-fifth', 'twenty-sixth'],
  ...['twenty-seventh', 'twenty-eighth', 'twenty-ninth', 'thirtieth', 'thirty-first'],
];
/** Longest first, so that `twenty-first` is not read as `twentieth` or `first`. */
const dayWordPattern = [...dayWords]
  .sort((a, b) => b.length - a.length)
  .map((word) => word.replace('-', '[- ]'))
  .join('|');
const dayPattern = `\\d{1,2}(?:st|nd|rd|th)?|${dayWordPattern}`;
const yearPattern = '\\d{4}';
const lead = `(?:(?:${weekdayPattern})\\.?,?(?: the)? )?`;

/** Reads the parts of one spelling: undefined when they are no date. */
type Read = (parts: readonly string[], today: CalendarDate, prefer: Prefer) => CalendarDate | undefined;

const monthOf = (name: string): number =>
  monthNames.findIndex((month) => month.toLowerCase().startsWith(name.slice(0, 3).toLowerCase())) + 1;
const weekdayFrom = (name: string): number =>
  weekdayNames.findIndex((day) => day.toLowerCase().startsWith(name.slice(0, 3).toLowerCase()));
const dayFrom = (text: string): number =>
  /^\d/.test(text) ? Number.parseInt(text, 10) : dayWords.indexOf(text.replace(' ', '-')) + 1;
const real = (date: CalendarDate): CalendarDate | undefined => (isDate(date) ? date : undefined);

/** The year for a day that comes every year (or, 29 February, in some years). */
function inYear(on: (year: number) => CalendarDate, today: CalendarDate, prefer: Prefer): CalendarDate | undefined {
  if (prefer === 'this year' && isDate(on(today.year))) return on(today.year);
  const step = prefer === 'last' ? -1 : 1;
  for (let tries = 0, year = today.year; tries <= 8; tries++, year += step) {
    const date = on(year);
    if (isDate(date) && compareDates(date, today) * step >= 0) return date;
  }
  return undefined;
}

const dated = (day: number, month: number, year: string | undefined, today: CalendarDate, prefer: Prefer) =>
  year === undefined || year === ''
    ? inYear((one) => ({ year: one, month, day }), today, prefer)
    : real({ year: Number(year), month, day });

/** Every spelling: a pattern, and how its parts are read. The first that fits the whole text counts. */
const spellings: readonly (readonly [pattern: string, read: Read])[] = [
  [
    '(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})',
    ([y, m, d]) => real({ year: Number(y), month: Number(m), day: Number(d) }),
  ],
  [
    '(\\d{1,2})[/.-](\\d{1,2})[/.-](\\d{4})',
    ([a, b, y]) => {
      const [first, second] = [Number(a), Number(b)];
      const monthFirst = second > 12 && first <= 12;
      return real({ year: Number(y), month: monthFirst ? first : second, day: monthFirst ? second : first });
    },
  ],
  [
    `${lead}(?:the )?(${dayPattern})(?: of|\\.)? (${monthPattern})\\.?(?:,? (?:of )?(${yearPattern}))?`,
    ([d = '', m = '', y], today, prefer) => dated(dayFrom(d), monthOf(m), y, today, prefer),
  ],
  [
    `${lead}(${monthPattern})\\.?(?: the)? (${dayPattern})(?:,? (?:of )?(${yearPattern}))?`,
    ([m = '', d = '', y], today, prefer) => dated(dayFrom(d), monthOf(m), y, today, prefer),
  ],
  [`(${monthPattern})(?: (${yearPattern}))`, ([m = '', y], today, prefer) => dated(1, monthOf(m), y, today, prefer)],
  ['the day after tomorrow|day after tomorrow', (_, today) => addDays(today, 2)],
  ['the day before yesterday|day before yesterday', (_, today) => addDays(today, -2)],
  ['today|now', (_, today) => today],
  ['tomorrow', (_, today) => addDays(today, 1)],
  ['yesterday', (_, today) => addDays(today, -1)],
  [
    `(next|last|this|coming|past)? ?(${weekdayPattern})`,
    ([which, name = ''], today, prefer) => {
      const ahead = (weekdayFrom(name) - weekdayIndex(today) + 7) % 7;
      const back = which === 'last' || which === 'past' || (which === undefined && prefer === 'last');
      if (back) return addDays(today, ahead === 0 ? -7 : ahead - 7);
      return addDays(today, which === 'next' && ahead === 0 ? 7 : ahead);
    },
  ],
  ["(?:the )?end of (?:the |this )?year|year'?s end", (_, today) => ({ year: today.year, month: 12, day: 31 })],
  ['(?:the )?end of (?:the |this )?month', (_, today) => ({ ...today, day: daysInMonth(today.year, today.month) })],
  ['next year', (_, today) => ({ year: today.year + 1, month: 1, day: 1 })],
  ['next month', (_, today) => ({ ...addMonths(today, 1), day: 1 })],
  ['next week', (_, today) => addDays(today, 7 - ((weekdayIndex(today) + 6) % 7))],
  ...holidays.map(([names, on]): readonly [string, Read] => [
    `(?:next )?(?:${names})(?:,? (?:in |of )?(${yearPattern}))?`,
    ([year], today, prefer) => (year === undefined ? inYear(on, today, prefer) : real(on(Number(year)))),
  ]),
  ['(\\d{2})-(\\d{2})', ([m, d], today, prefer) => dated(Number(d), Number(m), undefined, today, prefer)],
  [`(${monthPattern})`, ([m = ''], today, prefer) => dated(1, monthOf(m), undefined, today, prefer)],
];

const whole = spellings.map(([pattern, read]) => [new RegExp(`^(?:${pattern})$`), read] as const);

const fold = (text: string): string => text.normalize('NFKC').replace(/[’‘]/g, "'").toLowerCase();

/**
 * Reads a date in the usual spellings: `24 December`, `Dec 24th, 2026`, `2026-12-24`, `24/12/2026` (day first unless that
 * cannot be), `12-24` (month first, as in ISO), `next Friday`, `tomorrow`, `Christmas`, `the 3rd of May`. Undefined for anything else, and for days that do not exist.
 */
export function parseDate(text: string, today: CalendarDate, prefer: Prefer = 'next'): CalendarDate | undefined {
  const folded = fold(text)
    .replace(/\s+/g, ' ')
    .replace(/[?!.,]+$/, '')
    .trim();
  if (folded.length > 60) return undefined;
  for (const [pattern, read] of whole) {
    const match = pattern.exec(folded);
    if (!match) continue;
    const parts = match.slice(1);
    try {
      return read(parts, today, prefer);
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }
  return undefined;
}

/** Without the bare month, `12-24` and `now`, which mean other things too. */
const anywhere = new RegExp(
  `(?<![\\w/.-])(?:${spellings
    .slice(0, -2)
    .map(([pattern]) =>
      pattern
        .replaceAll('(?:', '\u0000')
        .replace(/(?<!\\)\((?!\?)/g, '(?:')
        .replaceAll('\u0000', '(?:'),
    )
    .map((pattern) => `(?:${pattern})`)
    .join('|')})(?![\\w/]|[.-]\\d)`,
  'g',
);
const notAlone = /^(?:now|may|mar|sun|sat|wed|mon)$/;

/** The dates in a text, in order, in UTF-16 units; bare months, `12-24` and `now` are left out. */
export function findDates(text: string): readonly { readonly start: number; readonly end: number }[] {
  const folded = fold(text);
  // Folding may change lengths (ligatures, full-width forms are rare); then positions would be wrong.
  if (folded.length !== text.length) return [];
  const found: { start: number; end: number }[] = [];
  for (const match of folded.matchAll(anywhere)) {
    const start = match.index + (match[0].length - match[0].trimStart().length);
    const end = match.index + match[0].length;
    const shown = folded.slice(start, end);
    if (notAlone.test(shown)) continue;
    if (parseDate(shown, { year: 2000, month: 1, day: 1 }) === undefined) continue;
    found.push({ start, end });
  }
  return found;
}
