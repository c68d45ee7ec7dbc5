import { describe, expect, it } from 'vitest';
import { createRng } from '../../gpu-worker/tasks/random.ts';
import { type AskedQuestion, check, type Expected, generate, type Outcome } from '../../gpu-worker/tasks/tasks.ts';
import { tools } from '../../gpu-worker/tools/registry.ts';
import type { ToolContext } from '../../src/domain/tool.ts';

const now = new Date('2026-11-23T22:30:00Z');

const outcome = (answer: string, turns: Outcome['turns'] = [], zone = 'UTC'): Outcome => ({ answer, turns, now, zone });
const turn = (tool: string, command: string, error: string | null = null) => ({ tool, command, result: '', error });
const steps = (...list: string[]): Expected => ({ type: 'steps', steps: list });
const judged = (expected: Expected, answer: string) => check({ expected }, outcome(answer));

describe('answers by number', () => {
  it.each([
    [
      steps('calculator: 17 * 23 + 4'),
      ['395', '17 * 23 + 4 = 395', 'That is 395.', '395.0'],
      ['394', '395.5', 'no idea', '', '3950'],
    ],
    [steps('calculator: 1 / 3'), ['1/3', '0.333333333', '1/3 ≈ 0.3333', '0.333'], ['0.34', '0.3', '3', '1/2']],
    [steps('calculator: 7 / 2'), ['3.5', '7/2', '3 1/2'], ['3', '4', '2/7']],
    [steps('calculator: 1250 * 4'), ['5,000', '5000', 'It is 5 000 or 5,000'], ['5', '500', '50000']],
    [steps('calculator: 15% * 80'), ['12', '12.00'], ['1200', '0.12']],
    [steps('calculator: 80 * (1 - 20%)'), ['64'], ['16', '96']],
    [steps('calculator: sqrt(144) + 3'), ['15'], ['147', '12']],
    [steps('calculator: sqrt(2)'), ['1.41421356', '1.414'], ['1.4', '2']],
    [steps('calculator: 3 - 5'), ['-2', '−2'], ['2']],
    [steps('calculator: 2 ^ 10'), ['1024', '1,024'], ['20', '100']],
    [
      steps('convert: 26 mi to km'),
      ['41.842944 km', '41.84 km', '26 miles are 41.843 km'],
      ['42.5 km', '26 km', '16.2 km'],
    ],
    [steps('convert: 100 C to F'), ['212 °F'], ['100', '37.8', '180']],
    [steps('convert: 1 / 2 mi to m'), ['804.672 m', '804.67'], ['1609.344', '800']],
    [steps('convert: 3 ft to m', 'calculator: prev * 2'), ['1.8288', '1.83'], ['0.9144', '6']],
    [steps('calculator: 3 * 26', 'convert: prev mi to km'), ['125.528832 km', '125.53'], ['78', '41.84']],
    [steps('dates: days between 2026-03-01 and 2026-04-05', 'calculator: prev * 2'), ['70'], ['35', '72']],
  ])('%j', (expected, right, wrong) => {
    for (const answer of right) expect(judged(expected, answer), answer).toBe(true);
    for (const answer of wrong) expect(judged(expected, answer), answer).toBe(false);
  });

  it('does not take a list of numbers for an answer', () => {
    expect(judged(steps('calculator: 2 + 3'), Array.from({ length: 40 }, (_, n) => n).join(' '))).toBe(false);
  });
});

describe('answers by date and time', () => {
  it.each([
    [
      steps('dates: days until 12-24'),
      ['31 days', '31', '4 weeks and 3 days', 'In 31 days.'],
      ['30 days', '4 weeks', '4 weeks and 4 days', '24 days'],
    ],
    [steps('dates: weeks until 12-24'), ['31 days', '4 weeks and 3 days'], ['4 weeks', '3 days']],
    [steps('dates: days since 2026-11-13'), ['10 days', '1 week and 3 days'], ['11 days', '3 days']],
    [steps('dates: days between 2024-02-01 and 2024-03-01'), ['29 days'], ['28 days']],
    [steps('dates: weekday in 45 day'), ['Thursday', 'It will be a Thursday.'], ['Friday', 'Thursday or Friday', '']],
    [steps('dates: weekday of 1969-07-20'), ['Sunday'], ['Monday']],
    [
      steps('dates: date in 3 week'),
      ['Monday, 14 December 2026', '2026-12-14', 'December 14', '14th of December, 2026'],
      ['14 December 2025', '13 December 2026', 'Monday'],
    ],
    [steps('dates: date 1 month ago'), ['23 October 2026'], ['24 October 2026']],
    [steps('dates: date in 1 year'), ['23 November 2027'], ['23 November 2026']],
    [
      steps('dates: time in Asia/Tokyo'),
      ['07:30', '07:31', '7:30 am', 'It is 07:30 (Tuesday)'],
      ['22:30', '07:33', '19:30'],
    ],
    [steps('dates: time 3 h after 23:15'), ['02:15 the next day', '2:15 am'], ['26:15', '20:15']],
    [
      steps('dates: time between 09:15 and 17:40'),
      ['8 hours 25 minutes', '505 minutes', '8 h 25 min'],
      ['8 hours', '7 hours 25 minutes'],
    ],
    [steps('dates: zone 14:30 Europe/Berlin to Asia/Tokyo'), ['22:30'], ['14:30', '06:30']],
    [steps('dates: difference Asia/Tokyo and Europe/Berlin'), ['Tokyo is 8 hours ahead of Berlin'], ['7 hours']],
  ])('%j', (expected, right, wrong) => {
    for (const answer of right) expect(judged(expected, answer), answer).toBe(true);
    for (const answer of wrong) expect(judged(expected, answer), answer).toBe(false);
  });

  it("counts from the person's own day", () => {
    const until = { expected: steps('dates: days until 12-24') };
    expect(check(until, outcome('30 days', [], 'Asia/Tokyo'))).toBe(true);
    expect(check(until, outcome('31 days', [], 'Asia/Tokyo'))).toBe(false);
  });
});

