import type { Draft } from './draft.ts';
import { drawNumber, drawWhole, grouped } from './numbers.ts';
import type { AskedQuestion } from './question.ts';
import { styled } from './style.ts';
import { VALUE_FRAMES } from './value-frames.ts';

/** A number of an expression: mostly whole, some decimals and percentages' parts. */
function operand(draft: Draft): string {
  if (draft.chance(0.1)) return `${drawWhole(draft, 0, 99)}.${draft.int(1, 99)}`.replace(/0$/, '');
  return String(drawNumber(draft));
}

/** An expression of two to four numbers, as the calculator takes it. */
export function drawExpression(draft: Draft, most = 4): string {
  const u = draft.rng.next();
  if (u < 0.05) return `${draft.int(2, 40)} ^ ${draft.int(2, 4)}`;
  if (u < 0.09) return `${drawWhole(draft, 2, 90)}% * ${drawNumber(draft)}`;
  if (u < 0.13)
    return `${draft.int(1, 9)}/${draft.int(2, 12)} ${draft.pick(['+', '-', '*'])} ${draft.int(1, 9)}/${draft.int(2, 12)}`;
  const size = Math.min(most, draft.chance(0.18) ? 2 : draft.chance(0.62) ? 3 : 4);
  const parts: string[] = [operand(draft)];
  for (let i = 1; i < size; i += 1) parts.push(draft.pick(['+', '+', '-', '-', '*', '*', '/']), operand(draft));
  if (size > 2 && draft.chance(0.36)) {
    const first = 2 * draft.int(0, size - 2);
    parts[first] = `(${parts[first]}`;
    parts[first + 2] = `${parts[first + 2]})`;
  } else if (draft.chance(0.06)) parts[0] = `${parts[0]} ^ 2`;
  return parts.join(' ');
}

/** The expression as people type it: with or without spaces, with ×, x, ÷, −. */
export function writeExpression(draft: Draft, expression: string): string {
  let text = draft.chance(0.32) ? expression.replaceAll(' ', '') : expression;
  const u = draft.rng.next();
  if (u < 0.2) text = text.replaceAll('*', '×').replaceAll('/', '÷');
  else if (u < 0.32) text = text.replaceAll('*', 'x');
  if (draft.chance(0.08)) text = text.replaceAll('^', '**');
  else if (draft.chance(0.3)) text = text.replace(/\s?\^\s?2(?!\d)/g, '²').replace(/\s?\^\s?3(?!\d)/g, '³');
  if (draft.chance(0.06)) text = text.replace(/(?<=[\d) ])-/g, '−');
  if (draft.chance(0.06)) text = text.replace(/\d{4,5}(?!\.)/g, (digits) => grouped(Number(digits)));
  return text;
}

export function symbols(draft: Draft): AskedQuestion {
  const expression = drawExpression(draft);
  const mark = draft.entity('expression', writeExpression(draft, expression), expression);
  return draft.question(styled(draft, draft.say(draft.core(VALUE_FRAMES), { e: mark })), [`calculator: ${mark}`]);
}
