import { amount, drawUnits } from '../convert/unit-words.ts';
import { dateEntity, placeEntity, spanOfDays, spanOfHours, timeEntity } from '../dates/moments.ts';
import type { Draft } from '../draft.ts';
import { PEOPLE } from '../names.ts';
import { inventedWord } from '../notes/values.ts';
import { anyNumberEntity, drawWhole, wholeEntity } from '../numbers.ts';
import type { AskedQuestion } from '../question.ts';
import { styled } from '../style.ts';
import type { Fills } from '../wording.ts';
import * as fills from './fills.ts';
import { ADVICE_FRAMES, CURRENCY_FRAMES, KNOWLEDGE_FRAMES, ORDER_FRAMES, TALK_FRAMES } from './frames.ts';
import { VALUED_FRAMES } from './valued-frames.ts';

const many = (animal: string): string => (animal === 'wolf' ? 'wolves' : `${animal}s`);

/** A question or request that no tool serves: the assistant says what it can do. */
export function other(draft: Draft): AskedQuestion {
  const u = draft.rng.next();
  if (u < 0.05) return currency(draft);
  const list =
    u < 0.19
      ? TALK_FRAMES
      : u < 0.49
        ? KNOWLEDGE_FRAMES
        : u < 0.69
          ? ORDER_FRAMES
          : u < 0.86
            ? ADVICE_FRAMES
            : VALUED_FRAMES;
  const text = draft.say(draft.core(list), { ...wordFills(draft), ...valueFills(draft) });
  return draft.question(styled(draft, text, 0.14), ['help:'], { type: 'help' });
}

function wordFills(draft: Draft): Fills {
  const animal = () => draft.value(fills.ANIMALS);
  return {
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
  };
}

function valueFills(draft: Draft): Fills {
  return {
    n: () => wholeEntity(draft, drawWhole(draft, 2, draft.chance(0.7) ? 20 : 999), 0.3),
    n2: () => wholeEntity(draft, drawWhole(draft, 2, 20), 0.3),
    d: () => dateEntity(draft, draft.pick(['coming', 'past', 'any'])),
    t: () => timeEntity(draft),
    c: () => placeEntity(draft),
    c2: () => placeEntity(draft),
    u: () => (draft.chance(0.5) ? spanOfHours(draft) : spanOfDays(draft)).text,
    x: () => amount(draft, drawUnits(draft, ['mass', 'length', 'volume', 'temperature']).from).text,
  };
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
