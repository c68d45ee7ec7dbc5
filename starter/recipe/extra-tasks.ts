import { generate } from '../../gpu-worker/tasks/generate.ts';
import type {
  AskedQuestion,
  EntityKind,
  ExpertAction,
  Span,
  TaskKind,
  TaskQuestion,
} from '../../gpu-worker/tasks/question.ts';
import type { Random } from './random.ts';

/** Questions beyond the ten kinds' own generators: combinations that people ask and no single generator writes. */
const pick = <T>(random: Random, list: readonly T[]): T => list[random.below(list.length)] as T;

interface Value {
  readonly kind: EntityKind;
  readonly text: string;
}

type Step = readonly [tool: ExpertAction['tool'], args: string];

/** Fills `{0}`, `{1}`, … of a wording and keeps where they stand; `[a|b]` is a choice. */
function asked(random: Random, wording: string, values: readonly Value[], steps: readonly Step[]): AskedQuestion {
  const chosen = wording.replace(/\[([^\]]*)\]/g, (_, options: string) => pick(random, options.split('|')));
  const spans: Span[] = [];
  const order = new Map<number, number>();
  let text = '';
  for (const part of chosen.split(/(\{\d\})/)) {
    const index = /^\{(\d)\}$/.exec(part)?.[1];
    if (index === undefined) {
      text += part;
      continue;
    }
    const value = values[Number(index)];
    if (value === undefined) throw new RangeError(`no value ${index} for "${wording}"`);
    if (!order.has(Number(index))) order.set(Number(index), spans.length);
    spans.push({ start: text.length, end: text.length + value.text.length, kind: value.kind, value: value.text });
    text += value.text;
  }
  const shaped = random.next() < 0.5 ? text.charAt(0).toUpperCase() + text.slice(1) : text;
  const actions = steps.map(
    ([tool, args], index): ExpertAction => ({
      tool,
      args: args.replace(/\{(\d)\}/g, (_, i: string) => `{${order.get(Number(i)) ?? i}}`),
      stop: index === steps.length - 1 ? 'final' : 'more',
    }),
  );
  return { text: shaped, spans, actions, expected: { type: 'contains', values: [] } };
}

const conversation = (kind: TaskKind, questions: readonly AskedQuestion[]): TaskQuestion => ({
  kind,
  template: 'extra',
  notes: [],
  questions: [...questions],
});

const number = (random: Random): Value => ({
  kind: 'number',
  text: String(2 + random.below(random.next() < 0.7 ? 90 : 900)),
});
const places =
  'Tokyo,London,New York,Paris,Sydney,Berlin,Mumbai,Toronto,Cairo,Singapore,Madrid,Chicago,Dubai,Oslo,Lima'.split(',');
const place = (random: Random): Value => ({ kind: 'place', text: pick(random, places) });
const dates =
  'Christmas,24 December,1 May,New Year,July 4,3 October,Halloween,15 August,tomorrow,Easter,next Friday'.split(',');
const date = (random: Random): Value => ({ kind: 'date', text: pick(random, dates) });
const unitGroups = [
  'km,miles,meters,feet,cm,inches,yards,kilometres',
  'kg,pounds,grams,ounces,kilograms,lbs',
  'liters,gallons,ml,cups,pints,litres',
  'hours,minutes,seconds,days',
  'Celsius,Fahrenheit,kelvin',
  'km/h,mph,m/s,knots',
].map((group) => group.split(','));

function twoUnits(random: Random): readonly [Value, Value, Value] {
  const group = pick(random, unitGroups);
  const texts = [0, 0, 0].reduce<string[]>(
    (taken) => [
      ...taken,
      pick(
        random,
        group.filter((unit) => !taken.includes(unit)),
      ),
    ],
    [],
  );
  const [a = '', b = '', c = ''] = texts;
  const unit = (text: string): Value => ({ kind: 'unit', text });
  return [unit(a), unit(b), unit(c)];
}

const joints = [
  ' and ',
  ', and ',
  '. And ',
  '? And ',
  '; ',
  '. Also, ',
  '? Also ',
  ', also ',
  ' and also ',
  '. Then ',
  '? ',
  '. ',
  ' plus tell me ',
  ', and then ',
];
const singleKinds: readonly TaskKind[] = ['symbols', 'words', 'convert', 'dates', 'problems', 'convert', 'dates'];

/** Two questions of their own in one message. */
function joined(random: Random): TaskQuestion {
  const parts = [0, 1].map(() => {
    for (;;) {
      const task = generate(pick(random, singleKinds), { seed: random.below(2 ** 31), split: 'train' });
      const [question] = task.questions;
      if (
        task.questions.length === 1 &&
        question !== undefined &&
        question.actions.length === 1 &&
        question.text.length < 110
      )
        return question;
    }
  });
  const [first, second] = parts as [AskedQuestion, AskedQuestion];
  const head = first.text.replace(/[\s.?!]+$/, '');
  const joint = pick(random, joints);
  const shift = head.length + joint.length;
  const body =
    /^[.?]/.test(joint) || random.next() < 0.3 || second.spans[0]?.start === 0
      ? second.text
      : second.text.charAt(0).toLowerCase() + second.text.slice(1);
  const text = `${head}${joint}${body}`;
  const spans = [
    ...first.spans,
    ...second.spans.map((span) => ({ ...span, start: span.start + shift, end: span.end + shift })),
  ];
  const moved = second.actions.map((action) => ({
    ...action,
    args: action.args.replace(/\{(\d+)\}/g, (_, i: string) => `{${Number(i) + first.spans.length}}`),
  }));
  const actions = [...first.actions.map((action) => ({ ...action, stop: 'more' as const })), ...moved];
  return conversation('twotools', [{ text, spans, actions, expected: { type: 'contains', values: [] } }]);
}

