import { readdirSync } from 'node:fs';
import { z } from 'zod';

/** `npm run bench -- NAME [ARGUMENT…]`: runs bench/NAME.ts, whose `run` prints a table. */
const names = readdirSync(new URL('.', import.meta.url))
  .filter((file) => file.endsWith('.ts') && file !== 'main.ts')
  .map((file) => file.slice(0, -3));
const moduleSchema = z.object({
  run: z.custom<(args: readonly string[]) => Promise<void>>((run) => typeof run === 'function'),
});

const [name = '', ...args] = process.argv.slice(2);
if (names.includes(name)) {
  const { run } = moduleSchema.parse(await import(new URL(`./${name}.ts`, import.meta.url).href));
  await run(args);
} else {
  process.stderr.write(
    `error: there is no benchmark "${name}"\nremedy: npm run bench -- NAME, with one of ${names.join(', ')}\n`,
  );
  process.exitCode = 2;
}
