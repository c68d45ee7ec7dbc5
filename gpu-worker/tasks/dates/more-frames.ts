/** More questions about dates; the slots are those of frames.ts. Every fifth of each list is held out; lists grow only at their ends. */
export const YEARS_SINCE: readonly string[] = [
  'how many years since {d}?',
  'I was born on {d}. How old am I?',
  'how old is someone born on {d}?',
  'years since {d}',
  'how many years have passed since {d}?',
  'how many years ago was {d}?',
  '{d} was how many years ago?',
  'my [son|daughter|mother|father|cat|car] was born on {d}. How old is [he|she|it]?',
  'if I was born on {d}, how old am I?',
  'how many years has it been since {d}?',
  'the company was founded on {d}. How old is it?',
  'born on {d}, how old?',
  'somebody was born on {d}, what is their age?',
  'we married on {d}. How many years is that?',
  'what age is a person born on {d}?',
];

/** {d} is a day of the week such as "next Friday", or a named day. */
export const DATE_OF: readonly string[] = [
  'when is {d}?',
  'what date is {d}?',
  'which date is {d}?',
  'what is the date of {d}?',
  'on what date does {d} fall?',
  'on which date is {d}?',
  'date of {d}',
  '{d} is what date?',
  'tell me the date of {d}',
  'what date falls on {d}?',
  'which day of the month is {d}?',
  'what is the date on {d}?',
  'give me the date for {d}',
  'when exactly is {d}?',
];

export const TIME_UNTIL: readonly string[] = [
  'how long until {t}?',
  'how many hours until {t}?',
  'how much time until {t}?',
  'how many minutes until {t}?',
  'time until {t}',
  'how long is it until {t}?',
  'my [train|bus|call|meeting|shift|flight] is at {t}. How long do I have?',
  'how much time do I have until {t}?',
  'how long till {t}?',
  'how much longer until {t}?',
  'the [shop|meeting|game|show] [starts|opens|closes] at {t}, how long is that from now?',
  'in how many hours is it {t}?',
];

export const TIME_AGO: readonly string[] = [
  'what time was it {n} ago?',
  '{n} ago, what time was it?',
  'time {n} ago',
  'I got here {n} ago. What time was that?',
  'at what time was it {n} ago?',
  'the call ended {n} ago, at what time was that?',
  'what did the clock say {n} ago?',
];

export const WEEKDAY_AFTER: readonly string[] = [
  'what weekday is {n} after {d}?',
  'what day of the week is {n} after {d}?',
  'which weekday is {n} after {d}?',
  'weekday {n} after {d}',
  'if it starts on {d}, what day of the week is it {n} later?',
  '{n} after {d} is which weekday?',
  'which day of the week is {n} after {d}?',
];

export const WEEKS_BETWEEN: readonly string[] = [
  'how many weeks are between {d} and {f}?',
  'weeks from {d} to {f}',
  'how many weeks from {d} to {f}?',
  'number of weeks between {d} and {f}',
  'how many weeks is it from {d} until {f}?',
  'weeks between {d} and {f}',
  'the [course|project|semester] goes from {d} to {f}. How many weeks is that?',
];
