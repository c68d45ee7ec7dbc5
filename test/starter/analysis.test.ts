import { describe, expect, it } from 'vitest';
import { analyseQuestion } from '../../gpu-worker/flow/starter/analysis.ts';

const values = (question: string): string[] =>
  analyseQuestion(question).entities.map(({ kind, value }) => `${kind} ${value}`);

describe('what the analysis finds in a question', () => {
  it.each<[string, string[]]>([
    ['What is 17 * 23 + 4?', ['expression 17 * 23 + 4']],
    ['(3+4)x5² = ?', ['expression (3 + 4) * 5^2']],
    ['17×23 − 4 ÷ 2', ['expression 17 * 23 - 4 / 2']],
    ['sqrt(144) + 1', ['expression sqrt (144) + 1']],
    ['1,234 + 5', ['expression 1234 + 5']],
    ['seventeen times two hundred and five plus 4.5', ['number 17', 'number 205', 'number 4.5']],
    ['twenty-three thousand four hundred and one', ['number 23401']],
    ['two thirds of ninety', ['number 2/3', 'number 90']],
    ['three and a half minus 1.5 million', ['number 3.5', 'number 1500000']],
    ['three point one four', ['number 3.14']],
    ['15% of 80', ['number 15%', 'number 80']],
    ['15 per cent off 3,200', ['number 15%', 'number 3200']],
    ['the 2nd power', []],
    ['the sum of two hundred and seven', ['number 200', 'number 7']],
    ['the sum of two hundred and seven and five', ['number 207', 'number 5']],
    ['add one thousand and sixty to three', ['number 1060', 'number 3']],
    ['which one of them', []],
    ['Convert 26 miles to km', ['number 26', 'unit miles', 'unit km']],
    ['72 F in C', ['number 72', 'unit F', 'unit C']],
    ['1 1/2 cups to ml', ['number 1.5', 'unit cups', 'unit ml']],
    ['how many ml are 2½ cups', ['unit ml', 'number 2.5', 'unit cups']],
    ['10 2/7 miles to km', ['number 72/7', 'unit miles', 'unit km']],
    ['12 in to cm', ['number 12', 'unit in', 'unit cm']],
    ['300K in celsius', ['number 300', 'unit K', 'unit celsius']],
    ['-40 celsius in fahrenheit', ['number -40', 'unit celsius', 'unit fahrenheit']],
    ['how many fl oz are in 3 cups', ['unit fl oz', 'number 3', 'unit cups']],
    ['the time in New York and in São Paulo', ['place New York', 'place São Paulo']],
    ['14:30 in Berlin', ['time 14:30', 'place Berlin']],
    ['half past two in the afternoon', ['time 14:30']],
    ['45 days from now', ['number 45', 'unit days']],
    ['how long until 24 December', ['date 24 December']],
    ['a nice reading about many people', []],
    ['my password is hunter2', []],
  ])('%s', (question, expected) => {
    expect(values(question)).toEqual(expected);
  });

  it('says where an entity stands in the text as the person wrote it', () => {
    const question = 'Bitte: ½ × TWENTY-THREE, 26 Miles  in the U.S.?';
    for (const { start, end, slot } of analyseQuestion(question).entities) {
      expect(question.slice(start, end).trim()).toBe(question.slice(start, end));
      expect(slot).toBeGreaterThan(0);
    }
    expect(analyseQuestion(question).entities.map(({ start, end }) => question.slice(start, end))).toContain('26');
  });
});

describe('what the planner reads', () => {
  it.each([
    ['Hey, could you please tell me what 17 times 23 is? Thanks!', 'what <|1|> n times <|2|> n is ?'],
    ["What's 26 miles in kilometres?", 'what is <|1|> n <|2|> length in <|3|> length ?'],
    ['Anna had 5 apples and bought 7 more.', 'anna have <|1|> n apple and buy <|2|> n more'],
  ])('%s', (question, text) => {
    expect(analyseQuestion(question).text).toBe(text);
  });

  it('is the same for capitals, typographic signs and politeness', () => {
    const plain = analyseQuestion("what's 17 times 23").text;
    expect(analyseQuestion('WHAT’S 17 TIMES 23, please').text).toBe(plain);
  });
});

describe('number puzzles', () => {
  it.each<[string, string[]]>([
    ['Make 24 from 1, 1, 1, 8', ['1', '1', '1', '8']],
    ['Use 4,6,8,13 to make 24.', ['4', '6', '8', '13']],
    ['24 game: 3 3 8 8', ['3', '3', '8', '8']],
    ['Can you reach 24 with 2, 24, 3 and 12?', ['2', '24', '3', '12']],
    ['Play the game of 24 with six, 4, 1 and 1; use each number once', ['6', '4', '1', '1']],
  ])('%s', (question, numbers) => {
    expect(analyseQuestion(question).puzzle).toEqual({ numbers, target: '24' });
  });

  it.each([
    'What is 24 times 3 plus 5?',
    'Anna has 24 apples and buys 3 more and 4 more. How many does she have?',
    'Convert 24 km to miles',
    'What is 3 * 8?',
  ])('are not seen in: %s', (question) => {
    expect(analyseQuestion(question).puzzle).toBeUndefined();
  });
});
