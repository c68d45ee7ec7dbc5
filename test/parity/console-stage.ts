import { PassThrough } from 'node:stream';
import { vi } from 'vitest';
import { ConsoleAdapter } from '../../adapters/console/console.ts';
import { quiet, type TestStore } from '../db/test-store.ts';
import { plain, type Stage } from './stage.ts';

/** Lines typed at the prompt. */
export async function consoleStage({ loop, desk }: TestStore): Promise<Stage> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  let shown = '';
  output.on('data', (text) => {
    shown += text;
  });
  const adapter = new ConsoleAdapter({
    ...{ loop, desk, input, output, workspace: 'local', person: { key: 'ann', name: 'ann' }, log: quiet },
    onQuit: () => undefined,
  });
  await adapter.start();

  /** Types a line and waits for what the console says of it. */
  async function type(line: string, said: RegExp): Promise<void> {
    shown = '';
    input.write(`${line}\n`);
    await vi.waitFor(() => {
      if (!said.test(shown)) throw new Error(`${line}: ${shown}`);
    });
  }

  return {
    platform: 'console',
    async ask(text, isNew) {
      if (isNew) await type('/new', /Another conversation/);
      await type(text, /.../);
    },
    async seesAnswer(end) {
      await vi.waitFor(() => {
        if (!plain(shown).includes(end)) throw new Error(`not seen: ${end}`);
      });
    },
    rate: (vote) => type(vote === 'up' ? '+' : '-', /Noted/),
    retract: () => type('/clear', /taken back/),
    giveReason: (reason) => type(`/down ${reason}`, /Noted/),
    retrain: () => type('/retrain', /Training has begun/),
    close: () => adapter.close(),
  };
}
