import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What only a platform's own folder may speak of, as words of code: names, keys, texts. */
const words: Readonly<Record<string, RegExp>> = {
  slack:
    /\b(?:\w*(?:[sS]lack|SLACK)\w*|[bB]olt|ts|thread_?ts|threadTs|blocks?_?[iI]d|[bB]lock_?[kK]it|mrkdwn|app_mention|ephemeral|[eE]nterprise(?:Id)?|xox[bp])\b/,
  discord: /\b(?:\w*(?:[dD]iscord|DISCORD)\w*|\w*[gG]uild\w*|\w*[sS]nowflakes?|[eE]mbeds?|[iI]ntents?)\b/,
};

/** Where a platform may be named: its folder, its settings, and what puts the program together. */
const homes: Readonly<Record<string, readonly string[]>> = {
  slack: ['adapters/slack/', 'src/config/slack.ts'],
  discord: ['adapters/discord/', 'src/config/discord.ts'],
};
const composition = ['src/main.ts', 'src/config.ts', 'src/cli/examination.ts'];
/** Its sentences are what people may write. */
const prose = ['gpu-worker/tasks/'];

/** Without comments, and without the names of files. */
const codeOf = (text: string): string =>
  text
    .replace(/'[^'\n]*\.(?:ts|mjs)'/g, "''")
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ''))
    .replace(/(^|[^:'"`])\/\/.*$/gm, '$1');

const files = ['src', 'adapters', 'gpu-worker', 'starter']
  .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => relative(root, join(entry.parentPath, entry.name)));

/** Lines with a word of a platform. */
const speaking = (text: string, pattern: RegExp): string[] =>
  codeOf(text)
    .split('\n')
    .filter((line) => pattern.test(line));

describe('a platform’s words', () => {
  it.each(Object.entries(words))('are spoken in the folder of %s only', (platform, pattern) => {
    const others = files.filter(
      (file) =>
        !composition.includes(file) && ![...prose, ...(homes[platform] ?? [])].some((home) => file.startsWith(home)),
    );
    expect(others.length).toBeGreaterThan(100);
    const found = others.flatMap((file) =>
      speaking(readFileSync(join(root, file), 'utf8'), pattern).map((line) => `${file}: ${line.trim()}`),
    );
    expect(found).toEqual([]);
  });

  it('are found where they are', () => {
    const [slack, discord] = [words.slack ?? /$^/, words.discord ?? /$^/];
    expect(speaking("const at = { ts: '1' }; // guild", slack)).toHaveLength(1);
    expect(speaking('const guildId = 3;\n/* a guild */', discord)).toHaveLength(1);
    expect(speaking('const tsx = tokens.map((blocked) => blocked);', slack)).toEqual([]);
  });
});
