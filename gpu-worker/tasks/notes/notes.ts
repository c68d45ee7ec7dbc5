import { CITIES } from '../dates/places.ts';
import type { Draft } from '../draft.ts';
import { PEOPLE } from '../names.ts';
import type { AskedQuestion } from '../question.ts';
import { styled } from '../style.ts';
import { AREAS, FACTS, MEETINGS, OBJECTS, SERVICES } from './facts.ts';
import { KEY_SENTENCE, RECALL_KEY, RECALL_QUESTION, REMEMBER_KEY, REMEMBER_SENTENCE } from './frames.ts';
import { KEYS } from './keys.ts';
import { VALUE_SORTS } from './values.ts';

/** A fact to note: how it is said, the words that set it apart from others, and a question for it. */
interface Noted {
  readonly statement: string;
  /** Its key or its form with the names in it: two facts of a task must differ in it. */
  readonly about: string;
  readonly value: string;
  readonly said: () => string;
  readonly asked: () => string;
}

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function keyFact(draft: Draft): Noted {
  const { key: k, sort } = draft.value(KEYS);
  const v = VALUE_SORTS[sort](draft);
  const statement = draft.say(draft.core(KEY_SENTENCE), { k, v });
  return {
    statement,
    about: k,
    value: v,
    said: () => (draft.chance(0.3) ? draft.say(draft.core(REMEMBER_KEY), { k, v }) : remembered(draft, statement)),
    asked: () => styled(draft, draft.say(draft.core(RECALL_KEY), { k }), 0.12),
  };
}

const ONE = { is: 'is', has: 'has', does: 'does', belongs: 'belongs', costs: 'costs' };
const MANY = { is: 'are', has: 'have', does: 'do', belongs: 'belong', costs: 'cost' };

function factOf(draft: Draft): Noted {
  const form = draft.core(FACTS);
  const v = VALUE_SORTS[form.sort](draft);
  const o = draft.value(OBJECTS);
  const many = /(?:keys|markers|beans|scissors|batteries|receipts)$/.test(o);
  const fills = {
    v,
    o,
    ...(many ? MANY : ONE),
    p: draft.value(PEOPLE).name,
    s: draft.value(SERVICES),
    x: draft.value(AREAS),
    y: draft.value(MEETINGS),
    c: draft.value(CITIES).name,
  };
  const statement = draft.say(form.says, fills);
  return {
    statement,
    about: form.says.replace(/\{([psxyoc])\}/g, (_, name: 'p' | 's' | 'x' | 'y' | 'o' | 'c') => fills[name]),
    value: v,
    said: () => remembered(draft, statement),
    asked: () =>
      styled(draft, draft.say(draft.side(RECALL_QUESTION), { q: draft.say(draft.core(form.asks), fills) }), 0.1),
  };
}

function remembered(draft: Draft, statement: string): string {
  const text = draft.say(draft.core(REMEMBER_SENTENCE), { s: statement });
  return draft.chance(0.75) ? upperFirst(text) : text;
}

const drawFact = (draft: Draft): Noted => (draft.chance(0.5) ? keyFact(draft) : factOf(draft));

/** Facts that are about different things, so that a question finds one of them. */
function drawFacts(draft: Draft, count: number): Noted[] {
  const facts: Noted[] = [];
  while (facts.length < count) {
    const fact = drawFact(draft);
    if (!facts.some((other) => overlap(other, fact))) facts.push(fact);
  }
  return facts;
}

const contentWords = (text: string): string[] => text.toLowerCase().match(/[a-z]{4,}/g) ?? [];
const overlap = (a: Noted, b: Noted): boolean => {
  const words = new Set(contentWords(a.about));
  return contentWords(b.about).some((word) => words.has(word));
};

const remember = (draft: Draft, fact: Noted): AskedQuestion =>
  draft.question(fact.said(), ['notes: remember'], { type: 'remembered', values: [fact.value] });
const recall = (draft: Draft, fact: Noted): AskedQuestion =>
  draft.question(fact.asked(), ['notes: recall'], { type: 'contains', values: [fact.value] });

/** A question for what nobody noted: the tool says so, and the assistant what it can do. */
function recallInVain(draft: Draft): AskedQuestion {
  const asked = draft.question(drawFact(draft).asked(), ['notes: recall'], { type: 'help' });
  return {
    ...asked,
    actions: [
      { tool: 'notes', args: 'recall', stop: 'final', error: 'nothing noted about that' },
      { tool: 'help', args: '', stop: 'final' },
    ],
  };
}

/** Remembering, recalling what the workspace knew before, or both in one conversation. */
export function notes(draft: Draft): { notes: readonly string[]; questions: readonly AskedQuestion[] } {
  const u = draft.rng.next();
  if (u < 0.3) return { notes: [], questions: [remember(draft, drawFact(draft))] };
  if (u < 0.36) return { notes: [], questions: [recallInVain(draft)] };
  const facts = drawFacts(draft, draft.int(1, 3));
  const wanted = draft.pick(facts);
  if (u < 0.66) {
    return { notes: facts.map(({ statement }) => upperFirst(statement)), questions: [recall(draft, wanted)] };
  }
  return { notes: [], questions: [...facts.map((fact) => remember(draft, fact)), recall(draft, wanted)] };
}
