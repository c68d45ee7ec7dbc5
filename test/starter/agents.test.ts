import { describe, expect, it } from 'vitest';
import { PromptWriter } from '../../gpu-worker/flow/starter/prompt.ts';
import { generate } from '../../gpu-worker/tasks/generate.ts';
import { tools } from '../../gpu-worker/tools/registry.ts';
import { play } from '../../starter/recipe/examples.ts';
import { ask, asPast, memoryNotes, moment, wordTokenizer } from './scripted-planner.ts';

describe('the executor puts values into slots', () => {
  it.each([
    ['What is 17 * 23 + 4?', 'calculator: <|1|> final', '17 * 23 + 4', '395'],
    ['seventeen times 23 plus four', 'calculator: <|1|> * <|2|> + <|3|> final', '17 * 23 + 4', '395'],
    ['15% of 80', 'calculator: <|1|> * <|2|> final', '15% * 80', '12'],
    ['80 dollars with 15 percent off', 'calculator: <|1|> * ( 1 - <|2|> ) final', '80 * (1 - 15%)', '68'],
    ['two thirds of ninety', 'calculator: <|1|> * <|2|> final', '(2/3) * 90', '60'],
    ['square 3 + 4', 'calculator: <|1|> ^ 2 final', '(3 + 4) ^ 2', '49'],
    ['26 miles in km', 'convert: <|1|> <|2|> to <|3|> final', '26 miles to km', '41.843 km'],
    ['how many feet are in 2 m', 'convert: <|2|> <|3|> to <|1|> final', '2 m to feet', '6.5617 ft'],
    ['weekday 45 days from now', 'dates: weekday in <|1|> <|2|> final', 'weekday in 45 days', 'Sunday'],
    ['how long until Christmas', 'dates: days until <|1|> final', 'days until Christmas', '295 days'],
    ['the time in Tokyo', 'dates: time in <|1|> final', 'time in Tokyo', '19:00'],
  ])('%s', async (question, action, command, result) => {
    const { turns, answer, stopReason } = await ask(question, [action]);
    expect(turns.map((turn) => turn.error)).toEqual([null]);
    expect(turns[0]?.command).toBe(command);
    expect(turns[0]?.result).toBe(result);
    expect(answer).toContain(result);
    expect(stopReason).toBe('verified');
  });

  it('goes on from results: within a question and from earlier questions of the conversation', async () => {
    const two = await ask('convert 26 miles to km and add 5', [
      'convert: <|1|> <|2|> to <|3|> more',
      'calculator: prev + <|4|> final',
    ]);
    expect(two.turns.map((turn) => turn.command)).toEqual(['26 miles to km', '41.843 + 5']);
    expect(two.answer).toContain('46.843');
    const past = [
      asPast('convert 26 miles to km', await ask('convert 26 miles to km', ['convert: <|1|> <|2|> to <|3|> final'])),
    ];
    const command = async (question: string, action: string) =>
      (await ask(question, [action], { past })).turns[0]?.command;
    expect(await command('times 2', 'calculator: prev * <|1|> final')).toBe('41.843 * 2');
    expect(await command('and in feet?', 'convert: prev to <|1|> final')).toBe('26 miles to feet');
    expect(await command('and 20 yards?', 'convert: <|1|> <|2|> to prev final')).toBe('20 yards to km');
    expect(await command('and 50?', 'convert: <|1|> prev to prev final')).toBe('50 miles to km');
  });

  it('remembers the fact without its lead-in and recalls it', async () => {
    const notes = memoryNotes();
    const told = await ask('Please remember that the door code is 4711.', ['notes: remember final'], { notes });
    expect(told.turns[0]?.command).toBe('remember the door code is 4711.');
    const recalled = await ask('What is the door code?', ['notes: recall final'], { notes });
    expect(recalled.answer).toContain('4711');
  });
});

