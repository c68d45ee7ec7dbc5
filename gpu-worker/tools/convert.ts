import {
  add,
  divide,
  type Fraction,
  fraction,
  multiply,
  parseMixed,
  placesFor,
  spellVulgar,
  subtract,
  toDecimal,
} from '../../src/domain/fraction.ts';
import { type Tool, ToolError } from '../../src/domain/tool.ts';
import { findUnits, type Unit } from '../../src/domain/units.ts';

/** One part of a quantity, e.g. the `5 ft` of `5 ft 11 in`; a name can mean several units. */
interface Part {
  readonly amount: Fraction;
  readonly units: readonly Unit[];
}

const limits = { characters: 200, digits: 40 } as const;
const numberPattern = /^[+-]?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)?(?:\.\d+|\/\d+|\s+\d+\/\d+)?/;
const one = fraction(1n);

function unitsNamed(name: string): readonly Unit[] {
  const units = findUnits(name);
  if (units.length === 0)
    throw new ToolError(name.trim() === '' ? 'a unit is missing' : `unknown unit "${name.trim().slice(0, 30)}"`);
  return units;
}

/** Reads `26 mi`, `5 ft 11 in`, `1/2 cup`, `1 1/2 cups`, `mile` (one mile). */
function parseQuantity(text: string): Part[] {
  const trimmed = text.trim().replace(/^(?:an?|one) /i, '1 ');
  const digits = numberPattern.exec(trimmed)?.[0] ?? '';
  const amount = digits === '' ? one : parseMixed(digits);
  if (amount === undefined || digits.length > limits.digits)
    throw new ToolError(`"${digits.slice(0, 20)}" is no number`);
  const rest = trimmed.slice(digits.length).trim();
  if (findUnits(rest).length > 0) return [{ amount, units: findUnits(rest) }];
  for (const match of rest.matchAll(/(?:\s*(?:,|\band\b|\s)\s*|(?<=['"]))(?=[\d.])/g)) {
    const units = findUnits(rest.slice(0, match.index));
    if (units.length > 0) return [{ amount, units }, ...parseQuantity(rest.slice(match.index + match[0].length))];
  }
  return [{ amount, units: unitsNamed(rest) }];
}

const toBase = (amount: Fraction, unit: Unit): Fraction => {
  if (!unit.inverse) return multiply(add(amount, unit.offset), unit.factor);
  if (amount.n === 0n) throw new ToolError(`0 ${unit.symbol} has no counterpart`);
  return divide(unit.factor, amount);
};
const fromBase = (base: Fraction, unit: Unit): Fraction => {
  if (!unit.inverse) return subtract(divide(base, unit.factor), unit.offset);
  if (base.n === 0n) throw new ToolError(`nothing in ${unit.symbol} corresponds to it`);
  return divide(unit.factor, base);
};

/** The unit of a part that measures what `dimension` says. */
const fitting = (units: readonly Unit[], dimension: string): Unit | undefined =>
  units.find((unit) => unit.dimension === dimension);

/** The split of the command at `to`; `in` last, because it is a unit too. */
function split(command: string): [from: string, to: string] {
  for (const separator of [/\s*(?:->|→|=>)\s*/g, /\s+(?:into|to)(?=\s)/gi, /\s+as(?=\s)/gi, /\s+in(?=\s)/gi]) {
    const match = [...command.matchAll(separator)].at(-1);
    if (match) return [command.slice(0, match.index), command.slice(match.index + match[0].length)];
  }
  throw new ToolError('say what to convert to, like 26 mi to km');
}

const plurals = new Set([
  'days',
  'weeks',
  'fortnights',
  'months',
  'years',
  'decades',
  'centuries',
  'millennia',
  'turns',
]);

/** At least three decimals, and five significant digits of small values. */
function show(value: Fraction, unit: Unit): string {
  const text = toDecimal(value, Math.min(placesFor(value, 3, 5), 60));
  const symbol = plurals.has(unit.symbol) && text === '1' ? unit.name : unit.symbol;
  return unit.symbol === '°' ? `${text}°` : `${text} ${symbol}`;
}

/**
 * Converts `26 mi to km`; names that mean several units (`oz`, `c`) are taken as the two sides fit together.
 * @throws ToolError for unknown units and for units that measure different things
 */
export function convertUnits(command: string): string {
  if (command.length > limits.characters) throw new ToolError('the command is too long');
  const [from, to] = split(
    spellVulgar(command)
      .trim()
      .replace(/[?.!]+$/, '')
      .replace(/[−–](?=[\d.])/g, '-'),
  );
  const parts = parseQuantity(from);
  const targets = unitsNamed(to);
  const target = targets.find((unit) => parts.every((part) => fitting(part.units, unit.dimension)));
  if (!target) {
    const [left, right] = [parts[0]?.units[0], targets[0]];
    throw new ToolError(
      `cannot convert ${left?.symbol} (${left?.dimension}) to ${right?.symbol} (${right?.dimension})`,
    );
  }
  const [first, ...rest] = parts.map((part) => ({ ...part, unit: fitting(part.units, target.dimension) ?? target }));
  if (!first) throw new ToolError('a quantity is missing');
  const negative = first.amount.n < 0n;
  const base = rest.reduce(
    (total, { amount, unit }) => {
      if (unit.inverse || unit.offset.n !== 0n) throw new ToolError(`${unit.symbol} cannot be added up`);
      const more = toBase(amount, unit);
      return negative ? subtract(total, more) : add(total, more);
    },
    toBase(first.amount, first.unit),
  );
  if (target.dimension === 'temperature' && base.n < 0n) throw new ToolError('that is below absolute zero');
  return show(fromBase(base, target), target);
}

export const convert: Tool = {
  metadata: {
    name: 'convert',
    does: 'Converts a quantity from one unit to another.',
    inputs: [
      'a quantity and a unit: 26 mi to km',
      'compound quantities: 5 ft 11 in to cm',
      'temperatures: 98.6 F to C',
    ],
    output: 'The quantity in the other unit: 41.843 km.',
    limits:
      'Length, mass, volume, time, speed, temperature, area, data, energy, power, pressure, force, angle, frequency and fuel; no currencies. Gallons and pints are US ones unless imperial is said; a year has 365 days.',
    bestPractice: 'One conversion a command.',
  },
  run: async (command) => ({ result: convertUnits(command) }),
};
