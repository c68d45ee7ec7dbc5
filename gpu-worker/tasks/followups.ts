import { convertQuestion } from './convert/convert.ts';
import { amount, drawPartner, unitEntity } from './convert/unit-words.ts';
import { DATE_IN, TIME_IN, UNTIL, WEEKDAY_IN } from './dates/frames.ts';
import { dateEntity, placeEntity, spanOfDays } from './dates/moments.ts';
import type { Draft } from './draft.ts';
import {
  AGAIN_AMOUNT,
  AGAIN_CONVERT,
  AGAIN_DATE,
  AGAIN_NUMBER,
  AGAIN_PLACE,
  AGAIN_SPAN,
  ARITHMETIC_FOLLOWUPS,
  TIMES_OF_PREV,
} from './followup-frames.ts';
import { anyNumberEntity, drawWhole, wholeEntity } from './numbers.ts';
import { problemText } from './problems/problems.ts';
import type { AskedQuestion } from './question.ts';
import { styled } from './style.ts';
import { symbols } from './symbols.ts';
import { wordingValues, wordsText } from './words/words.ts';

/** A question in training wordings: in a follow-up only the follow-up itself is held out. */
const asTrained = <T>(draft: Draft, write: () => T): T => draft.withTrainedWordings(write);

function opening(draft: Draft): AskedQuestion {
  return asTrained(draft, () => {
    const u = draft.rng.next();
    if (u < 0.4) return symbols(draft);
    const { text, calculation } = u < 0.75 ? wordsText(draft) : problemText(draft);
    return draft.question(styled(draft, text), [`calculator: ${calculation}`]);
  });
}

/** What is done with the last result: "now divide that by 5". */
export function arithmeticFollowup(draft: Draft): { text: string; action: string } {
  const [wording, calculation] = draft.core(draft.chance(0.85) ? ARITHMETIC_FOLLOWUPS : TIMES_OF_PREV);
  const bind = wordingValues(draft, (name) =>
    name === 'm' || name === 's'
      ? wholeEntity(draft, name === 's' ? draft.int(2, 4) : drawWhole(draft, 2, 30), 0.3)
      : anyNumberEntity(draft, 0.3, 0.04),
  );
  return { text: draft.say(bind(wording)), action: `calculator: ${bind(calculation)}` };
}

const steps = (...bound: string[]) => ({ type: 'steps' as const, steps: bound });

/** A question and one or two that build on its answer. */
export function followups(draft: Draft): AskedQuestion[] {
  const u = draft.rng.next();
  if (u < 0.46) return arithmetic(draft);
  if (u < 0.6) return otherUnit(draft);
  if (u < 0.7) return otherAmount(draft);
  if (u < 0.8) return otherPlace(draft);
  if (u < 0.92) return otherSpan(draft);
  return otherDate(draft);
}

/** The steps that lead to a question's answer, for one that goes on from it. */
const stepsOf = (question: AskedQuestion): readonly string[] =>
  question.expected.type === 'steps' ? question.expected.steps : [];

function arithmetic(draft: Draft): AskedQuestion[] {
  const questions = [draft.chance(0.85) ? opening(draft) : asTrained(draft, () => convertQuestion(draft))];
  const count = draft.chance(0.28) ? 2 : 1;
  for (let i = 0; i < count; i += 1) {
    const { text, action } = arithmeticFollowup(draft);
    const before = questions.at(-1);
    const earlier = before === undefined ? [] : stepsOf(before);
    questions.push(draft.question(styled(draft, text, 0.12), [action], steps(...earlier, draft.bind(action))));
  }
  return questions.map(plainQuestion);
}

/** Without what a generator adds for its callers. */
const plainQuestion = ({ text, spans, actions, expected }: AskedQuestion): AskedQuestion => ({
  text,
  spans,
  actions,
  expected,
});

