import { divide, type Fraction, fraction, parseFraction } from './fraction.ts';
import { type Dimension, unitTable } from './unit-table.ts';

export type { Dimension } from './unit-table.ts';

/** A unit of measure; a value in the dimension's first unit is `(value + offset) · factor`, or `factor / value` when inverse. */
export interface Unit {
  /** How results show it, e.g. `km`. */
  readonly symbol: string;
  readonly dimension: Dimension;
  readonly factor: Fraction;
  readonly offset: Fraction;
  readonly inverse: boolean;
  /** The singular word, e.g. `kilometre`. */
  readonly name: string;
}

const zero = fraction(0n);
/** What is added before scaling to kelvin. */
const offsets: Readonly<Record<string, Fraction>> = {
  '°C': fraction(27_315n, 100n),
  '°F': fraction(45_967n, 100n),
};
const inverseSymbols = new Set(['l/100 km']);

/** Table factors are `0.3048` or `1852/3600`, decimals allowed on both sides. */
function parseFactor(text: string): Fraction {
  const [n, d] = text.split('/').map((part) => parseFraction(part));
  if (!n) throw new RangeError(`unit table: ${text} is no factor`);
  return d ? divide(n, d) : n;
}

/** `mile per hour` → `miles per hour`, `inch` → `inches`. */
function pluralOf(word: string): string {
  const [, head = word, tail = ''] = /^(.*?)((?: (?:per|an?|of) .*)?)$/.exec(word) ?? [];
  if (/(?:ch|x|s|sh)$/.test(head)) return `${head}es${tail}`;
  return /[^aeiou]y$/.test(head) ? `${head.slice(0, -1)}ies${tail}` : `${head}s${tail}`;
}

const american = (word: string): string => word.replaceAll('metre', 'meter').replaceAll('litre', 'liter');

/** Every spelling of the words of one table line. */
function spellings(words: readonly string[]): string[] {
  return words.flatMap((word) => {
    const [singular = word, plural = pluralOf(word)] = word.split('/');
    const both = [singular, plural];
    const squared = both.flatMap((name) => {
      const match = /^(square|cubic) (.+)$/.exec(name);
      if (!match) return [];
      const [, power, base] = match;
      return power === 'square' ? [`${base} squared`, `sq ${base}`, `sq. ${base}`] : [`${base} cubed`, `cu ${base}`];
    });
    return [...both, ...squared].flatMap((name) => [name, american(name)]);
  });
}

/** One spelling for one thing: compatibility forms folded, `µ` as `μ`, single spaces, without a full stop at the end. */
const fold = (text: string): string =>
  text
    .replaceAll('²', '2')
    .replaceAll('³', '3')
    .normalize('NFKC')
    .replace(/(?<=[a-z])\.$/i, '')
    .replace(/\s+/g, ' ')
    .trim();

const exact = new Map<string, Unit[]>();
const caseless = new Map<string, Unit[]>();

function enter(map: Map<string, Unit[]>, name: string, unit: Unit): void {
  const known = map.get(name) ?? [];
  if (!known.includes(unit)) map.set(name, [...known, unit]);
}

/** Every unit, in the order of the table. */
export const units: readonly Unit[] = Object.entries(unitTable).flatMap(([dimension, table]) =>
  table
    .trim()
    .split('\n')
    .map((line) => {
      const [symbol = '', factor = '', words = '', aliases = ''] = line.split('|').map((part) => part.trim());
      const list = words.split(',').map((word) => word.trim());
      const unit: Unit = {
        symbol,
        dimension: dimension as Dimension,
        factor: parseFactor(factor),
        offset: offsets[symbol] ?? zero,
        inverse: inverseSymbols.has(symbol),
        name: (list[0] ?? symbol).split('/')[0] ?? symbol,
      };
      const short = [symbol, ...aliases.split(',').map((alias) => alias.trim())].filter((alias) => alias !== '');
      for (const name of [...short, ...spellings(list)].map(fold)) {
        enter(exact, name, unit);
        enter(caseless, name.toLowerCase(), unit);
      }
      return unit;
    }),
);

/**
 * The units that a name can mean, the likeliest first; empty when it is none. Exact spelling comes before case-insensitive
 * (`Mb` is a megabit, `mb` a megabyte).
 */
export function findUnits(name: string): readonly Unit[] {
  const folded = fold(name);
  const found = [...(exact.get(folded) ?? []), ...(caseless.get(folded.toLowerCase()) ?? [])];
  return [...new Set(found)];
}

/** All lower-case names of units, words and symbols; the longest has four words. */
export const unitNames: ReadonlySet<string> = new Set(caseless.keys());
