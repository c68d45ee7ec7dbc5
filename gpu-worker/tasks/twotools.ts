import { amount, drawUnits, unitEntity } from './convert/unit-words.ts';
import { dateEntity, datePair } from './dates/moments.ts';
import type { Draft } from './draft.ts';
import { anyNumberEntity, drawWhole, wholeEntity } from './numbers.ts';
import type { AskedQuestion, Written } from './question.ts';
import { styled } from './style.ts';
import { drawExpression, writeExpression } from './symbols.ts';
import { CONVERT_THEN, DAYS_THEN, STORY_THEN_CONVERT, THEN_CONVERT, UNTIL_THEN } from './twotools-frames.ts';
import { CALCULATE_THEN_DATE, HOURS_BETWEEN, HOURS_UNTIL, NUMBER_KEYS, RECALL_THEN } from './twotools-more.ts';
import { wordingValues } from './words/words.ts';

/** The numbers of a frame: {m} small, the others of any size. */
const numbersFor = (draft: Draft) =>
  wordingValues(draft, (name) =>
    name === 'm' || name === 'b'
      ? wholeEntity(draft, drawWhole(draft, 2, 40), 0.3)
      : anyNumberEntity(draft, 0.25, 0.05),
  );

/** Replaces {a} to {p} by numbers, but leaves the slots of units, amounts and dates. */
function withNumbers(draft: Draft, wording: string, calculation: string): { wording: string; calculation: string } {
  const bind = numbersFor(draft);
  const shielded = wording.replace(/\{([xwudfe])\}/g, '{$1$1}');
  return { wording: bind(shielded).replace(/\{([a-z])\1\}/g, '{$1}'), calculation: bind(calculation) };
}

function convertThen(draft: Draft): AskedQuestion {
  const { from, to } = drawUnits(draft);
  const picked = draft.core(CONVERT_THEN);
  const { wording, calculation } = withNumbers(draft, ...picked);
  const { text: x, number, unit } = amount(draft, from);
  const w = unitEntity(draft, to);
  const text = draft.say(wording, { x, w, w2: to.plural[0] ?? to.id });
  return draft.question(styled(draft, text), [`convert: ${number} ${unit} to ${w}`, `calculator: ${calculation}`]);
}

function expressionThen(draft: Draft): AskedQuestion {
  const { from, to } = drawUnits(draft);
  const expression = drawExpression(draft, 3);
  const e = draft.entity('expression', writeExpression(draft, expression), expression);
  const u = unitEntity(draft, from);
  const w = unitEntity(draft, to);
  const text = draft.say(draft.core(THEN_CONVERT), { e, u, w });
  return draft.question(styled(draft, text), [`calculator: ${e}`, `convert: prev ${u} to ${w}`]);
}

function storyThen(draft: Draft): AskedQuestion {
  const { from, to } = drawUnits(draft, ['length', 'mass', 'volume', 'time']);
  const picked = draft.core(STORY_THEN_CONVERT);
  const { wording, calculation } = withNumbers(draft, ...picked);
  const u = unitEntity(draft, from);
  const w = unitEntity(draft, to);
  const text = draft.say(wording, { u, w, u2: draft.surface(u) });
  return draft.question(styled(draft, text), [`calculator: ${calculation}`, `convert: prev ${u} to ${w}`]);
}

function daysThen(draft: Draft): AskedQuestion {
  if (draft.chance(0.4)) {
    const { wording, calculation } = withNumbers(draft, ...draft.core(UNTIL_THEN));
    const d = dateEntity(draft, 'coming');
    return draft.question(styled(draft, draft.say(wording, { d })), [
      `dates: days until ${d}`,
      `calculator: ${calculation}`,
    ]);
  }
  const { wording, calculation } = withNumbers(draft, ...draft.core(DAYS_THEN));
  const { first: d, second: f } = datePair(draft);
  const text = draft.say(wording, { d, f });
  return draft.question(styled(draft, text), [`dates: days between ${d} and ${f}`, `calculator: ${calculation}`]);
}

function calculateThenDate(draft: Draft): AskedQuestion {
  const [wording, what] = draft.core(CALCULATE_THEN_DATE);
  const [a, b] = [drawWhole(draft, 2, 20), drawWhole(draft, 2, 20)];
  const expression = draft.chance(0.6) ? `${a} * ${b}` : `${a + 20} ${draft.pick(['+', '-'])} ${b}`;
  const e = draft.entity('expression', writeExpression(draft, expression), expression);
  const unit = draft.pick(['day', 'day', 'week']);
  const u = draft.entity('unit', `${unit}s`, unit);
  return draft.question(styled(draft, draft.say(wording, { e, u })), [
    `calculator: ${e}`,
    `dates: ${what} in prev ${u}`,
  ]);
}

function hours(draft: Draft): AskedQuestion {
  if (draft.chance(0.6)) {
    const d = dateEntity(draft, 'coming');
    return draft.question(styled(draft, draft.say(draft.core(HOURS_UNTIL), { d })), [
      `dates: days until ${d}`,
      'calculator: prev * 24',
    ]);
  }
  const { first: d, second: f } = datePair(draft);
  const text = draft.say(draft.core(HOURS_BETWEEN), { d, f });
  return draft.question(styled(draft, text), [`dates: days between ${d} and ${f}`, 'calculator: prev * 24']);
}

/** A noted number, then a calculation with it. */
function recallThen(draft: Draft): Written {
  const k = draft.pick(NUMBER_KEYS);
  const amount = draft.chance(0.5) ? drawWhole(draft, 2, 90) * 100 : drawWhole(draft, 3, 400);
  const unit = draft.chance(0.4) ? draft.pick([' euros', ' dollars', ' pounds']) : '';
  const [wording, calculation] = draft.core(RECALL_THEN);
  const bind = numbersFor(draft);
  const text = draft.say(bind(wording.replace('{k}', k)));
  const action = `calculator: ${bind(calculation)}`;
  const steps = [draft.bind(action).replaceAll('prev', String(amount))];
  const question = draft.question(styled(draft, text, 0.12), ['notes: recall', action], { type: 'steps', steps });
  return { notes: [`${draft.pick(['Our', 'The', 'My'])} ${k} is ${amount}${unit}`], questions: [question] };
}

/** A question that needs one tool's result in another tool. */
export function twotools(draft: Draft): Written {
  const u = draft.rng.next();
  if (u < 0.07) return recallThen(draft);
  if (u < 0.44) return { questions: [convertThen(draft)] };
  if (u < 0.61) return { questions: [expressionThen(draft)] };
  if (u < 0.77) return { questions: [storyThen(draft)] };
  if (u < 0.91) return { questions: [daysThen(draft)] };
  return { questions: [u < 0.96 ? hours(draft) : calculateThenDate(draft)] };
}
