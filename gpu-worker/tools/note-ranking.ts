/** Words that say nothing about what a note is about, question words and the verbs of asking included. */
const stopWords = new Set(
  `a about again all also am an and any are as at be because been but by can could did do does doing done for from get give had has have
  having he her hers him his how i if in into is it its just know known let like ll may me might mine more most my of on once one or
  other our ours out over own please re recall remember remind s said say saved shall she should so some store stored such t tell than
  that the their theirs them then there these they this those to told too under up us use used ve very want was we were what whats when
  where which who whom whose why will with would you your yours note noted notes notice memory ask asked answer hey hello thanks thank
  again ever still now next last anything something one two first forgot forget forgotten wonder wondering curious question silly quick
  assistant bot sorry okay ok yes no well maybe check checking exactly precisely actually currently happen happens need needs want wants anything something everything mention mentioned wrote written down look search find fact keep mind`.split(
    /\s+/,
  ),
);

/** Words that stand for one another. */
const synonyms: readonly (readonly string[])[] = [
  ['wifi', 'wlan', 'wireless'],
  ['phone', 'telephone', 'mobile', 'cell'],
  ['mail', 'email', 'address'],
  ['boss', 'manager', 'lead'],
  ['birthday', 'born', 'birth'],
  ['password', 'passphrase', 'passcode', 'pin', 'code'],
  ['liv', 'resid', 'mov', 'home'],
  ['meet', 'standup', 'appointment', 'call'],
  ['car', 'vehicle'],
  ['office', 'desk', 'room'],
  ['favorit', 'favourit', 'prefer'],
  ['locat', 'place', 'situat'],
  ['deadlin', 'due'],
  ['cost', 'price', 'pay', 'paid'],
  ['start', 'begin', 'began'],
];
const groupOf = new Map(synonyms.flatMap((group, index) => group.map((word) => [word, index] as const)));

/** Drops the endings of English inflection: `meetings` → `meet`, `parked` → `park`, `cities` → `city`. */
export function stem(word: string): string {
  if (word.length <= 3 || /\d/.test(word)) return word;
  const singular = word
    .replace(/ies$/, 'y')
    .replace(/(ss|sh|ch|x|z)es$/, '$1')
    .replace(/([^su])s$/, '$1');
  const base = singular.length > 4 ? singular.replace(/(?:ing|ed|ion)$/, '') : singular;
  const whole = base.length >= 3 ? base : singular;
  return whole.replace(/([bdfgkmnprt])\1$/, '$1').replace(/e$/, '');
}

/** The words that carry meaning, stemmed, each once. */
function contentWords(text: string): Set<string> {
  const words = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/wi-fi/g, 'wifi')
    .replace(/e-mail/g, 'email')
    .replace(/['’]s\b/g, '')
    .match(/[\p{L}\p{N}]+/gu);
  return new Set((words ?? []).filter((word) => !stopWords.has(word)).map(stem));
}

/** How well a note's words cover a word of the query: 1 for the word itself, less for relatives. */
function likeness(word: string, note: ReadonlySet<string>): number {
  if (note.has(word)) return 1;
  const group = groupOf.get(word);
  if (group !== undefined && (synonyms[group] ?? []).some((other) => note.has(other))) return 0.7;
  if (word.length < 5) return 0;
  const [start, size] = [word.slice(0, 5), word.length];
  return [...note].some((other) => other.startsWith(start) && Math.abs(other.length - size) <= 3) ? 0.6 : 0;
}

/** Words that name the kind of answer rather than what it is about. */
const generic = new Set(
  'day date time hour week weekday month year name number amount person people place thing reason kind type way lot info detail city town'.split(
    ' ',
  ),
);

/** What the question word asks for, and how a note shows that it holds one. */
const expectations: readonly (readonly [asks: RegExp, holds: RegExp])[] = [
  [
    /\bwhen\b|\bwhat (?:time|day|date)\b|\bwhich day\b/i,
    /\d|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|noon|midnight|\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b/i,
  ],
  [/\bhow (?:many|much|old|long|tall|far)\b|\bnumber\b|\bcode\b|\bpin\b/i, /\d/],
  [/\bwhere\b/i, /\b(?:in|at|on|under|behind|near|to|inside|beside|next to|above|below)\b/i],
];
/** Less than any word's weight: decides only between notes that match alike. */
const expectationWeight = 0.05;
/** The share of the query's weight that a note must cover. */
const minimumCoverage = 0.3;
/** Words that no note holds tell the notes not apart, but they tell that the notes may be about something else. */
const unknownWeight = 0.7;
const genericWeight = 0.3;

/**
 * The note that fits a query best: the weights of the shared words, rare ones weighing more; among equals the newest.
 * @param notes newest first
 * @returns undefined when none shares enough
 */
export function rank(query: string, notes: readonly string[]): string | undefined {
  const wanted = [...contentWords(query)];
  const held = notes.map(contentWords);
  const weightOf = (word: string): number => {
    const holders = held.filter((words) => words.has(word)).length;
    if (generic.has(word)) return genericWeight;
    if (holders === 0) return unknownWeight;
    return 1 + Math.log((1 + notes.length) / (1 + holders));
  };
  const weights = wanted.map(weightOf);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let best: { readonly text: string; readonly score: number } | undefined;
  for (const [index, text] of notes.entries()) {
    const words = held[index] ?? new Set<string>();
    const covered = wanted.reduce((sum, word, at) => sum + likeness(word, words) * (weights[at] ?? 0), 0);
    if (covered === 0 || covered < minimumCoverage * total) continue;
    const fits = expectations.some(([asks, holds]) => asks.test(query) && holds.test(text));
    const score = covered + (fits ? expectationWeight : 0);
    if (best === undefined || score > best.score + 1e-9) best = { text, score };
  }
  return best?.text;
}
