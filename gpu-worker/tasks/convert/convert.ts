import type { Draft } from '../draft.ts';
import { drawWhole, wholeEntity } from '../numbers.ts';
import type { AskedQuestion } from '../question.ts';
import { styled } from '../style.ts';
import { CONVERT_FRAMES, HALF_FRAMES, ONE_FRAMES } from './frames.ts';
import { THING_FRAMES } from './things.ts';
import { amount, drawPartner, drawUnits, unitEntity } from './unit-words.ts';
import { type Unit, unitOf } from './units.ts';

const GROUPS_OF_ONE = ['length', 'mass', 'volume', 'time', 'data', 'area', 'energy'];

/** A question for a conversion, with the units that it was about. */
export function convertQuestion(
  draft: Draft,
  given?: { from: Unit; to: Unit },
): AskedQuestion & { from: Unit; to: Unit } {
  const u = draft.rng.next();
  if (given === undefined && u < 0.07) return ofOne(draft);
  if (given === undefined && u < 0.1) return compound(draft);
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

/** Amounts that people say in two units, the second part of a whole of the first. */
const PAIRS: readonly (readonly [large: string, small: string, parts: number])[] = [
  ['ft', 'in', 12],
  ['ft', 'in', 12],
  ['lb', 'oz', 16],
  ['st', 'lb', 14],
  ['h', 'min', 60],
  ['min', 's', 60],
  ['kg', 'g', 1000],
  ['m', 'cm', 100],
  ['week', 'day', 7],
  ['day', 'h', 24],
  ['l', 'ml', 1000],
];

/** "5 feet 11 inches in cm". */
function compound(draft: Draft): AskedQuestion & { from: Unit; to: Unit } {
  const [large, small, parts] = draft.pick(PAIRS);
  const [from, part] = [unitOf(large), unitOf(small)];
  const to = drawPartner(draft, from, part);
  const a = wholeEntity(draft, drawWhole(draft, 2, 20), 0.15);
  const u = unitEntity(draft, from, draft.chance(0.3) ? 'many' : 'name');
  const b = wholeEntity(draft, drawWhole(draft, 2, parts - 1), 0.15);
  const v = unitEntity(draft, part, draft.chance(0.3) ? 'many' : 'name');
  const w = unitEntity(draft, to);
  const things = THING_FRAMES[from.group];
  const frame = draft.core(things !== undefined && draft.chance(0.3) ? things : CONVERT_FRAMES);
  const x = `${a} ${u}${draft.pick([' ', ' ', ' and '])}${b} ${v}`;
  const text = draft.say(frame, { x, w, w2: from.plural[0] ?? from.id });
  const action = `convert: ${a} ${u} ${b} ${v} to ${w}`;
  const steps = [`convert: ${draft.bind(a)} ${large} ${draft.bind(b)} ${small} to ${to.id}`];
  return { ...draft.question(styled(draft, text), [action], { type: 'steps', steps }), from, to };
}

export function convert(draft: Draft): AskedQuestion {
  const { text, spans, actions, expected } = convertQuestion(draft);
  return { text, spans, actions, expected };
}
