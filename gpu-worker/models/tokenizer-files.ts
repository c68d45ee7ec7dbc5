import { z } from 'zod';
import { byteCharacters } from './byte-level.ts';
import { invalidFile, unsupported } from './model-error.ts';
import { isObject } from './read-files.ts';

const maxId = 1 << 22;
const tokenId = z.number().int().min(0).max(maxId);

const addedToken = z.object({
  id: tokenId,
  content: z.string().min(1),
  single_word: z.boolean().default(false),
  lstrip: z.boolean().default(false),
  rstrip: z.boolean().default(false),
  normalized: z.boolean().default(false),
  special: z.boolean().default(false),
});
export type AddedToken = z.output<typeof addedToken>;

/** tokenizer.json, checked. */
export interface TokenizerFile {
  readonly json: Readonly<Record<string, unknown>>;
  readonly vocab: ReadonlyMap<string, number>;
  readonly addedTokens: readonly AddedToken[];
}

/** What tokenizer_config.json adds. */
export interface TokenizerConfig {
  readonly addedTokens: readonly AddedToken[];
  readonly specialTexts: ReadonlySet<string>;
  readonly namedTokens: Readonly<Record<string, string>>;
  readonly chatTemplate: string | undefined;
}

/** @throws ModelError when a part is missing or wrong, or the tokenizer is no byte-level BPE */
export function parseTokenizerFile(json: unknown, file: string): TokenizerFile {
  if (!isObject(json)) throw invalidFile(file, 'it is not a JSON object');
  const { model } = json;
  if (!isObject(model)) throw invalidFile(file, 'it has no model');
  if ((model.type ?? 'BPE') !== 'BPE' || !isByteLevel(json.decoder))
    throw unsupported(file, 'only byte-level BPE tokenizers are supported');
  const vocab = vocabOf(model.vocab, file);
  checkMerges(model.merges, vocab, file);
  const added = z.array(addedToken).safeParse(json.added_tokens ?? []);
  if (!added.success) throw invalidFile(file, `added_tokens: ${added.error.issues[0]?.message}`);
  for (const { content, id } of added.data) {
    const other = vocab.get(content);
    if (other !== undefined && other !== id)
      throw invalidFile(file, `the token ${JSON.stringify(content)} has two ids, ${other} and ${id}`);
  }
  return {
    json: {
      normalizer: null,
      pre_tokenizer: null,
      post_processor: null,
      ...json,
      model: { ...model, type: 'BPE' },
    },
    vocab,
    addedTokens: added.data,
  };
}

const tokenText = z
  .union([z.string(), z.object({ content: z.string() }).transform(({ content }) => content)])
  .nullish()
  .catch(undefined);
const tokenTexts = z.array(tokenText).nullish().catch(undefined);
const configFile = z.object({
  added_tokens_decoder: z.record(z.string(), addedToken.omit({ id: true })).nullish(),
  additional_special_tokens: tokenTexts,
  extra_special_tokens: z
    .union([tokenTexts, z.record(z.string(), tokenText).transform((tokens) => Object.values(tokens))])
    .nullish(),
  bos_token: tokenText,
  eos_token: tokenText,
  pad_token: tokenText,
  unk_token: tokenText,
  chat_template: z
    .union([z.string(), z.array(z.object({ name: z.string(), template: z.string() }))])
    .nullish()
    .transform((given) =>
      Array.isArray(given) ? (given.find(({ name }) => name === 'default') ?? given[0])?.template : given,
    ),
});

/** @throws ModelError when the file is not as transformers writes it; undefined stands for a missing one */
export function parseTokenizerConfig(json: unknown, file: string): TokenizerConfig {
  const result = configFile.safeParse(json ?? {});
  if (!result.success) {
    const issue = result.error.issues[0];
    throw invalidFile(file, `${issue?.path.join('.') || 'the file'}: ${issue?.message}`);
  }
  const config = result.data;
  const addedTokens = Object.entries(config.added_tokens_decoder ?? {}).map(([key, token]) => {
    const id = tokenId.safeParse(Number(key));
    if (!id.success) throw invalidFile(file, `added_tokens_decoder: ${JSON.stringify(key)} is no token id`);
    return { ...token, id: id.data };
  });
  const namedTokens: Record<string, string> = {};
  for (const name of ['bos_token', 'eos_token', 'pad_token', 'unk_token'] as const) {
    const text = config[name];
    if (typeof text === 'string') namedTokens[name] = text;
  }
  const listed = [...(config.additional_special_tokens ?? []), ...(config.extra_special_tokens ?? [])];
  return {
    addedTokens,
    specialTexts: new Set([...Object.values(namedTokens), ...listed.filter((text) => typeof text === 'string')]),
    namedTokens,
    chatTemplate: config.chat_template ?? undefined,
  };
}

function isByteLevel(decoder: unknown): boolean {
  if (!isObject(decoder)) return false;
  if (decoder.type === 'ByteLevel') return true;
  return decoder.type === 'Sequence' && Array.isArray(decoder.decoders) && decoder.decoders.some(isByteLevel);
}

function vocabOf(vocab: unknown, file: string): Map<string, number> {
  if (!isObject(vocab)) throw invalidFile(file, 'model.vocab is not an object');
  const ids = new Map<string, number>();
  const texts = new Map<number, string>();
  for (const [token, id] of Object.entries(vocab)) {
    if (!tokenId.safeParse(id).success || typeof id !== 'number')
      throw invalidFile(file, `model.vocab: ${JSON.stringify(id)} is no id for ${JSON.stringify(token)}`);
    const other = texts.get(id);
    if (other !== undefined)
      throw invalidFile(file, `model.vocab: ${JSON.stringify(token)} and ${JSON.stringify(other)} have one id, ${id}`);
    ids.set(token, id);
    texts.set(id, token);
  }
  // A byte without an entry would vanish from texts without a word.
  const missing = byteCharacters.findIndex((character) => !ids.has(character));
  if (missing !== -1) throw invalidFile(file, `model.vocab has no entry for the byte ${missing}`);
  return ids;
}

function checkMerges(merges: unknown, vocab: ReadonlyMap<string, number>, file: string): void {
  if (!Array.isArray(merges)) throw invalidFile(file, 'model.merges is not a list');
  // The package takes the form of the first merge for that of all.
  const pairs = typeof merges[0] !== 'string';
  for (const merge of merges) {
    const parts: unknown[] = pairs && Array.isArray(merge) ? merge : typeof merge === 'string' ? merge.split(' ') : [];
    const [left, right] = parts;
    if (parts.length !== 2 || typeof left !== 'string' || typeof right !== 'string' || pairs !== Array.isArray(merge))
      throw invalidFile(file, `model.merges: ${JSON.stringify(merge)} is no pair`);
    if (!vocab.has(left) || !vocab.has(right) || !vocab.has(left + right))
      throw invalidFile(file, `model.merges: ${JSON.stringify(merge)} names a token without an id`);
  }
}
