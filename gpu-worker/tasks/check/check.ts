import { fraction, same } from '../fraction.ts';
import {
  applied,
  asSmall,
  GAME_OPERATORS,
  type GameOperator,
  isWhole,
  type Small,
  shown,
  small,
} from '../gameof24/arithmetic.ts';
import type { AskedQuestion, Expected, TaskQuestion } from '../question.ts';
import { weekdayName } from './calendar.ts';
import { evaluateExpression } from './expression.ts';
import type { Outcome } from './outcome.ts';
import { datesIn, daysIn, minutesIn, numbersIn, standsFor, timesIn } from './readings.ts';
import { type Result, runSteps } from './steps.ts';

/** How far an answer may be off when a conversion's rounded result went into it. */
const ROUNDED = 5e-4;
/** In an answer with more numbers than this only the last sentence counts; there, more of them name a list and no answer. */
const MOST_NUMBERS = 8;

/** Whether a task's conversation was answered rightly: its last question decides. */
export function checkTask(task: TaskQuestion, outcome: Outcome): boolean {
  const last = task.questions.at(-1);
  return last !== undefined && check(last, outcome);
}

/** False for the rare task whose numbers happen to ask for a division by zero. */
export function hasAnswer(task: TaskQuestion): boolean {
  try {
    checkTask(task, { answer: '', turns: [], now: new Date(0), zone: 'UTC' });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Whether one question was answered rightly, judged by the final answer and, for puzzles, notes and help, by the turns. */
export function check(question: Pick<AskedQuestion, 'expected'>, outcome: Outcome): boolean {
  return checkExpected(question.expected, outcome);
}

function checkExpected(expected: Expected, outcome: Outcome): boolean {
  if (expected.type === 'steps') return matches(runSteps(expected.steps, outcome), outcome.answer);
  if (expected.type === 'contains') return expected.values.every((value) => contains(outcome.answer, value));
  if (expected.type === 'remembered') return wasRemembered(expected.values, outcome);
  if (expected.type === 'help') return saysWhatItCan(outcome);
  return reached(expected.numbers, expected.target, outcome);
}

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
const contains = (answer: string, value: string): boolean => ` ${plain(answer)} `.includes(` ${plain(value)} `);

function wasRemembered(values: readonly string[], { turns }: Outcome): boolean {
  const kept = turns.filter(
    ({ tool, command, error }) => tool === 'notes' && error === null && /^\s*remember\b/i.test(command),
  );
  return values.every((value) => kept.some(({ command }) => contains(command, value)));
}

const ABILITIES = [/calculat|arithmetic/i, /convert|units/i, /\bdates?\b|\btimes?\b/i, /remember|notes?\b/i, /\b24\b/];

function saysWhatItCan({ answer, turns }: Outcome): boolean {
  const strayed = turns.some(({ tool, error }) => tool !== 'help' && tool !== '' && error === null);
  return (
    !strayed && /\bcan\b|\bable\b/i.test(answer) && ABILITIES.filter((ability) => ability.test(answer)).length >= 2
  );
}

function matches(result: Result, answer: string): boolean {
  if (result.type === 'number' || result.type === 'amount') {
    const all = numbersIn(answer);
    const numbers = all.length > MOST_NUMBERS ? numbersIn(answer.split(/[.!?;]\s+/).at(-1) ?? '') : all;
    const relative = result.type === 'number' && result.exact ? 1e-6 : ROUNDED;
    return numbers.length <= MOST_NUMBERS && numbers.some((number) => standsFor(number, result.value, relative));
  }
  if (result.type === 'days') {
    const { days, modulo } = result;
    const right = (n: number) => n === Math.abs(days) || (modulo !== undefined && n <= 14 && (n - days) % modulo === 0);
    if (daysIn(answer).some(right)) return true;
    const bare = /^[-\s]*([\d,]+)[.\s]*$/.exec(answer)?.[1];
    return bare !== undefined && right(Number(bare.replaceAll(',', '')));
  }
  if (result.type === 'weekday') return weekdaysIn(answer).join() === weekdayName(result.day);
  if (result.type === 'date') return datesIn(answer).includes(result.day);
  if (result.type === 'clock') return timesIn(answer).some((time) => isNear(time, result.minutes));
  return minutesIn(answer).some((minutes) => Math.abs(minutes - result.minutes) <= 1);
}

/** Within a minute, over midnight too. */
const isNear = (a: number, b: number): boolean => [0, 1, 1439].includes(Math.abs(a - b));

const weekdaysIn = (answer: string): string[] => [
  ...new Set(answer.toLowerCase().match(/\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b/g) ?? []),
];

/** Replays the trajectory's moves, or evaluates an expression in the answer, in exact fractions. */
function reached(numbers: readonly number[], target: number, { answer, turns }: Outcome): boolean {
  let left: readonly Small[] = asSmall(numbers);
  for (const { tool, command, error } of turns) {
    if (tool !== 'combine' || error !== null) continue;
    const after = played(left, command);
    if (after === undefined) return false;
    const [last] = after;
    if (after.length === 1 && last !== undefined && isWhole(last, target)) return true;
    left = after.length === 1 ? asSmall(numbers) : after;
  }
  return expressionReaches(answer, numbers, target);
}

/** The numbers left after `13 - 1` or `3 - 8/3`; undefined for an illegal move. */
function played(left: readonly Small[], command: string): readonly Small[] | undefined {
  for (const match of command
    .replace(/[×x]/g, '*')
    .replace(/[÷]/g, '/')
    .replace(/[−–]/g, '-')
    .matchAll(/[-+*/]/g)) {
    const a = smallOf(command.slice(0, match.index));
    const b = smallOf(command.slice(match.index + 1));
    if (a === undefined || b === undefined) continue;
    const rest = without(without(left, a), b);
    const op = GAME_OPERATORS.find((known): known is GameOperator => known === match[0]);
    const value = op === undefined || rest === undefined ? undefined : applied(a, op, b);
    if (rest !== undefined && value !== undefined) return [...rest, value];
  }
  return undefined;
}

function smallOf(text: string): Small | undefined {
  const match = /^\s*(-?\d{1,12})(?:\/(\d{1,12}))?\s*$/.exec(text);
  if (match === null || Number(match[2] ?? 1) === 0) return undefined;
  return small(Number(match[1]), Number(match[2] ?? 1));
}

function without(left: readonly Small[] | undefined, taken: Small): readonly Small[] | undefined {
  const at = left?.findIndex((piece) => shown(piece) === shown(taken)) ?? -1;
  return left === undefined || at < 0 ? undefined : left.filter((_, index) => index !== at);
}

function expressionReaches(answer: string, numbers: readonly number[], target: number): boolean {
  return (answer.match(/[\d(][\d\s()+\-*/×÷−]*[\d)]/g) ?? []).some((text) => {
    const used = (text.match(/\d+/g) ?? []).map(Number).sort((a, b) => a - b);
    if (used.join() !== [...numbers].sort((a, b) => a - b).join()) return false;
    try {
      return same(evaluateExpression(text), fraction(target));
    } catch {
      // What looks like an expression and is none proves nothing.
      return false;
    }
  });
}
