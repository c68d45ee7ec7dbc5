import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FoursightError } from '../../errors.ts';
import { writeJson, writeLine } from '../output.ts';
import { ProgressBar } from '../progress-bar.ts';

/** Where a training command's steps go: `metrics.jsonl`, and stdout as JSON or text, or a bar on the terminal. */
export class StepReport {
  readonly #metrics: string;
  readonly #steps: number;
  readonly #json: boolean;
  readonly #bar: ProgressBar;

  private constructor(metrics: string, steps: number, json: boolean) {
    this.#metrics = metrics;
    this.#steps = steps;
    this.#json = json;
    this.#bar = new ProgressBar('training', steps);
  }

  /**
   * Makes the folder before the work begins, so that a wrong path costs nothing.
   * @throws FoursightError when it cannot be written
   */
  static async open(out: string, steps: number, json: boolean): Promise<StepReport> {
    const file = join(out, 'metrics.jsonl');
    try {
      await mkdir(out, { recursive: true });
      await writeFile(file, '');
    } catch (error) {
      throw new FoursightError('OUT_NOT_WRITABLE', `${file} cannot be written`, 'Give another folder for --out.', {
        cause: error,
      });
    }
    return new StepReport(file, steps, json);
  }

  /**
   * @param note what the bar says
   * @param more what a line of text says after the note
   */
  async add(result: { readonly step: number; readonly ms: number }, note: string, more: string): Promise<void> {
    await appendFile(this.#metrics, `${JSON.stringify(result)}\n`);
    this.#bar.advance(1, note);
    const line = `step ${result.step}/${this.#steps}  ${note}  ${more}  ${Math.round(result.ms)} ms`;
    if (this.#json) writeJson(result);
    else if (process.stderr.isTTY !== true) writeLine(line);
  }

  close(): void {
    this.#bar.close();
  }
}
