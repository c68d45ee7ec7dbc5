import { messageOf } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';

/** Work that nobody waits for until the end. */
export class Background {
  readonly #working = new Set<Promise<void>>();
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  run(what: string, work: () => Promise<unknown>): void {
    const done = Promise.resolve()
      .then(work)
      .then(
        () => undefined,
        (error: unknown) => this.#log.warn({ what, cause: messageOf(error) }, 'work in the background failed'),
      );
    this.#working.add(done);
    void done.then(() => this.#working.delete(done));
  }

  async ended(): Promise<void> {
    while (this.#working.size > 0) await Promise.all(this.#working);
  }
}
