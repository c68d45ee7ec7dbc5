import type { Draft } from '../draft.ts';
import type { AskedQuestion } from '../question.ts';
import { styled } from '../style.ts';
import { ASKED_FIRST, TERSE } from './asked-first.ts';
import { composedStory } from './composed.ts';
import { EVERYDAY } from './everyday.ts';
import { type Story, storyNumbers, storyWords } from './fills.ts';
import { GOODS } from './goods.ts';
import { MEASURES } from './measures.ts';
import { MIXED } from './mixed.ts';
import { MONEY } from './money.ts';
import { PEOPLE_STORIES } from './people.ts';
import { RATES } from './rates.ts';

/** Lists of stories, each with the weight of its topic. */
const TOPICS: readonly (readonly Story[])[] = [
  GOODS,
  MONEY,
  RATES,
  PEOPLE_STORIES,
  MEASURES,
  ASKED_FIRST,
  TERSE,
  MIXED,
  EVERYDAY,
];
const ALL = TOPICS.flatMap((topic) => topic.map(() => topic));

/** A word problem with its calculation. */
export function problemText(draft: Draft): { text: string; calculation: string } {
  const [wording, calculation] = draft.chance(0.22) ? composedStory(draft) : draft.core(draft.pick(ALL));
  const numbers = storyNumbers(draft, wording, calculation);
  const words = storyWords(draft);
  const text = draft.say(wording, {
    ...words,
    S: draft.chance(0.85) ? (words.N ?? '') : 'the {R}'.replace('{R}', String(words.R)),
    ...numbers.fills,
  });
  return { text, calculation: numbers.calculation };
}

/** Sentences after the first begin with a capital. */
const sentences = (text: string): string =>
  text.replace(/([.!?] )([a-z])/g, (_, end: string, first: string) => end + first.toUpperCase());

export function problems(draft: Draft): AskedQuestion {
  const { text, calculation } = problemText(draft);
  return draft.question(sentences(styled(draft, text, 0.1)), [`calculator: ${calculation}`]);
}
