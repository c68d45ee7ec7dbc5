import { type Merge, mergesOf } from './bpe-merges.ts';
import { byteCharacters, standInsOf } from './byte-level.ts';
import { newPackageTokenizer } from './tokenizer-package.ts';

export interface BpeOptions {
  /** Entries altogether; fewer come out when the texts run out of repeated pairs. */
  readonly vocabSize: number;
  /** Always one token, in the order of their ids, which are the last ones. A plain text is not special: `decode` keeps it. */
  readonly addedTokens?: readonly (string | { readonly content: string; readonly special: boolean })[];
  /** Words that are one token whenever they stand alone, e.g. `0` to `199`. Other numbers are spelt in digits. */
  readonly forcedTokens?: readonly string[];
  /** Entries of tokenizer_config.json, e.g. `eos_token`. */
  readonly config?: Readonly<Record<string, unknown>>;
}

export interface TrainedTokenizer {
  readonly size: number;
  /** Contents by file name: tokenizer.json and tokenizer_config.json. */
  readonly files: Readonly<Record<string, string>>;
}

/** Qwen2's expression, but with digits in groups of up to three. */
const pattern =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const split = { type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false } as const;
const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false } as const;

/**
 * Trains a byte-level BPE tokenizer: the most frequent neighbours become one token, again and again, as in Sennrich,
 * Haddow and Birch, "Neural Machine Translation of Rare Words with Subword Units" (2016). The same texts give the same files.
 *
 * @example
 * const { files } = trainBpe(questions, { vocabSize: 1200, forcedTokens: ['0', '1'], addedTokens: ['<|q|>'] });
 * await saveModel(dir, tensors, 'bfloat16', { config, files });
 * @throws RangeError when the bytes, forced and added tokens alone exceed the size, or a forced token is no single word
 */
export function trainBpe(texts: Iterable<string>, options: BpeOptions): TrainedTokenizer {
  const added = (options.addedTokens ?? []).map((token) =>
    typeof token === 'string' ? { content: token, special: false } : token,
  );
  // Sorted by code point, as other trainers number them.
  const vocab = [...byteCharacters].sort();
  const preTokenize = newPreTokenizer();
  for (const token of options.forcedTokens ?? []) {
    if (preTokenize(token).length !== 1)
      throw new RangeError(`the forced token ${JSON.stringify(token)} is no single word`);
    const written = standInsOf(token);
    if (!vocab.includes(written)) vocab.push(written);
  }
  const mergeCount = options.vocabSize - vocab.length - added.length;
  if (mergeCount < 0)
    throw new RangeError(`${vocab.length} bytes and forced tokens and ${added.length} added ones exceed the size`);

  const words = countWords(
    texts,
    added.map(({ content }) => content),
    preTokenize,
  );
  const forced = new Set(options.forcedTokens);
  const learnable = new Map([...words].filter(([word]) => !forced.has(word) && !/^\p{N}+$/u.test(word)));
  const taken = new Set(vocab);
  const merges: Merge[] = [];
  for (const merge of mergesOf(learnable)) {
    const token = merge[0] + merge[1];
    if (merges.length >= mergeCount) break;
    // A forced token that is also learnt keeps its id; the merge is still needed to build longer tokens.
    if (!taken.has(token)) vocab.push(token);
    taken.add(token);
    merges.push(merge);
  }
  return { size: vocab.length + added.length, files: tokenizerFiles(vocab, merges, added, options.config) };
}

/** Divides texts into words exactly as the trained tokenizer will. */
function newPreTokenizer(): (text: string) => string[] {
  const model = { type: 'BPE', vocab: {}, merges: [] };
  const rest = { added_tokens: [], normalizer: null, post_processor: null, decoder: null };
  const { pre_tokenizer: preTokenizer } = newPackageTokenizer({ ...rest, model, pre_tokenizer: split }, {});
  return (text) => preTokenizer?.pre_tokenize(text) ?? [];
}

/** How often each pre-tokenised word occurs; added tokens divide texts and are not counted. */
function countWords(
  texts: Iterable<string>,
  added: readonly string[],
  words: (text: string) => string[],
): Map<string, number> {
  const escaped = [...added]
    .sort((a, b) => b.length - a.length)
    .map((text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
  const divider = escaped.length === 0 ? undefined : new RegExp(escaped.join('|'), 'u');
  const counts = new Map<string, number>();
  for (const text of texts)
    for (const part of divider === undefined ? [text] : text.split(divider))
      for (const word of words(part.normalize('NFC'))) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

function tokenizerFiles(
  vocab: readonly string[],
  merges: readonly Merge[],
  added: readonly { readonly content: string; readonly special: boolean }[],
  config: Readonly<Record<string, unknown>> | undefined,
): Record<string, string> {
  const addedTokens = added.map(({ content, special }, index) => ({
    id: vocab.length + index,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special,
  }));
  const tokenizer = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: addedTokens,
    normalizer: { type: 'NFC' },
    pre_tokenizer: { type: 'Sequence', pretokenizers: [split, byteLevel] },
    post_processor: byteLevel,
    decoder: byteLevel,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      // Lets a forced token stand for the whole word although no merges lead to it.
      ignore_merges: true,
      vocab: Object.fromEntries(vocab.map((token, id) => [token, id])),
      merges: merges.map(([left, right]) => `${left} ${right}`),
    },
  };
  const tokenizerConfig = {
    tokenizer_class: 'PreTrainedTokenizerFast',
    clean_up_tokenization_spaces: false,
    added_tokens_decoder: Object.fromEntries(addedTokens.map(({ id, ...token }) => [id, token])),
    ...config,
  };
  return {
    'tokenizer.json': `${JSON.stringify(tokenizer)}\n`,
    'tokenizer_config.json': `${JSON.stringify(tokenizerConfig, null, 2)}\n`,
  };
}
