import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../adapters/', import.meta.url));
/** As many lines as may not stand in two adapters. */
const LINES = 6;

/** Lines that say something: no imports, comments, lone brackets and blank ones. */
function linesOf(text: string): string[] {
  return text
    .replace(/^import [\s\S]*?;$/gm, '')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .split('\n')
    .map((line) => line.replace(/\/\/.*$/, '').trim())
    .filter((line) => /\w/.test(line));
}

const runsOf = (lines: readonly string[]): string[] =>
  lines.slice(LINES - 1).map((_, at) => lines.slice(at, at + LINES).join('\n'));

/** Every run of so many lines in a folder, with the file that it stands in. */
function runsIn(folder: string): Map<string, string> {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  return new Map(
    files.flatMap((file) =>
      runsOf(linesOf(readFileSync(join(root, folder, file), 'utf8'))).map((run) => [run, `${folder}/${file}`] as const),
    ),
  );
}

it('no two adapters have six lines in common: what both need is in delivery', () => {
  const [slack, discord, console] = ['slack', 'discord', 'console'].map(runsIn);
  const pairs = [
    [slack, discord],
    [slack, console],
    [discord, console],
  ] as const;
  const common = pairs.flatMap(([some = new Map<string, string>(), others]) =>
    [...some].flatMap(([run, file]) => (others?.has(run) ? [`${file} and ${others.get(run)}:\n${run}`] : [])),
  );
  expect(slack?.size).toBeGreaterThan(1_000);
  expect(discord?.size).toBeGreaterThan(1_000);
  expect(common).toEqual([]);
});
