/** Minutes of a day. */
export const MINUTES_PER_DAY = 1_440;

const hourWords = ['twelve', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven'];
const hourWordPattern = hourWords.join('|');
const hourPattern = `\\d{1,2}|${hourWordPattern}`;
const halfPattern = '(?: ?(a\\.?m\\.?|p\\.?m\\.?)(?![a-z])| (in the morning|in the afternoon|in the evening|at night))';
const minuteWords: Readonly<Record<string, number>> = { quarter: 15, five: 5, ten: 10, twenty: 20, 'twenty-five': 25 };

const hourFrom = (text: string): number => (/^\d/.test(text) ? Number(text) : hourWords.indexOf(text));

/** 12-hour clock with a half of the day, or 24-hour clock; undefined for a time that no clock shows. */
function minutesOf(hour: number, minute: number, half: string | undefined): number | undefined {
  if (minute > 59 || hour > 24 || (hour === 24 && minute > 0)) return undefined;
  if (half === undefined || half === '') return (hour % 24) * 60 + minute;
  if (hour > 12) return hour * 60 + minute;
  if (hour === 0) return minute;
  const late =
    half.startsWith('p') || /afternoon|evening/.test(half) || (half === 'at night' && hour > 5 && hour !== 12);
  return ((hour % 12) + (late ? 12 : 0)) * 60 + minute;
}

type Read = (parts: readonly (string | undefined)[]) => number | undefined;

const spellings: readonly (readonly [pattern: string, read: Read])[] = [
  [
    `(\\d{1,2})[:.h](\\d{2})(?:[:]\\d{2})?(?: ?(?:uhr|o'clock|hours|hrs|h)\\b)?${halfPattern}?`,
    ([h, m, a, b]) => minutesOf(Number(h), Number(m), a ?? b),
  ],
  [`(${hourPattern})(?: o'clock)?${halfPattern}`, ([h = '', a, b]) => minutesOf(hourFrom(h), 0, a ?? b)],
  [`(${hourPattern}) o'clock`, ([h = '']) => minutesOf(hourFrom(h), 0, undefined)],
  [`half past (${hourPattern})${halfPattern}?`, ([h = '', a, b]) => minutesOf(hourFrom(h), 30, a ?? b)],
  [
    `(?:a )?(quarter|five|ten|twenty|twenty-five|\\d{1,2})(?: minutes?)? (past|after|to|before) (${hourPattern})(?: o'clock)?${halfPattern}?`,
    ([m = '', side, h = '', a, b]) => {
      const by = minuteWords[m] ?? Number(m);
      const hour = minutesOf(hourFrom(h), 0, a ?? b);
      if (hour === undefined || by > 59) return undefined;
      const sign = side === 'past' || side === 'after' ? 1 : -1;
      return (hour + sign * by + MINUTES_PER_DAY) % MINUTES_PER_DAY;
    },
  ],
  ['(?:12 )?noon|midday', () => 720],
  ['midnight', () => 0],
];

const whole = spellings.map(([pattern, read]) => [new RegExp(`^(?:${pattern})$`), read] as const);
const anywhere = new RegExp(
  `(?<![\\w.:/-])(?:${spellings.map(([pattern]) => `(?:${pattern.replace(/(?<!\\)\((?!\?)/g, '(?:')})`).join('|')})(?![\\w:]|\\.\\d)`,
  'g',
);
const fold = (text: string): string => text.replace(/[’‘]/g, "'").toLowerCase();

/**
 * Reads a clock time: `14:30`, `2.30 pm`, `2pm`, `noon`, `half past two`, `quarter to 5`, `nine o'clock`.
 * @returns minutes since midnight, or undefined
 */
export function parseClockTime(text: string): number | undefined {
  const folded = fold(text)
    .replace(/\s+/g, ' ')
    .replace(/[?!,]+$/, '')
    .trim();
  for (const [pattern, read] of whole) {
    const match = pattern.exec(folded);
    if (match) return read(match.slice(1));
  }
  return undefined;
}

/** What is a clock time only when someone asks for one: `2.30`, `5 to 7`, `ten after two`. */
const doubtful =
  /^\d{1,2}\.\d{2}$|^(?!.*(?:quarter|minute|o'clock|[ap]\.?m\b| in the | at night))\S+ (?:to|before|after) \S+$/;

/** The clock times in a text, in order, in UTF-16 units; `2.30` and `5 to 7` count only with am, pm or the like. */
export function findClockTimes(text: string): readonly { readonly start: number; readonly end: number }[] {
  const folded = fold(text);
  if (folded.length !== text.length) return [];
  return [...folded.matchAll(anywhere)].flatMap((match) => {
    const end = match.index + match[0].length;
    if (doubtful.test(match[0]) || parseClockTime(match[0]) === undefined) return [];
    return [{ start: match.index, end }];
  });
}

/** `14:30`. */
export const showClockTime = (minutes: number): string => {
  const day = ((minutes % MINUTES_PER_DAY) + MINUTES_PER_DAY) % MINUTES_PER_DAY;
  return `${String(Math.floor(day / 60)).padStart(2, '0')}:${String(day % 60).padStart(2, '0')}`;
};
