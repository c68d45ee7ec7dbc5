import { wordingTable } from './wording-table.ts';

interface Phrase {
  readonly words: readonly string[];
  readonly form: readonly string[];
  readonly onlyFirst: boolean;
}

const byFirstWord = new Map<string, Phrase[]>();
for (const line of wordingTable.trim().split('\n')) {
  const colon = line.indexOf(':');
  const form = line.slice(0, colon).replace('^', '').split(' ').filter(Boolean);
  for (const spelling of line.slice(colon + 1).split(',')) {
    const plain = spelling.trim();
    const words = plain.replace(/^\^/, '').split(' ');
    const first = words[0] ?? '';
    const known = byFirstWord.get(first) ?? [];
    known.push({ words, form, onlyFirst: plain.startsWith('^') });
    byFirstWord.set(first, known);
  }
}
for (const phrases of byFirstWord.values()) phrases.sort((a, b) => b.words.length - a.words.length);

/** Drops the plural: `boxes` → `box`, `cherries` → `cherry`, `apples` → `apple`. */
function singular(word: string): string {
  if (word.length < 4 || !word.endsWith('s') || /(?:ss|us|is)$/.test(word)) return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  return /(?:x|ch|sh|ss)es$/.test(word) ? word.slice(0, -2) : word.slice(0, -1);
}

/** Other signs that part a sentence. */
const pauses: Readonly<Record<string, string>> = { ';': '.', ':': ',', '!': '.', '-': ',', '→': 'to' };

const punctuation = /^[^\p{L}\d<]$/u;

/**
 * The planner's words for a question's words (lower case, entities as words that start with `<`), in one pass from the left;
 * of the phrases that fit at a place the longest counts.
 */
export function plainWords(words: readonly string[]): string[] {
  const plain: string[] = [];
  let at = 0;
  while (at < words.length) {
    const word = words[at] ?? '';
    const phrase = byFirstWord
      .get(word)
      ?.find((known) => (!known.onlyFirst || plain.length === 0) && known.words.every((w, i) => words[at + i] === w));
    if (phrase !== undefined) {
      plain.push(...phrase.form);
      at += phrase.words.length;
    } else {
      const shown = pauses[word] ?? singular(word.replace(/'s$|'$/, ''));
      const needless = shown === '' || (punctuation.test(shown) && !(shown === '?' || shown === ',' || shown === '.'));
      const doubled = punctuation.test(shown) && punctuation.test(plain.at(-1) ?? ',');
      if (!needless && !doubled) plain.push(shown);
      at++;
    }
  }
  while (plain.at(-1) === ',' || plain.at(-1) === '.') plain.pop();
  return plain;
}
