/** More questions for two tools. Every fifth of each list is held out; lists grow only at their ends. */

/** A calculation {e}, then a date that many units {u} away: `{what}` says which. */
export const CALCULATE_THEN_DATE: readonly (readonly [wording: string, what: 'date' | 'weekday'])[] = [
  ['what is the date in {e} {u}?', 'date'],
  ['what date is it {e} {u} from now?', 'date'],
  ['what weekday is it in {e} {u}?', 'weekday'],
  ['what day of the week is {e} {u} from today?', 'weekday'],
  ['in {e} {u}, what is the date?', 'date'],
  ['calculate {e} and tell me the date in that many {u}', 'date'],
  ['work out {e}. What weekday is it in that many {u}?', 'weekday'],
  ['date in {e} {u}', 'date'],
  ['weekday in {e} {u}', 'weekday'],
  ['which date is {e} {u} away?', 'date'],
  ['if I wait {e} {u}, what day of the week is it?', 'weekday'],
  ['first compute {e}, then give me the date that many {u} from now', 'date'],
];

/** The time until {d} or between {d} and {f} in hours. */
export const HOURS_UNTIL: readonly string[] = [
  'how many hours until {d}?',
  'how many hours are left until {d}?',
  'hours until {d}',
  'how many hours is it until {d}?',
  'how many hours from today to {d}?',
  'how long until {d} in hours?',
  'in hours, how long is it until {d}?',
  'number of hours until {d}',
];
export const HOURS_BETWEEN: readonly string[] = [
  'how many hours are between {d} and {f}?',
  'how many hours from {d} to {f}?',
  'hours between {d} and {f}',
  'how long is it from {d} to {f} in hours?',
  'how many hours lie between {d} and {f}?',
  'number of hours from {d} to {f}',
];

/** A number that was noted as {k}, then a calculation with it. */
export const RECALL_THEN: readonly (readonly [wording: string, calculation: string])[] = [
  ['what is [our|the|my] {k} divided by {n}?', 'prev / {n}'],
  ['what is [our|the|my] {k} times {n}?', 'prev * {n}'],
  ['what is [our|the|my] {k} plus {n}?', 'prev + {n}'],
  ['take [our|the|my] {k} and subtract {n}', 'prev - {n}'],
  ['what is [our|the|my] {k} minus {n}?', 'prev - {n}'],
  ['what is {p} of [our|the|my] {k}?', '{p} * prev'],
  ['divide [our|the|my] {k} by {n}', 'prev / {n}'],
  ['multiply [our|the|my] {k} by {n}', 'prev * {n}'],
  ['add {n} to [our|the|my] {k}', 'prev + {n}'],
  ['how much is half of [our|the|my] {k}?', 'prev / 2'],
  ['what is twice [our|the|my] {k}?', 'prev * 2'],
  ['split [our|the|my] {k} among {n} [people|teams|months]', 'prev / {n}'],
  ['[our|the|my] {k} divided by {n}', 'prev / {n}'],
  ['[our|the|my] {k} times {n}', 'prev * {n}'],
  ['look up [our|the|my] {k} and divide it by {n}', 'prev / {n}'],
  ['recall [our|the|my] {k}, then multiply [it|that] by {n}', 'prev * {n}'],
  ['how much is [our|the|my] {k} if we add {n}?', 'prev + {n}'],
  ['what is left of [our|the|my] {k} after spending {n}?', 'prev - {n}'],
  ['what would [our|the|my] {k} be with {p} more?', 'prev * (1 + {p})'],
  ['[increase|raise] [our|the|my] {k} by {p}. What is it then?', 'prev * (1 + {p})'],
  ['[reduce|cut|lower] [our|the|my] {k} by {p}. What is it then?', 'prev * (1 - {p})'],
  ['how much per month is [our|the|my] {k} over {n} months?', 'prev / {n}'],
];
/** Things noted that are numbers. */
export const NUMBER_KEYS: readonly string[] =
  'budget,team size,travel budget,rent,head count,monthly target,price limit,deposit,marketing budget,fee,salary,page limit,number of licenses,sprint length,project budget,training budget,price,number of guests,weekly goal,daily goal,allowance,donation,bonus,target'.split(
    ',',
  );
