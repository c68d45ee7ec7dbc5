/** A piece of a question: a word, a number in digits, or one sign. */
export interface Token {
  readonly text: string;
  /** In UTF-16 units of the question. */
  readonly start: number;
  readonly end: number;
}

const same: Readonly<Record<string, string>> = {
  '×': '*',
  '✕': '*',
  '·': '*',
  '∙': '*',
  '⋅': '*',
  '÷': '/',
  '∕': '/',
  '⁄': '/',
  '−': '-',
  '–': '-',
  '—': '-',
  '‐': '-',
  '‑': '-',
  '’': "'",
  '‘': "'",
  '`': "'",
  '“': '"',
  '”': '"',
  '\u00a0': ' ',
  '\u202f': ' ',
  '\u2009': ' ',
};

/** Lower case and plain signs, unit for unit, so that positions stay those of the question. */
export function fold(question: string): string {
  let folded = '';
  for (let i = 0; i < question.length; i++) {
    const unit = question.charAt(i);
    const sign = same[unit];
    if (sign !== undefined) {
      folded += sign;
      continue;
    }
    const wide = unit >= '\uff01' && unit <= '\uff5e' ? unit.normalize('NFKC') : unit;
    const lower = wide.toLowerCase();
    folded += lower.length === 1 ? lower : unit;
  }
  return folded;
}

const pattern =
  /\d{1,3}(?:,\d{3})+(?!,?\d)(?:\.\d+)?|\d+(?:st|nd|rd|th)(?!\p{L})|\d+(?:\.\d+)?|\.\d+|(?!x\d)\p{L}[\p{L}\p{M}]*(?:'\p{L}+|\d[\p{L}\d]*)?|\*\*|[^\s]/gu;

/** Splits a folded question. Numbers keep their thousands' commas. */
export function tokenise(folded: string): Token[] {
  return [...folded.matchAll(pattern)].map((match) => ({
    text: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }));
}