function otherUnit(draft: Draft): AskedQuestion[] {
  const first = asTrained(draft, () => convertQuestion(draft));
  const questions: AskedQuestion[] = [plainQuestion(first)];
  let except = first.to;
  const count = draft.chance(0.2) ? 2 : 1;
  for (let i = 0; i < count; i += 1) {
    const to = drawPartner(draft, first.from, except);
    except = to;
    const w = unitEntity(draft, to);
    const action = `convert: prev to ${w}`;
    const text = styled(draft, draft.say(draft.core(AGAIN_CONVERT), { w }), 0.1);
    questions.push(draft.question(text, [action], steps(...stepsOf(questions.at(-1) ?? first), draft.bind(action))));
  }
  return questions;
}

/** "And 20 miles?", "what about 50?": the last conversion with another amount. */
function otherAmount(draft: Draft): AskedQuestion[] {
  const first = asTrained(draft, () => convertQuestion(draft));
  const questions: AskedQuestion[] = [plainQuestion(first)];
  const count = draft.chance(0.2) ? 2 : 1;
  for (let i = 0; i < count; i += 1) {
    if (draft.chance(0.5)) {
      const { text: x, number, unit } = amount(draft, first.from);
      const text = styled(draft, draft.say(draft.core(AGAIN_AMOUNT), { x }), 0.1);
      const bound = `convert: ${draft.bind(number)} ${first.from.id} to ${first.to.id}`;
      questions.push(draft.question(text, [`convert: ${number} ${unit} to prev`], steps(bound)));
    } else {
      const n = anyNumberEntity(draft, 0.2);
      const text = styled(draft, draft.say(draft.core(AGAIN_NUMBER), { n }), 0.1);
      const bound = `convert: ${draft.bind(n)} ${first.from.id} to ${first.to.id}`;
      questions.push(draft.question(text, [`convert: ${n} prev to prev`], steps(bound)));
    }
  }
  return questions;
}

function otherPlace(draft: Draft): AskedQuestion[] {
  const c = placeEntity(draft);
  const first = asTrained(draft, () => draft.say(draft.core(TIME_IN), { c }));
  const questions = [draft.question(styled(draft, first), [`dates: time in ${c}`])];
  const count = draft.chance(0.25) ? 2 : 1;
  for (let i = 0; i < count; i += 1) {
    const e = placeEntity(draft, draft.surface(c));
    questions.push(
      draft.question(styled(draft, draft.say(draft.core(AGAIN_PLACE), { c: e }), 0.1), [`dates: time in ${e}`]),
    );
  }
  return questions;
}

function otherSpan(draft: Draft): AskedQuestion[] {
  const [frames, what] = draft.pick([
    [WEEKDAY_IN, 'weekday'],
    [DATE_IN, 'date'],
  ] as const);
  const first = spanOfDays(draft);
  const text = asTrained(draft, () => draft.say(draft.core(frames), { n: first.text }));
  const questions = [draft.question(styled(draft, text), [`dates: ${what} in ${first.command}`])];
  const count = draft.chance(0.2) ? 2 : 1;
  for (let i = 0; i < count; i += 1) {
    const again = spanOfDays(draft);
    const wording = draft.say(draft.core(AGAIN_SPAN), { n: again.text });
    questions.push(draft.question(styled(draft, wording, 0.1), [`dates: ${what} in ${again.command}`]));
  }
  return questions;
}

function otherDate(draft: Draft): AskedQuestion[] {
  const unit = draft.chance(0.5) ? 'days' : 'weeks';
  const d = dateEntity(draft, 'coming');
  const text = asTrained(draft, () => draft.say(draft.core(UNTIL), { d }));
  const f = dateEntity(draft, 'coming');
  return [
    draft.question(styled(draft, text), [`dates: ${unit} until ${d}`]),
    draft.question(styled(draft, draft.say(draft.core(AGAIN_DATE), { d: f }), 0.1), [`dates: ${unit} until ${f}`]),
  ];
}
