import type { Draft } from '../draft.ts';
import type { AskedQuestion } from '../question.ts';
import { styled } from '../style.ts';
import { type Story, storyNumbers, storyWords } from './fills.ts';
import { GOODS } from './goods.ts';
import { MEASURES } from './measures.ts';
import { MONEY } from './money.ts';
import { PEOPLE_STORIES } from './people.ts';
import { RATES } from './rates.ts';

/** Lists of stories, each with the weight of its topic. */
const TOPICS: readonly (readonly Story[])[] = [GOODS, MONEY, RATES, PEOPLE_STORIES, MEASURES];
const ALL = TOPICS.flatMap((topic) => topic.map(() => topic));

/** A word problem with its calculation. */
export function problemText(draft: Draft): { text: string; calculation: string } {
  const [wording, calculation] = draft.core(draft.pick(ALL));
  const numbers = storyNumbers(draft, wording, calculation);
  const text = draft.say(wording, { ...storyWords(draft), ...numbers.fills });
  return { text, calculation: numbers.calculation };
}

/** Sentences after the first begin with a capital. */
const sentences = (text: string): string =>
  text.replace(/([.!?] )([a-z])/g, (_, end: string, first: string) => end + first.toUpperCase());

export function problems(draft: Draft): AskedQuestion {
  const { text, calculation } = problemText(draft);
  return draft.question(sentences(styled(draft, text, 0.1)), [`calculator: ${calculation}`]);
}
