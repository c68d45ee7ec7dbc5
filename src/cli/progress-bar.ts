const WIDTH = 30;

/** One line on the terminal of stderr that fills up. Without a terminal it says nothing. */
export class ProgressBar {
  readonly #label: string;
  readonly #total: number;
  #done = 0;
  #drawnAt = 0;
  readonly #shown = process.stderr.isTTY === true;

  constructor(label: string, total: number) {
    this.#label = label;
    this.#total = Math.max(1, total);
  }

  advance(by: number, note = ''): void {
    this.#done += by;
    const instant = performance.now();
    if (!this.#shown || (instant - this.#drawnAt < 100 && this.#done < this.#total)) return;
    this.#drawnAt = instant;
    const share = Math.min(1, this.#done / this.#total);
    const full = Math.round(share * WIDTH);
    const bar = '█'.repeat(full) + '░'.repeat(WIDTH - full);
    process.stderr.write(`\r\x1b[K${this.#label} ${bar} ${Math.floor(share * 100)} % ${note}`);
  }

  close(): void {
    if (this.#shown) process.stderr.write('\r\x1b[K');
  }
}
