/** The newest of what was put into it. */
export class RecentSet {
  readonly #items = new Set<string>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  has(item: string): boolean {
    return this.#items.has(item);
  }

  /** False when it was there already. */
  add(item: string): boolean {
    if (this.#items.has(item)) return false;
    this.#items.add(item);
    const [oldest] = this.#items;
    if (this.#items.size > this.#most && oldest !== undefined) this.#items.delete(oldest);
    return true;
  }
}
