import { describe, expect, it } from 'vitest';
import { mergesOf } from '../../gpu-worker/models/bpe-merges.ts';
import { trainBpe } from '../../gpu-worker/models/bpe-training.ts';
import { createTokenizer } from '../../gpu-worker/models/tokenizer.ts';

const lines = Array.from(
  { length: 300 },
  (_, i) => `What is ${i} * ${(i * 37) % 1000} plus ${i % 7}? Was ist das Größte? <|q|>remember the number ${i}`,
);
const numbers = Array.from({ length: 200 }, (_, i) => String(i));

function open(files: Readonly<Record<string, string>>) {
  return createTokenizer(
    JSON.parse(files['tokenizer.json'] ?? ''),
    JSON.parse(files['tokenizer_config.json'] ?? ''),
    'tokenizer.json',
  );
}

/** The definition, without bookkeeping: counts every pair again before each merge. */
function plainMerges(words: Map<string, number>, count: number): string[] {
  const split = [...words].map(([word, times]) => ({ parts: [...word], times }));
  const age = [...new Set(split.flatMap(({ parts }) => parts))].sort();
  const merges: string[] = [];
  while (merges.length < count) {
    const counts = new Map<string, number>();
    for (const { parts, times } of split)
      for (let i = 1; i < parts.length; i++) {
        const pair = `${parts[i - 1]} ${parts[i]}`;
        counts.set(pair, (counts.get(pair) ?? 0) + times);
      }
    const older = (pair: string) => pair.split(' ').map((part) => age.indexOf(part));
    const [best] = [...counts].sort(([a, m], [b, n]) => {
      const [al = 0, ar = 0] = older(a);
      const [bl = 0, br = 0] = older(b);
      return n - m || al - bl || ar - br;
    });
    if (best === undefined || best[1] < 2) break;
    const [left = '', right = ''] = best[0].split(' ');
    for (const word of split)
      for (let i = 0; i + 1 < word.parts.length; i++)
        if (word.parts[i] === left && word.parts[i + 1] === right) word.parts.splice(i, 2, left + right);
    if (!age.includes(left + right)) age.push(left + right);
    merges.push(best[0]);
  }
  return merges;
}

describe('training a tokenizer', () => {
  it('merges the pairs that counting from scratch would merge', () => {
    let state = 7;
    const random = (below: number) => {
      state = (state * 48_271) % 2_147_483_647;
      return state % below;
    };
    const words = new Map<string, number>();
    for (let i = 0; i < 200; i++) {
      const word = Array.from({ length: 1 + random(9) }, () => 'aabbcd'.charAt(random(6))).join('');
      words.set(word, 1 + random(20));
    }
    const merges = [...mergesOf(words)].slice(0, 150).map((merge) => merge.join(' '));
    expect(merges.length).toBe(150);
    expect(merges).toEqual(plainMerges(words, 150));
  });

  it('gives forced numbers one token and spells others in digits', () => {
    const { files, size } = trainBpe(lines, { vocabSize: 700, forcedTokens: numbers, addedTokens: ['<|q|>'] });
    const tokenizer = open(files);
    expect(size).toBeLessThanOrEqual(700);
    for (const number of numbers) {
      expect(tokenizer.encode(number)).toHaveLength(1);
      expect(tokenizer.encode(`(${number}`)).toHaveLength(2);
    }
    expect(tokenizer.encode('205').map((id) => tokenizer.decode([id]))).toEqual(['2', '0', '5']);
    expect(tokenizer.encode('123456').map((id) => tokenizer.decode([id]))).toEqual(['123', '4', '5', '6']);
  });

  it('keeps added tokens whole and puts their ids last', () => {
    const { files, size } = trainBpe(lines, {
      vocabSize: 400,
      addedTokens: ['<|q|>', { content: '<|end|>', special: true }],
    });
    const tokenizer = open(files);
    expect(tokenizer.encode('<|q|><|end|>')).toEqual([size - 2, size - 1]);
    expect(tokenizer.decode([size - 2, size - 1], { skipSpecialTokens: true })).toBe('<|q|>');
  });

  it('brings any text back, also bytes it never saw', () => {
    const tokenizer = open(trainBpe(lines, { vocabSize: 500 }).files);
    for (const text of ['', '  two  spaces', 'Größe 😀 今', 'a\u0085b\uFEFFc', '3.14 × 10^5', ...lines.slice(0, 20)])
      expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
    expect(tokenizer.encode('What is')).toHaveLength(2);
  });

  it('makes the same files from the same texts in any order', () => {
    const options = { vocabSize: 600, forcedTokens: numbers };
    const one = trainBpe(lines, options);
    expect(trainBpe(lines, options)).toEqual(one);
    expect(trainBpe([...lines].reverse(), options)).toEqual(one);
  });

  it('refuses a vocabulary that cannot hold what is asked for', () => {
    expect(() => trainBpe(lines, { vocabSize: 300, forcedTokens: numbers })).toThrow(/exceed the size/);
    expect(() => trainBpe(lines, { vocabSize: 600, forcedTokens: ['two words'] })).toThrow(/no single word/);
  });
});
