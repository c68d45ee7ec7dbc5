import type { TaskQuestion } from '../../../gpu-worker/tasks/question.ts';
import type { Random } from '../random.ts';
import { asked, conversation, pick, type Step, type Value } from './asked.ts';
import { date, number, place, twoUnits } from './values.ts';

const pairs = [
  ['feet,ft,foot', 'inches,in,inch', 'cm,meters,m,metres'],
  ['pounds,lbs,lb', 'ounces,oz', 'kg,grams,kilograms'],
  ['hours,hrs,h', 'minutes,min', 'seconds,minutes'],
  ['days', 'hours', 'hours,minutes'],
  ['m,meters', 'cm', 'feet,inches,cm'],
  ['kg', 'g,grams', 'pounds,ounces'],
  ['stone', 'pounds', 'kg'],
].map((pair) => pair.map((words) => words.split(',')));

/** A quantity of two units: 5 feet 11 inches. */
export function compound(random: Random): TaskQuestion {
  const [large = [], small = [], aims = []] = pick(random, pairs);
  const unit = (words: readonly string[]): Value => ({ kind: 'unit', text: pick(random, words) });
  const whole = (most: number): Value => ({ kind: 'number', text: String(1 + random.below(most)) });
  const wording = pick(random, [
    'convert {0} {1} {2} {3} to {4}',
    'what is {0} {1} [and |]{2} {3} in {4}?',
    '{0} {1} [and |]{2} {3} in {4}',
    'how many {4} are {0} {1} [and |]{2} {3}?',
    'how many {4} is {0} {1} {2} {3}?',
    "I'm {0} {1} {2} {3} tall. [How tall is that|What is that] in {4}?",
    '{0} {1} {2} {3} to {4}',
  ]);
  return conversation('convert', [
    asked(
      random,
      wording,
      [whole(12), unit(large), whole(11), unit(small), unit(aims)],
      [['convert', '{0} {1} {2} {3} to {4}']],
    ),
  ]);
}

/** Days counted by the calendar, in another unit; two places, two aims. */
export function chained(random: Random): TaskQuestion {
  const u = random.next();
  if (u < 0.4) {
    const unit: Value = { kind: 'unit', text: pick(random, ['hours', 'minutes', 'seconds']) };
    const wording = pick(random, [
      'how many {1} [are there |are left |is it |] until {0}?',
      'how many {1} [till|to|before] {0}?',
      'how long until {0} in {1}?',
      'how many days until {0}, and how many {1} is that?',
      'days until {0} in {1}',
      'convert the [number of |]days until {0} to {1}',
      'the days until {0}, converted to {1}',
      'count the days until {0} and [convert|turn] them [to|into] {1}',
      'tell me the time until {0} in {1}',
    ]);
    const then: Step = unit.text === 'hours' ? ['calculator', 'prev * 24'] : ['convert', 'prev to {1}'];
    return conversation('twotools', [
      asked(random, wording, [date(random), unit], [['dates', 'days until {0}'], then]),
    ]);
  }
  if (u < 0.7) {
    const [a, b] = [place(random), place(random)];
    const wording = pick(random, [
      'what time is it in {0} and [in |]{1}?',
      'time in {0} and {1}',
      'what is the time in {0}, and in {1}?',
      "what's the [local|current|] time in {0} and in {1}?",
      'what time is it in {0}? And in {1}?',
      'tell me the time in {0} and [the time |]in {1}',
    ]);
    return conversation('twotools', [
      asked(
        random,
        wording,
        [a, b],
        [
          ['dates', 'time in {0}'],
          ['dates', 'time in {1}'],
        ],
      ),
    ]);
  }
  const [from, to, other] = twoUnits(random);
  const wording = pick(random, [
    'convert {0} {1} to {2} and [to |]{3}',
    'what is {0} {1} in {2} and in {3}?',
    '{0} {1} in {2} and {3}',
    'how many {2} and [how many |]{3} are {0} {1}?',
    'how much is {0} {1} in {2}, and in {3}?',
    'give me {0} {1} in {2} as well as in {3}',
  ]);
  return conversation('twotools', [
    asked(
      random,
      wording,
      [number(random), from, to, other],
      [
        ['convert', '{0} {1} to {2}'],
        ['convert', '{0} {1} to {3}'],
      ],
    ),
  ]);
}

/** The last conversion again with another quantity. */
export function again(random: Random): TaskQuestion {
  const [from, to, other] = twoUnits(random);
  const first = asked(
    random,
    pick(random, [
      'convert {0} {1} to {2}',
      'how many {2} are {0} {1}?',
      'what is {0} {1} in {2}?',
      '{0} {1} in {2}',
      '{0} {1} to {2} please',
    ]),
    [number(random), from, to],
    [['convert', '{0} {1} to {2}']],
  );
  const n = number(random);
  const u = random.next();
  const opening = '[and |what about |how about |and what about |now |same for |and for |ok, and |then |what would |]';
  const closing = '[?||? please| please| then?|, please]';
  const second =
    u < 0.45
      ? asked(
          random,
          `${opening}{0} {1}${closing}`,
          [n, random.next() < 0.7 ? from : other],
          [['convert', '{0} {1} to prev']],
        )
      : u < 0.8
        ? asked(
            random,
            `${pick(random, ['and ', 'what about ', 'how about ', 'and for ', 'now ', 'same for ', 'and if it is ', 'and with '])}{0}${closing}`,
            [n],
            [['convert', '{0} prev to prev']],
          )
        : asked(random, `${opening}[in |to |into |as ]{0}${closing}`, [other], [['convert', 'prev to {0}']]);
  return conversation('followups', [first, second]);
}
