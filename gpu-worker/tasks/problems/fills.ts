import type { Draft } from '../draft.ts';
import { PEOPLE } from '../names.ts';
import { drawWhole, isHeldNumber, wholeEntity } from '../numbers.ts';
import type { Fills } from '../wording.ts';
import { dozenEntity, fractionEntity, percentEntity } from '../words/words.ts';
import { sizeFunction } from './size.ts';
import { CONTAINERS, CROWDS, CURRENCIES, DAYS, ITEMS, PERIODS, ROOMS, WARES } from './words.ts';

/** A story: what it says, with {a} to {e} its numbers, and the calculation that answers it. */
export type Story = readonly [wording: string, calculation: string];

const NUMBER_SLOTS = /\{\$?([a-fpq])\}/g;

/** The words of a story: two people, things, a container, a crowd, money, a place. */
export function storyWords(draft: Draft): Fills {
  const one = draft.pick(PEOPLE);
  let two = draft.pick(PEOPLE);
  while (two.name === one.name) two = draft.pick(PEOPLE);
  const [c, C] = draft.pick(CONTAINERS);
  const items = new Set<string>();
  while (items.size < 3) items.add(draft.pick(ITEMS));
  const [i = '', j = '', k = ''] = items;
  return {
    N: one.name,
    M: two.name,
    he: one.he,
    his: one.he === 'he' ? 'his' : 'her',
    him: one.he === 'he' ? 'him' : 'her',
    i,
    j,
    k,
    w: draft.pick(WARES),
    v: draft.pick(WARES),
    c1: c,
    C,
    P: draft.pick(CROWDS),
    R: draft.pick(ROOMS),
    D: draft.pick(DAYS),
    F: draft.pick(DAYS),
    T: draft.pick(PERIODS),
  };
}

/** Sizes of the slots whose entities are drawn later: a percentage, a fraction, dozens. */
const PLACEHOLDERS: Readonly<Record<string, number>> = { p: 0.1, f: 0.5, q: 60 };

/** Numbers for a story's slots that give a whole, positive answer where that can be had. */
function drawNumbers(draft: Draft, slots: readonly string[], calculation: string): ReadonlyMap<string, number> {
  const divides = calculation.includes('/');
  const sizeOf = sizeFunction(calculation);
  let values = new Map<string, number>();
  for (let tries = 0; tries < (divides ? 40 : 12); tries += 1) {
    values = new Map(
      slots.map((slot) => [
        slot,
        slot in PLACEHOLDERS
          ? (PLACEHOLDERS[slot] ?? 0)
          : draft.chance(0.72)
            ? drawWhole(draft, 2, draft.chance(0.5) ? 99 : 24)
            : drawWhole(draft, 10, 999),
      ]),
    );
    if (divides) evenOut(draft, calculation, values);
    const result = sizeOf(values);
    if (result > 0 && (!divides || Number.isInteger(Math.round(result * 1e6) / 1e6) || draft.chance(0.06)))
      return values;
  }
  enlargeFirst(draft, calculation, values);
  return values;
}

/** Where nothing came out well, a large first number mostly helps. */
function enlargeFirst(draft: Draft, calculation: string, values: Map<string, number>): void {
  const first = /\{([a-e])\}/.exec(calculation)?.[1];
  if (first !== undefined && !calculation.includes('/')) values.set(first, drawWhole(draft, 1000, 20000));
}

/** For a plain quotient, makes the dividend a multiple of the divisor. */
function evenOut(draft: Draft, calculation: string, values: Map<string, number>): void {
  const plain = /^\{([a-e])\} \/ \{([a-e])\}/.exec(calculation);
  const [, top = '', bottom = ''] = plain ?? [];
  const divisor = values.get(bottom);
  if (plain === null || divisor === undefined) return;
  const dividend = divisor * draft.int(2, 30);
  if (draft.split !== 'train' || !isHeldNumber(dividend)) values.set(top, dividend);
}

/**
 * The fills of a story's numbers: {a} the number, {$a} the number as money. The calculation's slots take the same marks.
 */
export function storyNumbers(
  draft: Draft,
  wording: string,
  calculation: string,
): { fills: Fills; calculation: string } {
  const slots = [
    ...new Set([...`${wording} ${calculation}`.matchAll(NUMBER_SLOTS)].map(([, name = '']) => name)),
  ].sort();
  const before = draft.heldValues;
  const values = drawNumbers(draft, slots, calculation);
  draft.heldValues = before + [...values.values()].filter((n) => isHeldNumber(n)).length;
  const [word, sign] = draft.pick(CURRENCIES);
  const signed = sign !== '' && draft.chance(0.45);
  const cents = draft.chance(0.12);
  const marks: Record<string, string> = {};
  const fills: Record<string, string> = { cur: word };
  for (const slot of slots) {
    const n = values.get(slot) ?? 2;
    const money = wording.includes(`{$${slot}}`);
    const mark =
      slot === 'p'
        ? percentEntity(draft)
        : slot === 'q'
          ? dozenEntity(draft)
          : slot === 'f'
            ? fractionEntity(draft)
            : money && cents && draft.chance(0.6)
              ? priced(draft, n)
              : wholeEntity(draft, n, money && signed ? 0 : 0.22);
    marks[slot] = mark;
    fills[slot] = mark;
    fills[`$${slot}`] = signed ? `${sign}${mark}` : `${mark} ${word}`;
  }
  return { fills, calculation: calculation.replace(/\{([a-fpq])\}/g, (_, name: string) => marks[name] ?? '') };
}

function priced(draft: Draft, n: number): string {
  const value = `${n}.${draft.pick(['50', '25', '75', '99', '90', '20'])}`;
  return draft.entity('number', value, value);
}
