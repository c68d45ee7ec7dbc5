/** Work that is done in the order in which it comes, lane by lane; the lanes go side by side. */
export class Lanes {
  /** By lane, the end of its last work. */
  readonly #tails = new Map<string, Promise<void>>();

  /** @throws what the work throws; what comes after it in its lane is done all the same */
  run(lane: string, work: () => Promise<void>): Promise<void> {
    const turn = (this.#tails.get(lane) ?? Promise.resolve()).then(work);
    const tail = turn.catch(() => undefined);
    this.#tails.set(lane, tail);
    void tail.then(() => {
      if (this.#tails.get(lane) === tail) this.#tails.delete(lane);
    });
    return turn;
  }

  /** Resolves when what is in the lanes whose names begin so has been done. */
  async ended(begin: string): Promise<void> {
    await Promise.all([...this.#tails].flatMap(([lane, tail]) => (lane.startsWith(begin) ? [tail] : [])));
  }
}
