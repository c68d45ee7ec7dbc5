import { randomOf } from '../soak/random.ts';

const WORDS = [
  'planner',
  'tool',
  'reward',
  'ünïcödé',
  'e\u0301te\u0301',
  '👩‍👩‍👧‍👦',
  '👍🏽',
  '🇫🇷🇩🇪',
  '日本語の文章です。',
  'x',
  '3.14',
  'a|b',
  'don’t',
  '🧑🏿‍🚀',
  'naïve',
  'under_score',
  '2 * 3',
  '5 < 6',
  '\\*',
  'café\u0301',
  '한국어',
] as const;

export interface RandomMarkdown {
  readonly text: string;
  /** Links, images and inline code that it contains. */
  readonly wholes: readonly string[];
}

/** Markdown as models write it. @param strays with marks that open or close nothing, or something else than they seem to */
export function randomMarkdown(seed: number, strays: boolean): RandomMarkdown {
  const random = randomOf(seed);
  const upTo = (n: number) => Math.floor(random() * n);
  const pick = <T>(items: readonly T[]): T => items[upTo(items.length)] as T;
  const wholes: string[] = [];
  const whole = (text: string) => {
    wholes.push(text);
    return text;
  };
  const words = (n: number) => Array.from({ length: 1 + upTo(n) }, () => pick(WORDS)).join(' ');
  const plain = (n: number) =>
    Array.from({ length: 1 + upTo(n) }, () => pick(['one', 'two', 'drei', 'čtyři'])).join(' ');
  const piece = (): string => {
    const kind = random();
    if (kind < 0.6) return words(8);
    if (kind < 0.68) return whole(`[${plain(3)}](https://example.com/${upTo(1e6)}?a=${plain(2).replaceAll(' ', '+')})`);
    if (kind < 0.72) return whole(`![${plain(2)}](https://example.com/${upTo(1e6)}.png)`);
    if (kind < 0.78) return whole(`\`${plain(4)}\``);
    if (kind < 0.84) return `**${plain(6)}**`;
    if (kind < 0.88) return `_${plain(4)}_`;
    if (kind < 0.91) return whole(`https://example.com/${'p'.repeat(1 + upTo(20))}`);
    return !strays ? words(2) : pick(['**', '`', '[', '](', '```', '<', '~~', '*', '!', '_a', '\\']);
  };
  const sentence = () => `${Array.from({ length: 1 + upTo(6) }, piece).join(' ')}${pick(['.', '!', '?', ':', ''])}`;
  const paragraph = () => Array.from({ length: 1 + upTo(5) }, sentence).join(pick([' ', '\n']));
  const code = () => {
    const marker = pick(['```', '````', '~~~']);
    const lines = Array.from({ length: 1 + upTo(12) }, () => `${' '.repeat(upTo(6))}${words(8)}`.replace(/[`~]/g, ''));
    return `${marker}${pick(['', 'ts', 'python title="a b"'])}\n${lines.join('\n')}\n${marker}`;
  };
  const table = () => {
    const row = () => `| ${plain(2)} | ${plain(4)} |`;
    return [row(), '| --- | :-: |', ...Array.from({ length: 1 + upTo(12) }, row)].join('\n');
  };
  const list = () =>
    Array.from({ length: 1 + upTo(6) }, (_, n) => `${pick(['- ', '* ', `${n + 1}. `])}${sentence()}`).join('\n');
  const blocks = [paragraph, paragraph, code, table, list, () => `## ${plain(4)}`, () => 'W'.repeat(1 + upTo(400))];
  const text = Array.from({ length: 1 + upTo(12) }, () => pick(blocks)()).join(pick(['\n\n', '\n\n\n', '\n\n  \n']));
  return { text: random() < 0.1 ? `\n\n${text}\n \n` : text, wholes };
}
