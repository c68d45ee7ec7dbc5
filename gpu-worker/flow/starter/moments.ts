import { findClockTimes, parseClockTime, showClockTime } from '../../../src/domain/clock-reading.ts';
import { findDates } from '../../../src/domain/date-reading.ts';
import type { Found } from './analysis.ts';
import type { Token } from './fold.ts';

/** A date or a clock time in a question, in UTF-16 units. */
export interface Moment {
  readonly kind: 'date' | 'time';
  readonly start: number;
  readonly end: number;
}

/** The entity of a moment that starts at a token. */
export function momentEntity(question: string, tokens: readonly Token[], at: number, moment: Moment): Found {
  let next = at;
  while ((tokens[next]?.start ?? Number.POSITIVE_INFINITY) < moment.end) next++;
  const surface = question.slice(moment.start, moment.end).replace(/\s+/g, ' ');
  if (moment.kind === 'time') {
    const minutes = parseClockTime(surface);
    const value = minutes === undefined ? surface : showClockTime(minutes);
    return { ...moment, value, shown: 'time', next };
  }
  const plain = /^(?:today|tomorrow|yesterday)$/i.test(surface) ? surface.toLowerCase() : 'date';
  const day = /^(?:next |last |this |coming |past )?(?:mon|tues|wednes|thurs|fri|satur|sun)day$/i.test(surface)
    ? 'day'
    : plain;
  return { ...moment, value: surface, shown: day === 'day' ? 'dayname' : plain, next };
}

/** "18 in the evening" is a time only behind a word that says so: a story may count what happens in the evening. */
const isPartOfDay = (folded: string, start: number, end: number): boolean =>
  /^\d+ ?[ap]$/.test(folded.slice(start, end)) ||
  (/^\d+ in the /.test(folded.slice(start, end)) &&
    !/\b(?:at|from|until|till|by|since|is|was|after|before|to)\s+$/.test(folded.slice(0, start)));

/** "add 50 minutes to 11 pm" is no "minutes to": the `to` is hidden, positions stay. */
const withoutSums = (folded: string): string =>
  folded.replace(/(?<=\b(?:add|adding|put)\b[^.?!]{1,24}\bminutes?) to (?=\S)/g, ' @@ ');

/** The dates and clock times of a folded question. */
export const findMoments = (folded: string): Moment[] =>
  [
    ...findDates(folded).map((found) => ({ kind: 'date' as const, ...found })),
    ...findClockTimes(withoutSums(folded)).map((found) => ({ kind: 'time' as const, ...found })),
  ].filter(({ start, end }) => !isPartOfDay(folded, start, end));