describe('answers by conduct', () => {
  const help = 'I can calculate, convert units, tell dates and times, remember facts and play Game of 24.';

  it('wants help said plainly, without another tool', () => {
    const other = { expected: { type: 'help' } as const };
    expect(check(other, outcome(help, [turn('help', '')]))).toBe(true);
    expect(check(other, outcome(help, [turn('notes', 'recall x', 'nothing noted'), turn('help', '')]))).toBe(true);
    expect(check(other, outcome(help, [turn('calculator', '1 + 1'), turn('help', '')]))).toBe(false);
    expect(check(other, outcome('Lima', [turn('help', '')]))).toBe(false);
  });

  it('wants the value of a note', () => {
    const recalled: Expected = { type: 'contains', values: ['bluebird-22'] };
    expect(judged(recalled, 'The guest wifi password is bluebird-22.')).toBe(true);
    expect(judged(recalled, 'The guest wifi password is bluebird-221.')).toBe(false);
    expect(judged(recalled, 'nothing noted')).toBe(false);
    const kept = { expected: { type: 'remembered', values: ['9am'] } as const };
    expect(check(kept, outcome('Noted.', [turn('notes', 'remember the standup is at 9am')]))).toBe(true);
    expect(check(kept, outcome('Noted.', [turn('notes', 'recall standup 9am')]))).toBe(false);
    expect(check(kept, outcome('Noted.'))).toBe(false);
  });

  it('replays puzzles in exact fractions', () => {
    const game = { expected: { type: 'game', numbers: [3, 3, 8, 8], target: 24 } as const };
    const play = (...moves: string[]) =>
      check(
        game,
        outcome(
          '',
          moves.map((move) => turn('combine', move)),
        ),
      );
    expect(play('8 / 3', '3 - 8/3', '8 / 1/3')).toBe(true);
    expect(play('3 + 3', '8 + 8', '6 + 16', '8 / 3', '3 - 8/3', '8 / 1/3')).toBe(true);
    expect(play('3 * 8', '3 + 8')).toBe(false);
    expect(play('4 * 6')).toBe(false);
    expect(check(game, outcome('8 / (3 - 8 / 3) = 24'))).toBe(true);
    expect(check(game, outcome('3 * 8'))).toBe(false);
    expect(check(game, outcome('3 * 8 * (8 - 3 - 4)'))).toBe(false);
  });
});

describe('the tools', () => {
  const context: ToolContext = {
    workspaceId: 'w',
    questionId: null,
    question: '',
    now,
    zone: 'UTC',
    turns: [],
    notes: { remember: async () => undefined, list: async () => [] },
    readOnly: true,
    signal: new AbortController().signal,
  };
  /** Numbers as values, names as they are written: what the executor puts into commands. */
  const command = ({ text, spans }: AskedQuestion, args: string): string =>
    args.replace('1 / 2 ', '1/2 ').replace(/\{(\d+)\}/g, (_, place: string) => {
      const span = spans[Number(place)];
      if (span === undefined) return '';
      return span.kind === 'number' || span.kind === 'expression' ? span.value : text.slice(span.start, span.end);
    });

  it.each(['symbols', 'words', 'problems', 'convert', 'dates'] as const)(
    'give the answers that the checkers want for %s',
    async (kind) => {
      const rng = createRng(11);
      for (let i = 0; i < 400; i += 1) {
        const [question] = generate(kind, { rng, split: i % 2 === 0 ? 'train' : 'wordings' }).questions;
        const [action] = question?.actions ?? [];
        if (question === undefined || action === undefined) throw new Error('a task without a question');
        const asked = command(question, action.args);
        const { result } = await (
          tools.get(action.tool)?.run(asked, context) ?? Promise.reject(new Error(action.tool))
        ).catch((error: Error) => ({ result: `failed: ${error.message}` }));
        if (/zero|too (?:large|big|long)/.test(result)) continue;
        expect(check(question, outcome(result)), `${question.text} → ${asked} → ${result}`).toBe(true);
      }
    },
  );
});
