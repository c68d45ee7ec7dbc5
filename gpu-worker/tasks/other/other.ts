import type { Draft } from '../draft.ts';
import { PEOPLE } from '../names.ts';
import { inventedWord } from '../notes/values.ts';
import { anyNumberEntity } from '../numbers.ts';
import type { AskedQuestion } from '../question.ts';
import { styled } from '../style.ts';
import * as fills from './fills.ts';
import { ADVICE_FRAMES, CURRENCY_FRAMES, KNOWLEDGE_FRAMES, ORDER_FRAMES, TALK_FRAMES } from './frames.ts';

const many = (animal: string): string => (animal === 'wolf' ? 'wolves' : `${animal}s`);

/** A question or request that no tool serves: the assistant says what it can do. */
export function other(draft: Draft): AskedQuestion {
  const u = draft.rng.next();
  if (u < 0.06) return currency(draft);
  const frame = draft.core(
    u < 0.22 ? TALK_FRAMES : u < 0.56 ? KNOWLEDGE_FRAMES : u < 0.8 ? ORDER_FRAMES : ADVICE_FRAMES,
  );
  const animal = () => draft.value(fills.ANIMALS);
  const text = draft.say(frame, {
    country: () => draft.value(fills.COUNTRIES),
    famous: () => draft.value(fills.FAMOUS),
    work: () => draft.value(fills.WORKS),
    concept: () => draft.value(fills.CONCEPTS),
    concept2: () => draft.value(fills.CONCEPTS),
    animal,
    animal2: animal,
    animals: () => many(animal()),
    food: () => draft.value(fills.FOODS),
    food2: () => draft.value(fills.FOODS),
    topic: () => draft.value(fills.TOPICS),
    language: () => draft.value(fills.LANGUAGES),
    word: () => draft.value(fills.WORDS),
    code: () => draft.value(fills.CODE),
    contest: () => draft.value(fills.TEAMS),
    stuff: () => draft.value(fills.STUFF),
    place: () => draft.value(fills.PLACES_ASKED),
    place2: () => draft.value(fills.PLACES_ASKED),
    name: () => draft.value(PEOPLE).name,
    gibberish: () => inventedWord(draft),
  });
  return draft.question(styled(draft, text, 0.14), ['help:'], { type: 'help' });
}

const MONEY = [
  'euros',
  'dollars',
  'yen',
  'Swiss francs',
  'rupees',
  'pesos',
  'yuan',
  'kroner',
  'bitcoin',
  'zloty',
  'lira',
  'rubles',
  'won',
  'forints',
];

function currency(draft: Draft): AskedQuestion {
  const [from, to] = [draft.pick(MONEY), draft.pick(MONEY)];
  const fills = { n: anyNumberEntity(draft, 0.2), from, to: to === from ? 'pesos' : to };
  return draft.question(styled(draft, draft.say(draft.core(CURRENCY_FRAMES), fills), 0.1), ['help:'], { type: 'help' });
}