const factQuestions: readonly (readonly [string, string])[] = [
  ['rent', 'the [monthly|weekly|yearly|] rent is {0} [euros|dollars]'],
  ['budget', '[our|the] budget is {0} [euros|dollars]'],
  ['ticket price', 'the ticket price is {0} [euros|dollars]'],
  ['license fee', 'the license fee is {0} [euros|dollars]'],
  ['room rate', 'the room rate is {0} [euros|dollars]'],
  ['headcount', 'our headcount is {0}'],
  ['quota', 'the quota is {0}'],
];
const lengths = ['the trail', 'the route to the lake', 'the hall', 'the fence', 'my commute', 'the race', 'the cable'];
const weights = ['the package', 'the suitcase', 'our server', 'the crate', 'the bike'];

const leads = [
  'remember that ',
  'remember: ',
  'note that ',
  'please remember that ',
  'keep in mind that ',
  '',
  'save this: ',
  "don't forget that ",
];

/** A note that is recalled for a calculation or a conversion. */
function recalled(random: Random): TaskQuestion {
  const n = number(random);
  if (random.next() < 0.5) {
    const [name, fact] = pick(random, factQuestions);
    const m = number(random);
    const told = asked(random, pick(random, leads) + fact, [n], [['notes', 'remember']]);
    const [wording, calculation] = pick<readonly [string, string]>(random, [
      ['what is [our|the|my] NAME [times|multiplied by] {0}?', 'prev * {0}'],
      ['what is [our|the] NAME minus {0}?', 'prev - {0}'],
      ['[our|the] NAME plus {0}', 'prev + {0}'],
      ['what is half [of|] [our|the] NAME?', 'prev / 2'],
      ['double [our|the] NAME', 'prev * 2'],
      ['what is twice [our|the] NAME?', '2 * prev'],
      ['divide [our|the] NAME by {0}', 'prev / {0}'],
      ['what is [our|the] NAME divided by {0}?', 'prev / {0}'],
      ['how much is [our|the] NAME for {0} [months|weeks|people|years]?', 'prev * {0}'],
      ['take [our|the] NAME and add {0}', 'prev + {0}'],
      ['take [our|the] NAME from [the|our|your] notes and multiply [it|that] by {0}', 'prev * {0}'],
      ['if we [spend|use] {0}, what [is left|remains] of [our|the] NAME?', 'prev - {0}'],
      ['look up [our|the] NAME and subtract {0}', 'prev - {0}'],
      ['what is {0} percent of [our|the] NAME?', '{0} * prev'],
    ]);
    const value: Value = wording.includes('percent') ? { kind: 'number', text: `${m.text} percent` } : m;
    const shaped = wording.replace('NAME', name).replace('{0} percent', '{0}');
    return conversation('twotools', [
      told,
      asked(
        random,
        shaped,
        [value],
        [
          ['notes', 'recall'],
          ['calculator', calculation],
        ],
      ),
    ]);
  }
  const heavy = random.next() < 0.4;
  const group = (heavy ? unitGroups[1] : unitGroups[0]) ?? [];
  const from = pick(random, group);
  const to = pick(
    random,
    group.filter((unit) => unit !== from),
  );
  const thing = pick(random, heavy ? weights : lengths);
  const unit = (text: string): Value => ({ kind: 'unit', text });
  const told = asked(
    random,
    `${pick(random, leads)}${thing} [${heavy ? 'weighs' : 'is'}] {0} {1}${heavy ? '' : '[ long|]'}`,
    [n, unit(from)],
    [['notes', 'remember']],
  );
  const wording = pick(
    random,
    heavy
      ? [
          `how heavy is ${thing} in {0}?`,
          `what does ${thing} weigh in {0}?`,
          `how many {0} does ${thing} weigh?`,
          `${thing} in {0}?`,
          `convert the weight of ${thing} to {0}`,
        ]
      : [
          `how long is ${thing} in {0}?`,
          `how many {0} is ${thing}?`,
          `what is the length of ${thing} in {0}?`,
          `${thing} in {0}, please`,
          `convert ${thing} to {0}`,
        ],
  );
  return conversation('twotools', [
    told,
    asked(
      random,
      wording,
      [unit(to)],
      [
        ['notes', 'recall'],
        ['convert', 'prev to {0}'],
      ],
    ),
  ]);
}

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
function compound(random: Random): TaskQuestion {
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
function chained(random: Random): TaskQuestion {
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
function again(random: Random): TaskQuestion {
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

/** A note that does not exist: the planner says what it can do. */
function unknown(random: Random): TaskQuestion {
  const task = generate('notes', { seed: random.below(2 ** 31), split: 'train' });
  const last = task.questions.at(-1);
  const recall = last?.actions[0];
  if (last === undefined || recall === undefined || !recall.args.startsWith('recall')) return unknown(random);
  const missing: ExpertAction = { ...recall, error: 'nothing noted about that' };
  const help: ExpertAction = { tool: 'help', args: '', stop: 'final' };
  return { ...task, notes: [], questions: [{ ...last, actions: [missing, help] }] };
}

/** The share of training tasks that are drawn here. */
export const EXTRA_SHARE = 0.13;

export function drawExtra(random: Random): TaskQuestion {
  const u = random.next();
  if (u < 0.32) return joined(random);
  if (u < 0.52) return recalled(random);
  if (u < 0.67) return chained(random);
  if (u < 0.73) return compound(random);
  if (u < 0.92) return again(random);
  return unknown(random);
}
