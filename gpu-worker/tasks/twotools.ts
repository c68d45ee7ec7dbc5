import { amount, drawUnits, unitEntity } from './convert/unit-words.ts';
import { dateEntity, datePair } from './dates/moments.ts';
import type { Draft } from './draft.ts';
import { anyNumberEntity, drawWhole, wholeEntity } from './numbers.ts';
import type { AskedQuestion } from './question.ts';
import { styled } from './style.ts';
import { drawExpression, writeExpression } from './symbols.ts';
import { CONVERT_THEN, DAYS_THEN, STORY_THEN_CONVERT, THEN_CONVERT, UNTIL_THEN } from './twotools-frames.ts';
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

/** A question that needs one tool's result in another tool. */
export function twotools(draft: Draft): AskedQuestion {
  const u = draft.rng.next();
  if (u < 0.46) return convertThen(draft);
  if (u < 0.66) return expressionThen(draft);
  if (u < 0.84) return storyThen(draft);
  return daysThen(draft);
}
