import { generate } from '../../../gpu-worker/tasks/generate.ts';
import type { ExpertAction, TaskQuestion } from '../../../gpu-worker/tasks/question.ts';
import type { Random } from '../random.ts';
import { asked, conversation, pick, type Value } from './asked.ts';
import { number, unitGroups } from './values.ts';

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
export function recalled(random: Random): TaskQuestion {
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

/** A note that does not exist: the planner says what it can do. */
export function unknown(random: Random): TaskQuestion {
  const task = generate('notes', { seed: random.below(2 ** 31), split: 'train' });
  const last = task.questions.at(-1);
  const recall = last?.actions[0];
  if (last === undefined || recall === undefined || !recall.args.startsWith('recall')) return unknown(random);
  const missing: ExpertAction = { ...recall, error: 'nothing noted about that' };
  const help: ExpertAction = { tool: 'help', args: '', stop: 'final' };
  return { ...task, notes: [], questions: [{ ...last, actions: [missing, help] }] };
}
