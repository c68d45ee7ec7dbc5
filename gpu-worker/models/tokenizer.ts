import { join } from 'node:path';
import { bytesOfToken } from './byte-level.ts';
import { invalidFile, ModelError } from './model-error.ts';
import { readJson } from './read-files.ts';
import { type AddedToken, parseTokenizerConfig, parseTokenizerFile, type TokenizerFile } from './tokenizer-files.ts';
import { newPackageTokenizer, type PackageTokenizer } from './tokenizer-package.ts';

export interface EncodeOptions {
  /** Text of added tokens stays ordinary text: for what a person wrote. Default: it becomes their ids. */
  readonly plain?: boolean;
  /** Adds what the post-processor adds, e.g. a first token. Default false: chat templates write such tokens themselves. */
  readonly addSpecialTokens?: boolean;
}

/** Byte-level BPE as described by a folder's tokenizer.json and tokenizer_config.json. */
export interface Tokenizer {
  /** One more than the largest id. */
  readonly size: number;
  /** Ids that `decode` leaves out on request. */
  readonly specialIds: ReadonlySet<number>;
  /** Texts of the tokens that templates and prompts name, such as `bos_token` and `eos_token`. */
  readonly namedTokens: Readonly<Record<string, string>>;
  encode(text: string, options?: EncodeOptions): number[];
  /** Broken UTF-8 becomes U+FFFD once per maximal subpart; ids without an entry are left out. */
  decode(ids: readonly number[], options?: { readonly skipSpecialTokens?: boolean }): string;
  idOf(token: string): number | undefined;
}

/**
 * Reads a folder's tokenizer, in the layouts of transformers 4 and 5.
 * @throws ModelError when a file is missing, damaged or of another kind than byte-level BPE
 */
export async function openTokenizer(dir: string): Promise<Tokenizer> {
  const file = join(dir, 'tokenizer.json');
  const json = await readJson(file);
  if (json === undefined)
    throw new ModelError(
      'MODEL_FILE_MISSING',
      `${file}: there is no such file`,
      'Use a folder that holds tokenizer.json; `foursight model pull NAME` fetches it with the model.',
    );
  return createTokenizer(json, await readJson(join(dir, 'tokenizer_config.json')), file);
}

/**
 * @param json the contents of tokenizer.json
 * @param configJson the contents of tokenizer_config.json, or undefined
 * @throws ModelError
 */
export function createTokenizer(json: unknown, configJson: unknown, file = 'tokenizer.json'): Tokenizer {
  const config = parseTokenizerConfig(configJson, file.replace(/tokenizer\.json$/, 'tokenizer_config.json'));
  const parsed = parseTokenizerFile(json, file);
  const added = withConfigured(parsed, config.addedTokens, config.specialTexts);
  const tokens = entriesOf(parsed, added);
  const ids = new Map(parsed.vocab);
  for (const { content, id } of added) ids.set(content, id);
  const specialIds = new Set(added.filter((token) => token.special).map(({ id }) => id));
  const recognising = buildEncoder(parsed, added, file);
  // Without added tokens nothing in a text can become one. Large vocabularies take a while, and not all need it.
  let withoutAdded: PackageTokenizer | undefined;
  const plain = () => (withoutAdded ??= buildEncoder(parsed, [], file));
  const pieces: (Uint8Array | undefined)[] = [];
  return {
    size: tokens.length,
    specialIds,
    namedTokens: config.namedTokens,
    encode(text, options) {
      const encoder = options?.plain === true ? plain() : recognising;
      return encoder.encode(text, { add_special_tokens: options?.addSpecialTokens === true }).ids.map((id) => {
        if (id === undefined) throw invalidFile(file, 'its post-processor adds a token without an id');
        return id;
      });
    },
    decode(wanted, options) {
      const chunks: Uint8Array[] = [];
      for (const id of wanted) {
        if (options?.skipSpecialTokens === true && specialIds.has(id)) continue;
        const token = tokens[id];
        if (token === undefined) continue;
        pieces[id] ??= bytesOfToken(token);
        chunks.push(pieces[id]);
      }
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.concat(chunks));
    },
    idOf: (token) => ids.get(token),
  };
}

/** The file's added tokens, with those that only the config lists, and special where either says so. */
function withConfigured(
  parsed: TokenizerFile,
  configured: readonly AddedToken[],
  specialTexts: ReadonlySet<string>,
): AddedToken[] {
  const byContent = new Map(configured.map((token) => [token.content, token]));
  for (const token of parsed.addedTokens) byContent.set(token.content, token);
  return [...byContent.values()].map((token) =>
    specialTexts.has(token.content) ? { ...token, special: true } : token,
  );
}

/** Texts by id; holes where ids are left out. */
function entriesOf(parsed: TokenizerFile, added: readonly AddedToken[]): string[] {
  const tokens: string[] = [];
  for (const [token, id] of parsed.vocab) tokens[id] = token;
  for (const { content, id } of added) tokens[id] = content;
  return tokens;
}

function buildEncoder(parsed: TokenizerFile, added: readonly AddedToken[], file: string): PackageTokenizer {
  try {
    return newPackageTokenizer({ ...parsed.json, added_tokens: added }, { clean_up_tokenization_spaces: false });
  } catch (error) {
    throw invalidFile(file, 'its normalizer, pre-tokenizer or post-processor cannot be used', error);
  }
}
