import type { Draft } from '../draft.ts';
import { anyNumberEntity, drawNumber, drawWhole, isHeldNumber, wholeEntity, writeWhole } from '../numbers.ts';
import type { AskedQuestion } from '../question.ts';
import { styled } from '../style.ts';
import {
  betweenOf,
  chainOf,
  drawOneValue,
  drawOperator,
  oneValueOf,
  orderOf,
  phraseOf,
  thenOne,
  thenOrder,
  type Value,
  wholeThen,
} from './compose.ts';
import { ORDER_FRAMES, PHRASE_FRAMES } from './frames.ts';
import { SPECIAL_PHRASES, SPECIAL_QUESTIONS } from './special-frames.ts';

const IN_WORDS = 0.36;

export function numberValue(draft: Draft): Value {
  const text = anyNumberEntity(draft, IN_WORDS);
  return { text, calculation: text, binds: 3 };
}

const FRACTIONS: readonly (readonly [string, string])[] = [
  ['two thirds', '2/3'],
  ['three quarters', '3/4'],
  ['two fifths', '2/5'],
  ['three fifths', '3/5'],
  ['three fourths', '3/4'],
  ['four fifths', '4/5'],
  ['three tenths', '3/10'],
  ['five sixths', '5/6'],
  ['3/4', '3/4'],
  ['2/3', '2/3'],
  ['1/2', '1/2'],
  ['3/5', '3/5'],
  ['1/4', '1/4'],
  ['three eighths', '3/8'],
  ['five eighths', '5/8'],
];

/** `two thirds`, `3/4`: one number entity. */
export function fractionEntity(draft: Draft): string {
  const [surface, value] = draft.pick(FRACTIONS);
  return draft.entity('number', surface, value);
}

/** `a dozen`, `3 dozen`: one number entity. */
export function dozenEntity(draft: Draft): string {
  // Two and nine dozen are held-out numbers, too few to be worth a place in the other splits.
  const count = draft.chance(0.35) ? 1 : draft.pick([3, 4, 5, 6, 7, 8, 10, 11, 12]);
  const written = count === 1 ? 'a' : writeWhole(draft, count, 0.5);
  return draft.entity('number', `${written} dozen`, String(12 * count));
}

/** `15%`, `15 percent`, `twelve per cent`: one number entity. */
export function percentEntity(draft: Draft): string {
  const n = draft.chance(0.5) ? draft.int(1, 18) * 5 : drawWhole(draft, 1, 99);
  const value = draft.chance(0.06) ? `${n}.5` : String(n);
  const digits = value.includes('.') || draft.chance(0.85) ? value : draft.surface(wholeEntity(draft, n, 1));
  const sign =
    /\d$/.test(digits) && draft.chance(0.6)
      ? draft.pick(['%', '%', '%', ' %'])
      : draft.pick([' percent', ' percent', ' per cent']);
  return draft.entity('number', digits + sign, `${value}%`);
}

/** The values of a wording with {a}…{d}, {p}, {f}, {s}, made when first named. */
export function wordingValues(draft: Draft, draw: (name: string) => string): (calculationOrText: string) => string {
  const made = new Map<string, string>();
  return (text) =>
    text.replace(/\{([a-z])\}/g, (_, name: string) => {
      let mark = made.get(name);
      if (mark === undefined) {
        if (name === 'p') mark = percentEntity(draft);
        else if (name === 'f') mark = fractionEntity(draft);
        else if (name === 'q') mark = dozenEntity(draft);
        else mark = draw(name);
        made.set(name, mark);
      }
      return mark;
    });
}

/** A square number that is in training or held out as the split wants it; now and then any number. */
function drawSquare(draft: Draft): number {
  for (;;) {
    const n = draft.chance(0.85) ? draft.int(2, 40) ** 2 : draft.int(2, 400);
    if (draft.split !== 'train' || !isHeldNumber(n)) return n;
  }
}