describe('what goes wrong is a turn with an error that the planner sees next', () => {
  it.each([
    ['calculator: <|7|> final', /no value 7/],
    ['calculator: <|2|> final', /not a number/],
    ['dance: <|1|> final', /no tool dance/],
    ['calculator: final', /needs a command/],
    ['calculator: <|1|> + length', /does not end/],
    ['calculator: prev + <|1|> final', /no earlier result/],
  ])('%s', async (action, error) => {
    const { turns, answer } = await ask('26 miles in km', [action, 'convert: <|1|> <|2|> to <|3|> final']);
    expect(turns[0]?.error).toMatch(error);
    expect(turns[0]?.verdict).toBe('continue');
    expect(answer).toContain('41.843');
  });

  it('asks once to use all numbers, then believes the planner', async () => {
    const script = ['calculator: <|1|> * <|2|> final', 'calculator: <|1|> * <|2|> final'];
    const { turns, answer } = await ask('5 boxes of 12 apples for 3 people', script);
    expect(turns.map((turn) => turn.error)).toEqual(['not all numbers were used: 3', null]);
    expect(answer).toContain('60');
  });

  it('says what it can do rather than guess when the planner is unsure', async () => {
    const { turns, answer } = await ask('5 and 12 and what not', ['calculator: <|1|> * <|2|> final'], { logprob: -3 });
    expect(turns[0]?.tool).toBe('help');
    expect(answer).toMatch(/not able to answer.*I can/);
  });

  it('says plainly when the turns are used up', async () => {
    const { answer, stopReason } = await ask('make 24 from 1, 1 and 13', Array(6).fill('combine: 9 - 1 final'));
    expect(stopReason).toBe('turns');
    expect(answer).toMatch(/used all my turns/);
  });

  it('stops guessing after three failures', async () => {
    const { turns, answer } = await ask('26 miles', Array(6).fill('calculator: <|9|> final'));
    expect(turns.map(({ tool }) => tool)).toEqual(['calculator', 'calculator', 'calculator', 'help']);
    expect(answer).toMatch(/I can calculate/);
  });
});

describe('a number puzzle', () => {
  it('goes on after a failed attempt and ends when the target is reached', async () => {
    const moves = ['13 - 1', '12 * 1', '12 * 1', '13 - 1', '1 + 1', '12 * 2'].map((move) => `combine: ${move} final`);
    const { turns, answer, stopReason } = await ask('make 24 from 1, 1, 1 and 13', moves);
    expect(turns.map((turn) => turn.verdict)).toEqual([
      'continue',
      'continue',
      'continue',
      'continue',
      'continue',
      'stop',
    ]);
    expect(turns[2]?.result).toContain('not 24');
    expect(stopReason).toBe('verified');
    expect(answer).toContain('= 24');
  });
});

describe('prompts', () => {
  it('only grow at their end: each begins with the one before and its action', async () => {
    const tokenizer = wordTokenizer();
    const first = await ask(
      'convert 26 miles to km and add 5',
      ['convert: <|1|> <|2|> to <|3|> more', 'calculator: <|9|> final', 'calculator: prev + <|4|> final'],
      { tokenizer },
    );
    for (const [index, prompt] of first.prompts.slice(1).entries()) {
      const before = [
        ...(first.turns[index]?.planner?.promptIds ?? []),
        ...(first.turns[index]?.planner?.actionIds ?? []),
      ];
      expect(prompt.slice(0, before.length)).toEqual(before);
    }
    const second = await ask('and times 2?', ['calculator: prev * <|1|> final'], {
      tokenizer,
      past: [asPast('convert 26 miles to km and add 5', first)],
    });
    const last = first.turns.at(-1)?.planner;
    const before = [...(last?.promptIds ?? []), ...(last?.actionIds ?? [])];
    expect(second.prompts[0]?.slice(0, before.length)).toEqual(before);
  });

  it('are the training examples, token by token', async () => {
    const tokenizer = wordTokenizer();
    const writer = new PromptWriter(tokenizer);
    for (let seed = 0; seed < 40; seed++) {
      const task = generate(seed % 2 === 0 ? 'convert' : 'words', { seed, split: 'train' });
      const played = await play(task, { writer, tools, now: moment });
      if ('refused' in played) continue;
      const { ids, mask } = played.example;
      const from = mask.indexOf(1);
      const text = writer.read(ids.slice(from));
      const { prompts, answer } = await ask(task.questions[0]?.text ?? '', [`${text} final`], { tokenizer });
      expect(prompts[0]).toEqual(ids.slice(0, from));
      expect(answer).toBe(played.answer);
    }
  });
});
