import type { Progress } from '../../src/domain/progress.ts';
import { answerFootnote, plainText, turnLines, waitingText } from '../delivery/progress-text.ts';
import type { Terminal } from './terminal.ts';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 80;

/**
 * Shows one question's progress: a line for each agent's step, and on a terminal a spinner under them that says who
 * is at work. `close` removes the spinner; call it in every case.
 */
export class ProgressView {
  readonly #terminal: Terminal;
  readonly #startedAt = performance.now();
  readonly #timer: NodeJS.Timeout | undefined;
  #frame = 0;
  #waiting = '';

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    if (terminal.isTty) this.#timer = setInterval(() => this.#spin(), FRAME_MS);
  }

  show(progress: Progress): void {
    this.#terminal.clearLine();
    if (progress.type === 'turn') {
      for (const line of turnLines(progress.turn)) {
        const agent = line.agent.padEnd(9);
        const said = line.isError ? this.#terminal.red(`✗ ${line.text}`) : line.text;
        this.#terminal.line(`  ${this.#terminal.cyan(agent)} ${said}`);
      }
    }
    this.#waiting = waitingText(progress);
    this.#spin();
  }

  /** The answer, the cancellation or the explained failure. */
  showEnd(progress: Progress): void {
    this.close();
    const { line, bold, dim, red } = this.#terminal;
    if (progress.type === 'answered') {
      line('');
      line(bold(plainText(progress.answer.answer)));
      line(dim(answerFootnote(progress.answer)));
    } else if (progress.type === 'failed') {
      line(red(`This question failed: ${plainText(progress.message)}`));
    } else if (progress.type === 'cancelled') {
      line(dim('Cancelled.'));
    }
  }

  close(): void {
    clearInterval(this.#timer);
    this.#waiting = '';
    this.#terminal.clearLine();
  }

  #spin(): void {
    if (!this.#terminal.isTty || this.#waiting === '') return;
    this.#frame = (this.#frame + 1) % FRAMES.length;
    const seconds = ((performance.now() - this.#startedAt) / 1000).toFixed(1);
    this.#terminal.draft(this.#terminal.dim(`  ${FRAMES[this.#frame] ?? ''} ${this.#waiting} … ${seconds} s`));
  }
}
