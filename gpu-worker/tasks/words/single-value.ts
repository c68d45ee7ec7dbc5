/** What is done to one value {a}: the phrase, and the calculation with {a}. `order` the same as an order, `next` with the result so far. */
export interface OneValue {
  readonly phrase: readonly string[];
  readonly order: readonly string[];
  readonly next: readonly string[];
  readonly calculation: string;
}

export const ONE_VALUE: readonly OneValue[] = [
  {
    phrase: [
      'twice {a}',
      'double {a}',
      '{a} doubled',
      'the double of {a}',
      'twice as much as {a}',
      'the number {a} twice',
    ],
    order: [
      'double {a}',
      'take {a} twice',
      'take {a} and double it',
      'start with {a} and double it',
      'double the number {a}',
    ],
    next: [
      'double [it|that|the result|everything]',
      'take [it|that] twice',
      'double the whole thing',
      'double what you get',
      'double all of that',
    ],
    calculation: '2 * {a}',
  },
  {
    phrase: ['triple {a}', 'thrice {a}', '{a} tripled', 'the triple of {a}'],
    order: ['triple {a}', 'take {a} and triple it', 'start with {a} and triple it', 'triple the number {a}'],
    next: ['triple [it|that|the result]', 'triple the whole thing', 'triple what you have'],
    calculation: '3 * {a}',
  },
  {
    phrase: ['{a} quadrupled', 'quadruple {a}', 'the quadruple of {a}'],
    order: ['quadruple {a}', 'take {a} and quadruple it'],
    next: ['quadruple [it|that|the result]'],
    calculation: '4 * {a}',
  },
  {
    phrase: [
      'half of {a}',
      'half {a}',
      'one half of {a}',
      '{a} halved',
      'a half of {a}',
      'half the number {a}',
      '{a} divided in half',
      'half as much as {a}',
      '{a} cut in half',
    ],
    order: [
      'halve {a}',
      'take half of {a}',
      'take {a} and halve it',
      'cut {a} in half',
      'split {a} in half',
      'start with {a} and halve it',
    ],
    next: [
      'halve [it|that|the result]',
      'take half of [it|that|the result]',
      'cut [it|that] in half',
      'split it in half',
      'halve the whole thing',
      'take half',
    ],
    calculation: '{a} / 2',
  },
  {
    phrase: ['a third of {a}', 'one third of {a}', 'the third part of {a}', 'a third part of {a}'],
    order: ['take a third of {a}', 'find a third of {a}', 'take one third of {a}'],
    next: ['take a third of [it|that|the result]', 'take one third of that', 'keep a third of it'],
    calculation: '{a} / 3',
  },
  {
    phrase: ['a quarter of {a}', 'one quarter of {a}', 'one fourth of {a}', 'a fourth of {a}', 'a quarter part of {a}'],
    order: ['take a quarter of {a}', 'take a fourth of {a}', 'find a quarter of {a}'],
    next: ['take a quarter of [it|that|the result]', 'take one quarter of it', 'take a fourth of that'],
    calculation: '{a} / 4',
  },
  {
    phrase: ['a fifth of {a}', 'one fifth of {a}'],
    order: ['take a fifth of {a}', 'find a fifth of {a}'],
    next: ['take a fifth of [it|that]', 'take one fifth of the result'],
    calculation: '{a} / 5',
  },
  {
    phrase: ['a tenth of {a}', 'one tenth of {a}', 'a tenth part of {a}'],
    order: ['take a tenth of {a}', 'find a tenth of {a}'],
    next: ['take a tenth of [it|that]', 'keep one tenth of it'],
    calculation: '{a} / 10',
  },
  {
    phrase: [
      '{a} squared',
      'the square of {a}',
      '{a} to the second power',
      'the square of the number {a}',
      '{a} times itself',
      '{a} to the 2nd',
    ],
    order: [
      'square {a}',
      'take the square of {a}',
      'multiply {a} by itself',
      'take {a} and square it',
      'raise {a} to the second power',
    ],
    next: [
      'square [it|that|the result]',
      'take the square of that',
      'multiply it by itself',
      'square what you get',
      'square the whole thing',
    ],
    calculation: '{a} ^ 2',
  },
  {
    phrase: ['{a} cubed', 'the cube of {a}', '{a} to the third power', 'the cube of the number {a}'],
    order: ['cube {a}', 'take the cube of {a}', 'take {a} and cube it', 'raise {a} to the third power'],
    next: ['cube [it|that|the result]', 'take the cube of that', 'cube what you get'],
    calculation: '{a} ^ 3',
  },
];