function special(draft: Draft): { text: string; calculation: string; question: boolean } {
  const question = draft.chance(0.5);
  const [wording, calculation] = draft.core(question ? SPECIAL_QUESTIONS : SPECIAL_PHRASES);
  // A difference asked for as "how much more" has its larger number first.
  const sizes = [drawNumber(draft), drawNumber(draft)].sort((x, y) => y - x);
  const bind = wordingValues(draft, (name) => {
    if (name === 'r') return wholeEntity(draft, drawSquare(draft), 0.15);
    if (name === 's') return wholeEntity(draft, draft.int(2, 5), IN_WORDS);
    const larger = /\{a\} [-/] \{b\}$|\{b\} \/ \{a\}/.test(calculation) && 'ab'.includes(name);
    return larger ? wholeEntity(draft, sizes[name === 'a' ? 0 : 1] ?? 2, 0.2) : anyNumberEntity(draft, 0.25, 0.04);
  });
  return { text: draft.say(bind(wording)), calculation: bind(calculation), question };
}

/** A noun phrase of one to three operations. */
export function drawPhrase(draft: Draft): Value {
  const n = () => numberValue(draft);
  const op = () => drawOperator(draft);
  const u = draft.rng.next();
  const closed = () => phraseOf(draft, n(), op(), n(), true);
  if (u < 0.12) return phraseOf(draft, n(), op(), n());
  if (u < 0.17) return betweenOf(draft, n(), op(), n());
  if (u < 0.32) return chainOf(draft, draft.chance(0.75) ? [n(), n(), n()] : [n(), n(), n(), n()]);
  if (u < 0.46) {
    const first = draft.chance(0.7) ? phraseOf(draft, n(), op(), n()) : betweenOf(draft, n(), op(), n());
    const second = wholeThen(draft, first, op(), n());
    return draft.chance(0.85) ? second : wholeThen(draft, second, op(), n());
  }
  if (u < 0.58) return betweenOf(draft, n(), op(), closed(), true);
  if (u < 0.63) return phraseOf(draft, n(), op(), oneValueOf(draft, drawOneValue(draft), n()), true);
  if (u < 0.73) return betweenOf(draft, oneValueOf(draft, drawOneValue(draft), n()), op(), n(), true);
  if (u < 0.79) return oneValueOf(draft, drawOneValue(draft), closed());
  if (u < 0.85) return betweenOf(draft, n(), op(), oneValueOf(draft, drawOneValue(draft), n()), true);
  if (u < 0.91) return oneValueOf(draft, drawOneValue(draft), n());
  if (u < 0.95) return phraseOf(draft, closed(), op(), n(), true);
  return betweenOf(draft, closed(), op(), closed(), true);
}

/** An order of one to three operations. */
export function drawOrder(draft: Draft): Value {
  const n = () => numberValue(draft);
  const op = () => drawOperator(draft);
  const u = draft.rng.next();
  const first = u < 0.85 ? orderOf(draft, n(), op(), n()) : oneValueOf(draft, drawOneValue(draft), n(), 'order');
  const v = draft.rng.next();
  if (v < 0.12) return first;
  if (v < 0.2) return orderOf(draft, phraseOf(draft, n(), op(), n(), true), op(), n());
  if (v < 0.28) return orderOf(draft, n(), op(), phraseOf(draft, n(), op(), n(), true));
  if (v < 0.4) return thenOne(draft, first);
  const second = thenOrder(draft, first, op(), n());
  if (v < 0.88) return second;
  return draft.chance(0.7) ? thenOrder(draft, second, op(), n()) : thenOne(draft, second);
}

/** Words for a calculation as a question with its calculation. */
export function wordsText(draft: Draft): { text: string; calculation: string } {
  const u = draft.rng.next();
  if (u < 0.26) {
    const { text, calculation, question } = special(draft);
    return { text: question ? text : draft.say(draft.side(PHRASE_FRAMES), { e: text }), calculation };
  }
  const value = u < 0.68 ? drawPhrase(draft) : drawOrder(draft);
  return {
    text: draft.say(
      draft.side(u < 0.68 ? PHRASE_FRAMES : ORDER_FRAMES),
      u < 0.68 ? { e: value.text } : { i: value.text },
    ),
    calculation: value.calculation,
  };
}

export function words(draft: Draft): AskedQuestion {
  const { text, calculation } = wordsText(draft);
  return draft.question(styled(draft, text), [`calculator: ${calculation}`]);
}
