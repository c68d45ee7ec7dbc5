/** A small seeded generator of uniform numbers (mulberry32, public domain by Tommy Ettinger). */
export interface Rng {
  /** In [0, 1). */
  next(): number;
}

/** @param seed any integer; equal seeds give equal sequences */
export function createRng(seed: number): Rng {
  let state = seed >>> 0;
  return {
    next() {
      state = (state + 0x6d2b79f5) >>> 0;
      let t = Math.imul(state ^ (state >>> 15), state | 1);
      t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    },
  };
}

/** A whole number from `low` to `high`, both included. */
export const intBetween = (rng: Rng, low: number, high: number): number =>
  low + Math.floor(rng.next() * (high - low + 1));

export const chance = (rng: Rng, probability: number): boolean => rng.next() < probability;

/** @throws RangeError for an empty list */
export function pickFrom<T>(rng: Rng, list: readonly T[]): T {
  const item = list[Math.floor(rng.next() * list.length)];
  if (item === undefined) throw new RangeError('cannot pick from an empty list');
  return item;
}

/** `count` different items in random order. */
export function sampleFrom<T>(rng: Rng, list: readonly T[], count: number): T[] {
  const rest = [...list];
  const taken: T[] = [];
  while (taken.length < count && rest.length > 0) taken.push(...rest.splice(Math.floor(rng.next() * rest.length), 1));
  return taken;
}

export function shuffled<T>(rng: Rng, list: readonly T[]): T[] {
  return sampleFrom(rng, list, list.length);
}
