import type { Draft } from '../draft.ts';
import { decimalEntity, drawNumber, drawWhole, wholeEntity } from '../numbers.ts';
import { UNITS, type Unit } from './units.ts';

/** Every unit as often as its weight says. */
const weighted: readonly Unit[] = UNITS.flatMap((unit) => Array<Unit>(unit.weight).fill(unit));
const partners = new Map<string, readonly Unit[]>(
  UNITS.map((unit) => [unit.id, weighted.filter((other) => other.group === unit.group && other.id !== unit.id)]),
);

/** A pair of units kept from training: about a seventh of them. */
export const isHeldPair = (from: Unit, to: Unit): boolean =>
  (UNITS.indexOf(from) * 31 + UNITS.indexOf(to) * 17) % 7 === 3;

/** Two different units of a kind that can be turned into each other. `groups` narrows the choice. */
export function drawUnits(draft: Draft, groups?: readonly string[]): { from: Unit; to: Unit } {
  for (;;) {
    const from = draft.pick(weighted);
    if (groups !== undefined && !groups.includes(from.group)) continue;
    const to = draft.pick(partners.get(from.id) ?? []);
    const held = isHeldPair(from, to);
    if (held && draft.split === 'train') continue;
    if (held) draft.heldValues += 1;
    return { from, to };
  }
}

/** Another unit of the same kind. */
export function drawPartner(draft: Draft, unit: Unit, except?: Unit): Unit {
  const others = (partners.get(unit.id) ?? []).filter((other) => other.id !== except?.id);
  return others.length === 0 ? unit : draft.pick(others);
}

/** Short names that people write only next to a number. */
const ONLY_BESIDE = new Set('in s m g h l L t gr B J W st bar'.split(' '));

/** A unit entity; returns its mark. `beside`: next to its number. `one`: the singular name; `many`: the plural or the short form. */
export function unitEntity(draft: Draft, unit: Unit, form: 'one' | 'many' | 'name' = 'many', beside = false): string {
  const names = form === 'one' ? unit.singular : unit.plural;
  const shorts = beside ? unit.short : unit.short.filter((name) => !ONLY_BESIDE.has(name));
  const short = shorts.length > 0 && form !== 'name' && (form === 'many' ? draft.chance(0.36) : draft.chance(0.1));
  const surface = short ? draft.pick(shorts) : draft.chance(0.65) ? (names[0] ?? unit.id) : draft.pick(names);
  return draft.entity('unit', surface, unit.id);
}

const SHORT_LETTERS = /^[a-zA-Z°²³0-9/]{1,4}$/;

/** `26 miles`, `26mi`, `-4 °C`, `2.5 kg`: an amount with its unit. Marks in order. */
export function amount(draft: Draft, unit: Unit, spelled = 0.16): { text: string; number: string; unit: string } {
  const number = amountNumber(draft, unit, spelled);
  const mark = unitEntity(draft, unit, draft.valueOf(number) === '1' ? 'one' : 'many', true);
  const tight =
    SHORT_LETTERS.test(draft.surface(mark)) && /^[\d.,-]+$/.test(draft.surface(number)) && unit.short.length > 0;
  return { text: number + (tight && draft.chance(0.5) ? '' : ' ') + mark, number, unit: mark };
}

function amountNumber(draft: Draft, unit: Unit, spelled: number): string {
  if (unit.group === 'temperature') {
    const degrees = drawWhole(draft, 2, unit.id === 'K' ? 600 : 220);
    if (unit.id !== 'K' && draft.chance(0.12)) return draft.entity('number', `-${degrees}`, `-${degrees}`);
    return wholeEntity(draft, degrees, spelled / 2);
  }
  if (draft.chance(0.2))
    return decimalEntity(draft, drawWhole(draft, 0, draft.chance(0.6) ? 12 : 150), draft.chance(0.7) ? 1 : 2);
  if (draft.chance(0.04)) return draft.entity('number', '1', '1');
  return wholeEntity(draft, drawNumber(draft), spelled);
}
