import type { KvSnapshot } from './kv-batch.ts';

interface Entry {
  readonly ids: readonly number[];
  readonly kv: KvSnapshot;
}

/**
 * Caches of finished sequences, for prompts that begin like them: the turns of a trajectory, questions with the same
 * instructions. The least recently used go when it is full.
 */
export class PrefixShelf {
  readonly #maxFloats: number;
  #floats = 0;
  /** In the order of use, the latest last. */
  #entries: Entry[] = [];

  /** @param maxBytes of all caches kept; 0 keeps none */
  constructor(maxBytes: number) {
    this.#maxFloats = maxBytes / 4;
  }

  /** Keeps the cache of the tokens `ids`. Entries that it extends are dropped, since it serves whatever they would. */
  put(ids: readonly number[], save: () => KvSnapshot): void {
    if (this.#maxFloats === 0 || ids.length === 0) return;
    if (this.#entries.some((entry) => commonLength(entry.ids, ids) === ids.length)) return;
    this.#entries = this.#entries.filter((entry) => commonLength(entry.ids, ids) < entry.ids.length);
    const kv = save();
    this.#entries.push({ ids, kv });
    this.#floats = this.#entries.reduce((sum, entry) => sum + entry.kv.data.length, 0);
    while (this.#floats > this.#maxFloats) this.#floats -= this.#entries.shift()?.kv.data.length ?? this.#floats;
  }

  /** The cache with the longest common beginning, and that beginning's length in tokens. */
  find(ids: readonly number[]): { readonly kv: KvSnapshot; readonly length: number } | undefined {
    let best: Entry | undefined;
    let length = 0;
    for (const entry of this.#entries) {
      const common = commonLength(entry.ids, ids);
      if (common > length) {
        best = entry;
        length = common;
      }
    }
    if (best === undefined) return undefined;
    this.#entries.splice(this.#entries.indexOf(best), 1);
    this.#entries.push(best);
    return { kv: best.kv, length };
  }
}

/** Tokens that both begin with. */
export function commonLength(a: readonly number[], b: readonly number[]): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a[length] === b[length]) length += 1;
  return length;
}
