import { FoursightError } from '../../../src/errors.ts';
import { resultWords } from './result-words.ts';
import { marks, type StarterTokenizer, specialTokens } from './vocabulary.ts';

/** The starter's model and its code do not fit together. */
export class StarterModelError extends FoursightError {
  override readonly name = 'StarterModelError';
}

/** A turn as the prompt shows it. */
export interface PromptTurn {
  /** The action's tokens with the one that ended it. */
  readonly action: readonly number[];
  readonly tool: string;
  readonly result: string;
  readonly error: string | null;
}

/** A whole number or a fraction. */
const ratio = /^(-?)(\d+)(?:\/(\d+))?$/;

/** Writes token sequences; segments are encoded apart and put together, so that prompts only grow at their end. */
export class PromptWriter {
  private readonly tokenizer: StarterTokenizer;
  private readonly special: ReadonlyMap<string, number>;
  private readonly cache = new Map<string, readonly number[]>();

  /** @throws StarterModelError when the tokenizer lacks one of the starter's tokens */
  constructor(tokenizer: StarterTokenizer) {
    this.tokenizer = tokenizer;
    this.special = new Map(
      specialTokens.map((token) => {
        const id = tokenizer.idOf(token);
        if (id === undefined)
          throw new StarterModelError(
            'STARTER_MODEL_INVALID',
            `the model's tokenizer has no token ${token}`,
            'Make the starter again with npm run starter:make, or restore starter/model.',
          );
        return [token, id];
      }),
    );
  }

  /** The id of a mark, a tool or a slot. */
  id(token: string): number {
    const id = this.special.get(token);
    if (id === undefined) throw new RangeError(`${token} is no special token of the starter`);
    return id;
  }

  get stopIds(): readonly number[] {
    return [this.id(marks.final), this.id(marks.more)];
  }

  get slotIds(): readonly number[] {
    return [...this.special].flatMap(([token, id]) => (/^<\|\d+\|>$/.test(token) ? [id] : []));
  }

  /** The ids of words that blanks separate. */
  words(text: string): number[] {
    return text.split(' ').flatMap((word) => (word === '' ? [] : this.word(word)));
  }

  private word(word: string): readonly number[] {
    const known = this.cache.get(word);
    if (known !== undefined) return known;
    const ids = this.uncached(word);
    // Words of questions are unbounded, the cache is not.
    if (this.cache.size < 20_000) this.cache.set(word, ids);
    return ids;
  }

  private uncached(word: string): readonly number[] {
    const special = this.special.get(word);
    if (special !== undefined) return [special];
    const [, sign, top = '', bottom] = ratio.exec(word) ?? [];
    if (top !== '') {
      const slash = bottom === undefined ? [] : [...this.plain('/'), ...this.number(bottom)];
      return [...(sign === '-' ? this.plain('-') : []), ...this.number(top), ...slash];
    }
    const pieces = this.plain(` ${word}`);
    return pieces.length === 1 ? pieces : [this.id(marks.word)];
  }

  /** A number with a token of its own, or its digits behind a blank, so that it can be told from its neighbours. */
  private number(digits: string): readonly number[] {
    const whole = this.plain(digits);
    return whole.length === 1 ? whole : this.plain(` ${digits}`);
  }

  private plain(text: string): readonly number[] {
    return this.tokenizer.encode(text, { plain: true });
  }

  /** `<|q|>` and the analysed question. */
  question(text: string): number[] {
    return [this.id(marks.question), ...this.words(text)];
  }

  /** `<|a|>`: the planner writes what follows. */
  opening(): number[] {
    return [this.id(marks.action)];
  }

  /** An action and what ends it, e.g. `calculator: <|1|> * <|2|>` and `<|final|>`. */
  action(text: string, end: 'final' | 'more'): number[] {
    return [...this.words(text), this.id(marks[end])];
  }

  /** `<|r|>` with the result's words, or `<|e|>` with the error's. */
  outcome(turn: { readonly tool: string; readonly result: string; readonly error: string | null }): number[] {
    const mark = turn.error === null ? marks.result : marks.error;
    return [this.id(mark), ...this.words(resultWords(turn))];
  }

  turn(turn: PromptTurn): number[] {
    return [...this.opening(), ...turn.action, ...this.outcome(turn)];
  }

  /** The text of an action's tokens, without the one that ended it. */
  read(ids: readonly number[]): string {
    const stops = new Set(this.stopIds);
    const named = new Map([...this.special].map(([token, id]) => [id, token]));
    const end = ids.findIndex((id) => stops.has(id));
    let text = '';
    // `next`: a sign or a fraction's stroke waits for its number; `digits`: after a blank of its own a number is spelt out.
    let mode: 'words' | 'next' | 'digits' = 'words';
    for (const id of end < 0 ? ids : ids.slice(0, end)) {
      const name = named.get(id);
      const piece = name === undefined ? this.tokenizer.decode([id]) : ` ${name}`;
      if (piece === ' ') {
        if (mode !== 'next') text += ' ';
        mode = 'digits';
      } else if (/^\d+$/.test(piece)) {
        text += mode === 'words' ? ` ${piece}` : piece;
        if (mode === 'next') mode = 'words';
      } else {
        text += piece === '-' ? ' -' : piece;
        mode = piece === '-' || piece === '/' ? 'next' : 'words';
      }
    }
    return text.replace(/\s+/g, ' ').trim();
  }
}
