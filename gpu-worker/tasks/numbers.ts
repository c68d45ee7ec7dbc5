import type { Draft } from './draft.ts';

const SMALL =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = '- - twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

/** 0 to 999,999 in words: `two hundred and five`. */
export function numberInWords(n: number): string {
  if (n < 20) return SMALL[n] ?? '';
  if (n < 100) return `${TENS[Math.floor(n / 10)]}${n % 10 === 0 ? '' : `-${SMALL[n % 10]}`}`;
  if (n < 1000) return `${SMALL[Math.floor(n / 100)]} hundred${n % 100 === 0 ? '' : ` and ${numberInWords(n % 100)}`}`;
  const rest = n % 1000;
  const joint = rest === 0 ? '' : rest < 100 ? ' and ' : ' ';
  return `${numberInWords(Math.floor(n / 1000))} thousand${joint}${rest === 0 ? '' : numberInWords(rest)}`;
}

/** Held-out numbers. Only composed ones, so that every number word is trained. */
export const isHeldNumber = (n: number): boolean => n >= 21 && n % 7 === 3;

/** A whole number of the range that suits the draft's split. */
export function drawWhole(draft: Draft, low: number, high: number): number {
  for (let tries = 0; ; tries += 1) {
    const n = draft.int(low, high);
    const held = isHeldNumber(n);
    if (held && draft.split === 'train') continue;
    if (!held && draft.split === 'values' && high >= 24 && tries < 6 && draft.chance(0.5)) continue;
    if (held) draft.heldValues += 1;
    return n;
  }
}

/** A whole number of a size that people ask about. */
export function drawNumber(draft: Draft): number {
  const u = draft.rng.next();
  if (u < 0.42) return drawWhole(draft, 2, 99);
  if (u < 0.68) return drawWhole(draft, 2, 20);
  if (u < 0.78) return drawRound(draft);
  if (u < 0.93) return drawWhole(draft, 100, 999);
  return drawWhole(draft, 1000, 20000);
}

/** A multiple of ten up to 600. */
function drawRound(draft: Draft): number {
  for (;;) {
    const n = draft.int(2, 60) * 10;
    const held = isHeldNumber(n);
    if (held && draft.split === 'train') continue;
    if (held) draft.heldValues += 1;
    return n;
  }
}

/** How a whole number is written: digits, `1,234`, or words with the given probability. */
export function writeWhole(draft: Draft, n: number, inWords: number): string {
  if (n < 10_000 && draft.chance(n < 21 ? Math.min(1, inWords * 1.3) : inWords)) {
    let words = numberInWords(n);
    if (draft.chance(0.2)) words = words.replaceAll('-', ' ');
    if (draft.chance(0.25)) words = words.replaceAll(' and ', ' ');
    if (n >= 100 && draft.chance(0.1)) words = words.replace(/^one /, 'a ');
    return words;
  }
  return n >= 1000 && draft.chance(n >= 10_000 ? 0.6 : 0.35) ? grouped(n) : String(n);
}

/** `12,345`. */
export const grouped = (n: number): string => String(n).replace(/\B(?=(?:\d{3})+$)/g, ',');

/** A number entity; returns its mark. `inWords` is the probability of words instead of digits. */
export function wholeEntity(draft: Draft, n: number, inWords = 0.25): string {
  return draft.entity('number', writeWhole(draft, n, inWords), String(n));
}

/** A decimal such as `12.5`; returns its mark. */
export function decimalEntity(draft: Draft, whole: number, places: number): string {
  const part =
    String(draft.int(1, 10 ** places - 1))
      .padStart(places, '0')
      .replace(/0+$/, '') || '5';
  const value = `${whole}.${part}`;
  return draft.entity('number', value, value);
}

/** Mostly whole numbers, some decimals, some in words. */
export function anyNumberEntity(draft: Draft, inWords = 0.25, decimals = 0.08): string {
  if (draft.chance(decimals))
    return decimalEntity(draft, drawWhole(draft, 0, draft.chance(0.5) ? 20 : 200), draft.int(1, 2));
  return wholeEntity(draft, drawNumber(draft), inWords);
}
