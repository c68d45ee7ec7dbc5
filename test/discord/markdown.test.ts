import { describe, expect, it } from 'vitest';
import { discordMarkdown } from '../../adapters/discord/markdown.ts';
import { contentsOf } from '../../adapters/discord/render/message.ts';

describe('Markdown for Discord', () => {
  it('leaves what Discord knows as it is', () => {
    const text =
      '# Title\n\n**bold** and [a link](https://example.org/a_b)\n\n```ts\nconst a = 1;\n```\n\n- one\n  - two\n';
    expect(discordMarkdown(text)).toBe(text);
  });

  it('draws tables, names pictures and writes small headings in bold', () => {
    expect(discordMarkdown('| City | Size |\n| --- | ---: |\n| Wien | 2 |\n| Rom \\| Roma | 2.8 |\n')).toBe(
      '```\nCity       | Size\n-----------+-----\nWien       | 2\nRom | Roma | 2.8\n```\n',
    );
    expect(discordMarkdown('See ![a chart](https://example.org/c.png).')).toBe(
      'See [a chart](https://example.org/c.png).',
    );
    expect(discordMarkdown('#### Small')).toBe('**Small**\n');
  });

  it('does not let code end in a table', () => {
    const drawn = discordMarkdown('| a | b |\n| - | - |\n| ``` | x |\n');
    expect(drawn.match(/```/g)).toHaveLength(2);
  });

  it('keeps to 2,000 code points, also where a drawn table is much wider than it was written', () => {
    const rows = Array.from({ length: 120 }, (_, row) => `| ${row} | ${row === 60 ? '😀'.repeat(300) : 'x'} |`);
    const contents = contentsOf(`| n | what |\n| - | - |\n${rows.join('\n')}`);
    for (const content of contents) {
      expect([...content].length).toBeLessThanOrEqual(2_000);
      expect(content.match(/```/g)).toHaveLength(2);
    }
    for (let row = 0; row < 120; row += 1)
      expect(contents.some((content) => new RegExp(`^${row} +\\|`, 'm').test(content))).toBe(true);
  });

  it('says so when there is nothing', () => {
    expect(contentsOf(' \n')).toEqual(['_(nothing)_']);
  });
});
