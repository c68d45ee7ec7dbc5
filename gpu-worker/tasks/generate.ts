import { convert } from './convert/convert.ts';
import { dates } from './dates/dates.ts';
import { Draft } from './draft.ts';
import { followups } from './followups.ts';
import { gameof24 } from './gameof24/gameof24.ts';
import { notes } from './notes/notes.ts';
import { other } from './other/other.ts';
import { problems } from './problems/problems.ts';
import type { AskedQuestion, Split, TaskKind, TaskQuestion, Written } from './question.ts';
import { createRng, type Rng } from './random.ts';
import { symbols } from './symbols.ts';
import { twotools } from './twotools.ts';
import { words } from './words/words.ts';

export interface GenerateOptions {
  /** Either a seed or a random source of the caller's own. */
  readonly seed?: number;
  readonly rng?: Rng;
  readonly split: Split;
}

const single =
  (write: (draft: Draft) => AskedQuestion) =>
  (draft: Draft): Written => ({ questions: [write(draft)] });

const writers: Readonly<Record<TaskKind, (draft: Draft) => Written>> = {
  symbols: single(symbols),
  words: single(words),
  convert: single(convert),
  dates: single(dates),
  notes,
  problems: single(problems),
  followups: (draft) => ({ questions: followups(draft) }),
  twotools,
  gameof24: single(gameof24),
  other: single(other),
};

const MOST_TRIES = 200;

/**
 * Writes one task of a kind. Equal seeds give equal tasks. `values` tasks hold at least one held-out value and
 * `wordings` tasks at least one held-out piece of wording, which `train` tasks never do.
 *
 * @throws RangeError when neither a seed nor a random source is given
 */
export function generate(kind: TaskKind, { seed, rng, split }: GenerateOptions): TaskQuestion {
  const source = rng ?? (seed === undefined ? undefined : createRng(seed));
  const write = writers[kind];
  if (source === undefined) throw new RangeError('generate needs a seed or a random source');
  for (let tries = 0; ; tries += 1) {
    const draft = new Draft(source, split);
    const { notes = [], questions } = write(draft);
    const fits = split === 'train' || (split === 'values' ? draft.heldValues > 0 : draft.heldWordings > 0);
    if (fits) return { kind, template: draft.wordings.join(' | '), notes, questions };
    if (tries > MOST_TRIES) throw new RangeError(`no ${split} task of the kind ${kind} after ${MOST_TRIES} tries`);
  }
}
