import { describe, expect, it } from 'vitest';
import {
  codePoints,
  type MarkdownPart,
  type Measure,
  splitMarkdown,
  utf16Units,
} from '../../adapters/delivery/split-markdown.ts';
import { randomMarkdown } from './random-markdown.ts';

const textsOf = (parts: readonly MarkdownPart[]) => parts.map((part) => part.text);
const split = (markdown: string, limit: number) => textsOf(splitMarkdown(markdown, { limit }));
const sourceOf = (parts: readonly MarkdownPart[]) => parts.map((part) => part.source).join('');

/** The marker of the fence that is open at the end of a text. */
function openFence(text: string): string {
  let open = '';
  for (const line of text.split('\n')) {
    const marker = /^\s*(`{3,}(?=[^`]*$)|~{3,})/.exec(line)?.[1];
    if (marker === undefined) continue;
    if (open === '') open = marker;
    else if (marker.startsWith(open) && line.trim() === marker) open = '';
  }
  return open;
}

describe('splitting Markdown', () => {
  it('leaves a text that fits as it is', () => {
    expect(split('# Title\n\nA **short** answer.', 100)).toEqual(['# Title\n\nA **short** answer.']);
  });

  it('makes nothing of blank text', () => {
    expect(split(' \n\n ', 100)).toEqual([]);
  });

  it('prefers the end of a paragraph to that of a line, a sentence or a word', () => {
    const paragraph = (word: string) => `${word} ${word}. ${word} ${word}\n${word} ${word}`;
    expect(split(`${paragraph('alpha')}\n\n${paragraph('beta')}`, 60)).toEqual([paragraph('alpha'), paragraph('beta')]);
    expect(split('one two three four\nfive six seven eight nine ten eleven', 45)).toEqual([
      'one two three four',
      'five six seven eight nine ten eleven',
    ]);
    expect(split('One two three four. Five six seven eight nine ten eleven', 45)).toEqual([
      'One two three four.',
      'Five six seven eight nine ten eleven',
    ]);
    expect(split('one two three four five six seven eight nine ten', 40)).toEqual([
      'one two three four five six seven eight',
      'nine ten',
    ]);
  });

  it('closes a fence that it cuts and opens it again with its language', () => {
    const lines = Array.from({ length: 12 }, (_, n) => `const value${n} = ${n};`);
    const parts = split(`\`\`\`ts title="a"\n${lines.join('\n')}\n\`\`\``, 100);
    expect(parts.length).toBeGreaterThan(2);
    for (const part of parts) {
      expect(part).toMatch(/^```ts title="a"\n[\s\S]*\n```$/);
      expect(part.length).toBeLessThanOrEqual(100);
    }
    expect(parts.flatMap((part) => part.split('\n').slice(1, -1))).toEqual(lines);
  });

  it('keeps the blank lines and the indentation of code', () => {
    const code = `\`\`\`py\ndef a():\n    return 1\n\n\n    # ${'x'.repeat(30)}\n\n  ${'y'.repeat(30)}\n\`\`\``;
    const lines = split(code, 60).flatMap((part) => part.split('\n').slice(1, -1));
    expect(lines).toEqual(code.split('\n').slice(1, -1));
  });

  it('closes a fence that was left open', () => {
    expect(split('Look:\n\n```js\nlet a = 1;', 100)).toEqual(['Look:\n\n```js\nlet a = 1;\n```']);
  });

  it('sees the fence of a list item and one within a quotation', () => {
    const code = Array.from({ length: 8 }, (_, n) => `   step ${n} of the installation`).join('\n');
    for (const part of split(`1. \`\`\`sh\n${code}\n   \`\`\`\n2. Done`, 90))
      expect(openFence(part.replace(/^1\. /, ''))).toBe('');
    const quoted = Array.from({ length: 8 }, (_, n) => `> step ${n} of the installation`).join('\n');
    const parts = split(`> \`\`\`sh\n${quoted}\n> \`\`\``, 90);
    for (const part of parts) expect(part).toMatch(/^> ```sh\n(> step .*\n)+> ```$/);
  });

  it('does not cut a fence that fits into the next part', () => {
    const code = `\`\`\`\n${'line of code\n'.repeat(10)}\`\`\``;
    expect(split(`See the code that follows.\n\n${code}`, 150)).toEqual(['See the code that follows.', code]);
  });

  it('repeats the header of a table, and cuts it between rows', () => {
    const rows = Array.from({ length: 10 }, (_, n) => `| row ${n} | ${n * n} |`);
    const parts = split(['| name | square |', '| :-- | --: |', ...rows].join('\n'), 100);
    expect(parts.length).toBeGreaterThan(1);
    for (const part of parts) expect(part.split('\n').slice(0, 2)).toEqual(['| name | square |', '| :-- | --: |']);
    expect(parts.flatMap((part) => part.split('\n').slice(2))).toEqual(rows);
  });

  it('does not cut links, code or bold words that fit', () => {
    const link = '[the page of the project](https://example.com/a/long/path)';
    for (const whole of [link, `\`${'code '.repeat(8)}\``, `**${'bold '.repeat(8)}words**`]) {
      for (let before = 0; before < 30; before += 1) {
        const parts = split(`${'w '.repeat(before)}${whole} and what follows it in the same line`, 70);
        expect(parts.filter((part) => part.includes(whole))).toHaveLength(1);
      }
    }
  });

  it('closes and opens bold words and code that are longer than a part', () => {
    const parts = split(`**${'bold words '.repeat(10)}end**`, 50);
    expect(parts.length).toBeGreaterThan(2);
    for (const part of parts) expect(part).toMatch(/^\*\*\S[\s\S]*\S\*\*$/);
    for (const part of split(`\`\`${'a ` b '.repeat(20)}\`\``, 50)) expect(part).toMatch(/^``[\s\S]*``$/);
  });

  it('does not leave a heading behind what it heads', () => {
    const parts = split(`${'intro '.repeat(10)}\n\n## Result\n\n${'word '.repeat(12)}`, 80);
    expect(parts.find((part) => part.includes('## Result'))).toContain('word');
  });

  it('cuts an address that is longer than a part, as nothing else is left', () => {
    const address = `https://example.com/${'a1'.repeat(10_000)}`;
    const parts = split(`See ${address} please`, 12_000);
    expect(parts.map((part) => part.length).every((length) => length <= 12_000)).toBe(true);
    expect(parts.join('')).toContain(address.slice(100, 11_000));
    expect(sourceOf(splitMarkdown(`See ${address} please`, { limit: 12_000 }))).toBe(`See ${address} please`);
  });

  it('never cuts a character that is written with several code points', () => {
    for (const character of ['👩‍👩‍👧‍👦', '👍🏽', '🇫🇷', 'e\u0301', '한']) {
      const parts = split(character.repeat(60), 50);
      expect(parts.every((part) => part.length % character.length === 0 && part.startsWith(character))).toBe(true);
      expect(parts.join('')).toBe(character.repeat(60));
    }
  });

  it('cuts a character with more marks than a part is long between code points', () => {
    const parts = split(`a${'\u0301'.repeat(200)}`, 50);
    expect(parts.join('')).toBe(`a${'\u0301'.repeat(200)}`);
  });

  it('counts as the platform does', () => {
    const rockets = '🚀'.repeat(60);
    expect(textsOf(splitMarkdown(rockets, { limit: 60, measure: codePoints }))).toEqual([rockets]);
    expect(textsOf(splitMarkdown(rockets, { limit: 60, measure: utf16Units }))).toHaveLength(2);
  });

  it('refuses a limit in which nothing could be repeated', () => {
    expect(() => split('text', 39)).toThrow(RangeError);
  });

  it.each(
    [
      '[',
      '](',
      '*a ',
      '`',
      '<',
      '(',
      '[a](',
      '| ',
      '> ',
      '~~~',
      '**a',
      '_a ',
      '\n',
      ' ',
      '[a](b "',
      '- ```\n',
      '界',
      '👍🏽',
    ].map((piece) => [piece]),
  )('reads 60,000 characters of %j without going over them again and again', (piece) => {
    const text = `x ${piece.repeat(Math.ceil(60_000 / piece.length))} y`;
    const parts = splitMarkdown(text, { limit: 2_000 });
    expect(sourceOf(parts)).toBe(text);
    expect(parts.every((part) => part.text.length <= 2_000)).toBe(true);
  });
});

describe('random Markdown', () => {
  const runs = Array.from({ length: 600 }, (_, seed) => seed);
  const limits = [60, 120, 300, 1_000] as const;
  const measures: readonly Measure[] = [utf16Units, codePoints];
  const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

  it.each(runs.map((seed) => [seed]).filter(([seed = 0]) => seed % 100 === 0))(
    'is split well from seed %i on',
    (first) => {
      for (let seed = first; seed < first + 100; seed += 1) {
        const hasStrays = seed % 3 === 0;
        const { text, wholes } = randomMarkdown(seed, hasStrays);
        const [limit, measure] = [limits[seed % limits.length] ?? 60, measures[(seed >> 2) % 2] ?? utf16Units];
        const parts = splitMarkdown(text, { limit, measure });
        const where = `seed ${seed}, limit ${limit}`;
        expect(sourceOf(parts), where).toBe(text);
        const boundaries = new Set(Array.from(graphemes.segment(text), ({ index }) => index));
        let at = 0;
        for (const part of parts) {
          expect(boundaries.has(at), `${where}, at ${at}`).toBe(true);
          at += part.source.length;
          expect(measure(part.text), where).toBeLessThanOrEqual(limit);
          expect(part.text.trim(), where).not.toBe('');
          expect(part.text, where).toContain(part.source.trim());
          if (!hasStrays) expect(openFence(part.text), `${where}: ${part.text}`).toBe('');
        }
        // A stray mark may join with one of a link.
        for (const whole of hasStrays ? [] : wholes.filter((one) => measure(one) <= limit / 3)) {
          const found = (texts: readonly string[]) => texts.reduce((sum, one) => sum + one.split(whole).length - 1, 0);
          expect(found(textsOf(parts)), `${where}: ${whole}`).toBeGreaterThanOrEqual(found([text]));
        }
      }
    },
  );
});
