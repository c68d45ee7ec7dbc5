import type { Draft } from '../draft.ts';
import type { AskedQuestion } from '../question.ts';
import { styled } from '../style.ts';
import * as frames from './frames.ts';
import {
  dateEntity,
  datePair,
  dayNameEntity,
  holidayEntity,
  placeEntity,
  placePair,
  spanOfDays,
  spanOfHours,
  timeEntity,
} from './moments.ts';
import * as more from './more-frames.ts';

interface Asked {
  readonly text: string;
  readonly action: string;
}
type Writer = (draft: Draft) => Asked;

const timeIn: Writer = (draft) => {
  const c = placeEntity(draft);
  return { text: draft.say(draft.core(frames.TIME_IN), { c }), action: `dates: time in ${c}` };
};

/** "N days from now", "N weeks ago" and the like: the wording, and what the tool is asked. */
const moved =
  (wordings: readonly string[], what: 'weekday' | 'date', ago: boolean): Writer =>
  (draft) => {
    const n = spanOfDays(draft);
    const action = ago ? `dates: ${what} ${n.command} ago` : `dates: ${what} in ${n.command}`;
    return { text: draft.say(draft.core(wordings), { n: n.text }), action };
  };

/** Days or weeks, drawn evenly whatever the wording asks: which form people like better is theirs to teach. */
const until: Writer = (draft) => {
  const d = draft.chance(0.85) ? dateEntity(draft, 'coming') : dateEntity(draft, 'future');
  return {
    text: draft.say(draft.core(frames.UNTIL), { d }),
    action: `dates: ${draft.chance(0.5) ? 'days' : 'weeks'} until ${d}`,
  };
};

const onDate =
  (
    wordings: readonly string[],
    command: (mark: string) => string,
    forms: readonly ('coming' | 'past' | 'any')[],
  ): Writer =>
  (draft) => {
    const d = dateEntity(draft, draft.pick(forms));
    return { text: draft.say(draft.core(wordings), { d }), action: `dates: ${command(d)}` };
  };

const between: Writer = (draft) => {
  const { first: d, second: f } = datePair(draft);
  return { text: draft.say(draft.core(frames.BETWEEN_DATES), { d, f }), action: `dates: days between ${d} and ${f}` };
};

const fromDate =
  (wordings: readonly string[], side: 'after' | 'before'): Writer =>
  (draft) => {
    const n = spanOfDays(draft);
    const d = dateEntity(draft, draft.pick(['coming', 'any']));
    return { text: draft.say(draft.core(wordings), { n: n.text, d }), action: `dates: date ${n.command} ${side} ${d}` };
  };

const fromTime =
  (wordings: readonly string[], side: 'after' | 'before'): Writer =>
  (draft) => {
    const n = spanOfHours(draft);
    const t = timeEntity(draft);
    return { text: draft.say(draft.core(wordings), { n: n.text, t }), action: `dates: time ${n.command} ${side} ${t}` };
  };

const timeFromNow: Writer = (draft) => {
  const n = spanOfHours(draft);
  return { text: draft.say(draft.core(frames.TIME_FROM_NOW), { n: n.text }), action: `dates: time in ${n.command}` };
};

const betweenTimes: Writer = (draft) => {
  const [t, s] = [timeEntity(draft), timeEntity(draft)];
  return { text: draft.say(draft.core(frames.BETWEEN_TIMES), { t, s }), action: `dates: time between ${t} and ${s}` };
};

const zones: Writer = (draft) => {
  const { from: c, to: e } = placePair(draft);
  const t = timeEntity(draft);
  return { text: draft.say(draft.core(frames.ZONES), { t, c, e }), action: `dates: zone ${t} ${c} to ${e}` };
};

const difference: Writer = (draft) => {
  const { from: c, to: e } = placePair(draft);
  return { text: draft.say(draft.core(frames.DIFFERENCE), { c, e }), action: `dates: difference ${c} and ${e}` };
};

const near =
  (wordings: readonly string[], what: 'weekday' | 'date'): Writer =>
  (draft) => {
    const day = draft.pick(['tomorrow', 'tomorrow', 'yesterday', 'the day after tomorrow', 'the day before yesterday']);
    const d = draft.entity('date', day, day);
    return { text: draft.say(draft.core(wordings), { d }), action: `dates: ${what} of ${d}` };
  };

const fixed =
  (wordings: readonly string[], action: string): Writer =>
  (draft) => ({ text: draft.say(draft.core(wordings)), action });

const dateOf: Writer = (draft) => {
  const d = draft.chance(0.5) ? dayNameEntity(draft, ['', 'next ', 'next ', 'last ']) : holidayEntity(draft);
  return { text: draft.say(draft.core(more.DATE_OF), { d }), action: `dates: date of ${d}` };
};

const timeUntil: Writer = (draft) => {
  const t = timeEntity(draft);
  return { text: draft.say(draft.core(more.TIME_UNTIL), { t }), action: `dates: time until ${t}` };
};

const timeAgo: Writer = (draft) => {
  const n = spanOfHours(draft);
  return { text: draft.say(draft.core(more.TIME_AGO), { n: n.text }), action: `dates: time ${n.command} ago` };
};

const weekdayAfter: Writer = (draft) => {
  const n = spanOfDays(draft);
  const d = dateEntity(draft, draft.pick(['coming', 'any']));
  const text = draft.say(draft.core(more.WEEKDAY_AFTER), { n: n.text, d });
  return { text, action: `dates: weekday ${n.command} after ${d}` };
};

const weeksBetween: Writer = (draft) => {
  const { first: d, second: f } = datePair(draft);
  return { text: draft.say(draft.core(more.WEEKS_BETWEEN), { d, f }), action: `dates: weeks between ${d} and ${f}` };
};

const WRITERS: readonly (readonly [writer: Writer, weight: number])[] = [
  [timeIn, 16],
  [moved(frames.WEEKDAY_IN, 'weekday', false), 10],
  [moved(frames.WEEKDAY_AGO, 'weekday', true), 6],
  [moved(frames.DATE_IN, 'date', false), 10],
  [moved(frames.DATE_AGO, 'date', true), 6],
  [until, 16],
  [onDate(frames.SINCE, (d) => `days since ${d}`, ['past']), 4],
  [onDate(frames.WEEKDAY_OF, (d) => `weekday of ${d}`, ['coming', 'any', 'past']), 10],
  [between, 7],
  [fromDate(frames.DATE_AFTER, 'after'), 3],
  [fromDate(frames.DATE_BEFORE, 'before'), 2],
  [fromTime(frames.TIME_AFTER, 'after'), 5],
  [fromTime(frames.TIME_BEFORE, 'before'), 2],
  [timeFromNow, 2],
  [betweenTimes, 3],
  [zones, 4],
  [difference, 2],
  [near(frames.NEAR_WEEKDAY, 'weekday'), 1],
  [near(frames.NEAR_DATE, 'date'), 1],
  [onDate(more.YEARS_SINCE, (d) => `years since ${d}`, ['past']), 3],
  [dateOf, 4],
  [timeUntil, 2],
  [timeAgo, 1],
  [weekdayAfter, 2],
  [weeksBetween, 2],
  [fixed(frames.TODAY, 'dates: today'), 3],
  [fixed(frames.NOW, 'dates: time'), 1],
];
const weighted = WRITERS.flatMap(([writer, weight]) => Array<Writer>(weight).fill(writer));

export function dates(draft: Draft): AskedQuestion {
  const { text, action } = draft.pick(weighted)(draft);
  return draft.question(styled(draft, text), [action]);
}
