import { analyseQuestion } from '../../gpu-worker/flow/starter/analysis.ts';
import { actionWords, marks, specialTokens } from '../../gpu-worker/flow/starter/vocabulary.ts';
import { type TrainedTokenizer, trainBpe } from '../../gpu-worker/models/bpe-training.ts';
import type { TaskQuestion } from '../../gpu-worker/tasks/question.ts';

/** Whole numbers of one token: the game's numbers and nearly all of its results. */
const NUMBERS = 200;
/** A word is known when it stands in at least this share of the questions; the others look alike to the planner. */
const LEAST_SHARE = 1 / 2_500;
const MOST_WORDS = 2_200;
/** Pieces for text that the planner never writes but a tokenizer must be able to encode. */
const MERGES = 128;
/** Words that stand in for entities and results. */
const shownWords =
  'n percent expr place date time today tomorrow yesterday dayname unit second minute hour day week month year fortnight length mass volume speed temperature area data energy power pressure force angle frequency fuel game left not reached note noted error unused help'.split(
    ' ',
  );

/** Learns the tokenizer from training questions as the planner reads them. */
export function starterTokenizer(tasks: readonly TaskQuestion[]): TrainedTokenizer {
  const texts = tasks.flatMap(({ questions }) => questions.map(({ text }) => analyseQuestion(text).text));
  const counts = new Map<string, number>();
  for (const text of texts) for (const word of new Set(text.split(' '))) counts.set(word, (counts.get(word) ?? 0) + 1);
  const frequent = [...counts]
    .filter(([word, count]) => count >= LEAST_SHARE * texts.length && /^\p{L}+$/u.test(word))
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, MOST_WORDS)
    .map(([word]) => word);
  const known = [...new Set([...shownWords, ...actionWords, '.', '?', ...frequent])];
  const forcedTokens = [...Array.from({ length: NUMBERS }, (_, n) => String(n)), ...known.map((word) => ` ${word}`)];
  return trainBpe(texts, {
    vocabSize: 256 + forcedTokens.length + MERGES + specialTokens.length,
    forcedTokens,
    addedTokens: specialTokens.map((content) => ({ content, special: true })),
    config: { eos_token: marks.final, pad_token: marks.pad, model_max_length: 1_024 },
  });
}
