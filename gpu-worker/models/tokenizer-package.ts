import { Tokenizer } from '@huggingface/tokenizers';

/** What is used of the package's class. Its own declarations import each other in a way that TypeScript cannot follow. */
export interface PackageTokenizer {
  /** An id is undefined where the post-processor names a token that is not there. */
  encode(text: string, options: { add_special_tokens: boolean }): { readonly ids: readonly (number | undefined)[] };
  readonly pre_tokenizer: { pre_tokenize(text: string): string[] } | null;
}

/** @throws whatever the package throws on a tokenizer.json that it does not understand */
export const newPackageTokenizer = (json: object, config: object): PackageTokenizer => {
  const create: new (json: object, config: object) => PackageTokenizer = Tokenizer;
  return new create(json, config);
};
