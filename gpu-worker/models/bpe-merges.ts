import { standInsOf } from './byte-level.ts';

export type Merge = readonly [left: string, right: string];

interface Word {
  /** Symbols as indices into `symbols`. */
  parts: number[];
  readonly count: number;
}

interface Candidate {
  readonly pair: number;
  readonly count: number;
}

const radix = 2 ** 24;

/**
 * The merges of byte-level BPE in the order in which they are learnt: each time the most frequent pair of neighbours,
 * among equals the one whose symbols are older. Ends when no pair occurs twice. Counts are kept up to date pair by pair,
 * so a merge costs as much as the words that it changes.
 * @param counts how often each word occurs
 */
export function* mergesOf(counts: ReadonlyMap<string, number>): Generator<Merge> {
  const symbols: string[] = [];
  const indices = new Map<string, number>();
  const symbol = (text: string) => {
    const known = indices.get(text);
    if (known !== undefined) return known;
    indices.set(text, symbols.length);
    return symbols.push(text) - 1;
  };
  const written = [...counts].map(([word, count]) => ({ text: standInsOf(word), count }));
  // Symbols are numbered by code point, not by first appearance: the order of the texts does not matter then.
  for (const character of [...new Set(written.flatMap(({ text }) => [...text]))].sort()) symbol(character);
  const words: Word[] = written
    .map(({ text, count }) => ({ parts: [...text].map(symbol), count }))
    .filter(({ parts }) => parts.length > 1);

  const pairCounts = new Map<number, number>();
  const holders = new Map<number, Set<number>>();
  const change = (pair: number, by: number, word: number) => {
    pairCounts.set(pair, (pairCounts.get(pair) ?? 0) + by);
    const held = holders.get(pair);
    if (held === undefined) holders.set(pair, new Set([word]));
    else held.add(word);
  };
  words.forEach(({ parts, count }, index) => {
    for (const pair of pairsOf(parts)) change(pair, count, index);
  });
  const queue = new CandidateQueue();
  for (const [pair, count] of pairCounts) queue.push({ pair, count });

  for (let best = queue.pop(); best !== undefined; best = queue.pop()) {
    const count = pairCounts.get(best.pair) ?? 0;
    if (count !== best.count) {
      if (count > 0) queue.push({ pair: best.pair, count });
      continue;
    }
    if (count < 2) return;
    const [left, right] = [Math.floor(best.pair / radix), best.pair % radix];
    const merged = symbol((symbols[left] ?? '') + (symbols[right] ?? ''));
    const touched = new Set<number>();
    for (const index of holders.get(best.pair) ?? []) {
      const word = words[index];
      if (word === undefined) continue;
      const joined = join(word.parts, left, right, merged);
      if (joined.length === word.parts.length) continue;
      for (const pair of pairsOf(word.parts)) change(pair, -word.count, index);
      word.parts = joined;
      for (const pair of pairsOf(joined)) {
        change(pair, word.count, index);
        touched.add(pair);
      }
    }
    pairCounts.delete(best.pair);
    holders.delete(best.pair);
    // Counts that fell are corrected when their candidate comes up.
    for (const pair of touched) queue.push({ pair, count: pairCounts.get(pair) ?? 0 });
    yield [symbols[left] ?? '', symbols[right] ?? ''];
  }
}

function* pairsOf(parts: readonly number[]): Generator<number> {
  for (let i = 1; i < parts.length; i++) yield (parts[i - 1] ?? 0) * radix + (parts[i] ?? 0);
}

function join(parts: readonly number[], left: number, right: number, merged: number): number[] {
  const joined: number[] = [];
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] ?? 0;
    if (part === left && parts[i + 1] === right) {
      joined.push(merged);
      i++;
    } else joined.push(part);
  }
  return joined;
}

/** A binary heap: the highest count first, among equals the lowest pair. */
class CandidateQueue {
  readonly #heap: Candidate[] = [];

  push(candidate: Candidate): void {
    const heap = this.#heap;
    let at = heap.push(candidate) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !before(candidate, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = candidate;
  }

  pop(): Candidate | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let at = 0;
    for (;;) {
      const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]];
      if (left === undefined) break;
      const child = right !== undefined && before(right, left) ? 2 * at + 2 : 2 * at + 1;
      const below = heap[child];
      if (below === undefined || !before(below, last)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = last;
    return top;
  }
}

const before = (a: Candidate, b: Candidate) => (a.count === b.count ? a.pair < b.pair : a.count > b.count);
