import { parseArgs } from 'node:util';

type Defaults = Readonly<Record<string, string | number>>;
/** A default of one word stands for any. */
type Values<D extends Defaults> = { readonly [Name in keyof D]: D[Name] extends number ? number : string };

export interface SoakDefinition<D extends Defaults> {
  /** e.g. `crash [--runs N]`. */
  readonly usage: string;
  /** By option, what it is when it is not given. */
  readonly defaults: D;
  /**
   * @param tell of what happens as it happens, with `--verbose`
   * @returns whether all went well
   */
  readonly run: (values: Values<D>, tell: ((event: string) => void) | undefined) => Promise<boolean>;
}

/** A soak as `npm run soak` calls it. */
export type Soak = (args: readonly string[]) => Promise<void>;

/** A long test with options and a help text. The process exits with 1 when it fails, and with 2 for options that it does not have. */
export function defineSoak<const D extends Defaults>({ usage, defaults, run }: SoakDefinition<D>): Soak {
  const listed = Object.entries(defaults).map(([name, value]) => `[--${name} ${value}]`);
  const help = `npm run soak -- ${usage} ${[...listed, '[--verbose]'].join(' ')}`;
  return async (args) => {
    const given = parsed(args, defaults);
    if (given === undefined || given.isHelp) {
      console.log(help);
      if (given === undefined) process.exitCode = 2;
      return;
    }
    const tell = given.isVerbose ? (event: string) => console.log(`  ${event}`) : undefined;
    if (!(await run(given.values as Values<D>, tell))) process.exitCode = 1;
  };
}

/** undefined for options that there are not, and for numbers that are none. */
function parsed(args: readonly string[], defaults: Defaults) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  try {
    const options = Object.fromEntries(Object.keys(defaults).map((name) => [name, text]));
    const { values } = parseArgs({ args: [...args], options: { ...options, verbose: flag, help: flag } });
    const of = ([name, value]: [string, string | number]): [string, string | number] => {
      const chosen = (values as Readonly<Record<string, unknown>>)[name] ?? value;
      const isNumber = typeof value === 'number';
      if (isNumber && !Number.isFinite(Number(chosen))) throw new TypeError(`--${name} is not a number`);
      return [name, isNumber ? Number(chosen) : String(chosen)];
    };
    const all = Object.fromEntries(Object.entries(defaults).map(of));
    return { values: all, isVerbose: values.verbose === true, isHelp: values.help === true };
  } catch (error) {
    console.log(`error: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}

/** Runs seed after seed, prints a line for each, and whether all passed. */
export async function everySeed(
  { runs, seed: first }: { readonly runs: number; readonly seed: number },
  run: (seed: number) => Promise<{ readonly problems: readonly string[]; readonly said: string }>,
): Promise<boolean> {
  let failed = 0;
  for (let seed = first; seed < first + runs; seed += 1) {
    const { problems, said } = await run(seed);
    if (problems.length > 0) failed += 1;
    console.log(`seed ${seed}, ${said}: ${problems.length === 0 ? 'passed' : `FAILED\n  ${problems.join('\n  ')}`}`);
  }
  console.log(`${runs - failed} of ${runs} runs passed`);
  return failed === 0;
}
