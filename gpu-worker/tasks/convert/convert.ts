import type { Draft } from '../draft.ts';
import type { AskedQuestion } from '../question.ts';
import { styled } from '../style.ts';
import { CONVERT_FRAMES, HALF_FRAMES, ONE_FRAMES } from './frames.ts';
import { THING_FRAMES } from './things.ts';
import { amount, drawUnits, unitEntity } from './unit-words.ts';
import type { Unit } from './units.ts';

const GROUPS_OF_ONE = ['length', 'mass', 'volume', 'time', 'data', 'area', 'energy'];

/** A question for a conversion, with the units that it was about. */
export function convertQuestion(
  draft: Draft,
  given?: { from: Unit; to: Unit },
): AskedQuestion & { from: Unit; to: Unit } {
  const u = draft.rng.next();
  if (given === undefined && u < 0.07) return ofOne(draft);
  const { from, to } = given ?? drawUnits(draft);
  const { text: x, number, unit } = amount(draft, from);
  const w = unitEntity(draft, to);
  const things = THING_FRAMES[from.group];
  const frame = things !== undefined && u < 0.36 ? draft.core(things) : draft.core(CONVERT_FRAMES);
  const text = draft.say(frame, { x, w, w2: from.plural[0] ?? from.id });
  return { ...draft.question(styled(draft, text), [`convert: ${number} ${unit} to ${w}`]), from, to };
}

function ofOne(draft: Draft): AskedQuestion & { from: Unit; to: Unit } {
  const { from, to } = drawUnits(draft, GROUPS_OF_ONE);
  const half = draft.chance(0.25);
  const u = unitEntity(draft, from, 'one');
  const w = unitEntity(draft, to, 'name');
  const text = draft.say(draft.core(half ? HALF_FRAMES : ONE_FRAMES), { u, w });
  return { ...draft.question(styled(draft, text), [`convert: ${half ? '1 / 2' : '1'} ${u} to ${w}`]), from, to };
}

export function convert(draft: Draft): AskedQuestion {
  const { text, spans, actions, expected } = convertQuestion(draft);
  return { text, spans, actions, expected };
}
