/** A stretch within a paragraph that means something only as a whole. */
export interface Span {
  readonly kind: 'code' | 'link' | 'image' | 'address' | 'emphasis';
  readonly start: number;
  readonly end: number;
  /** Opens and closes it, e.g. `**` or a run of backticks; empty for links and addresses. */
  readonly marker: string;
  /** Of links and images. */
  readonly label: string;
  /** Of links, images and addresses. */
  readonly target: string;
}

// A target ends before the next bracket, so that text full of brackets is read once, not once for each of them.
const TARGET =
  /\([ \t]*(?:<([^<>\n]*)>|((?:[^()\\\s[<>]|\\.|\((?:[^()\\\s[<>]|\\.)*\))*))(?:[ \t]+(?:"[^"\n]*"|'[^'\n]*'))?[ \t]*\)/y;
const ANGLE = /<[^<>\s][^<>\n]*>/y;
const ADDRESS = /https?:\/\/[^\s<>`|]+/y;
const EMPHASIS = /\*{1,3}|_{1,3}|~~/y;
/** Not a part of an address that a sentence ends with. */
const TRAILING = /(?:[.,;:!?'"*_~]|&quot;)+$/;

/** An address without the marks of the sentence around it; a closing bracket belongs to it when it opens one. */
export function trimmedAddress(found: string): string {
  let address = found.replace(TRAILING, '');
  while (/[)\]]$/.test(address)) {
    const close = address.endsWith(')') ? ')' : ']';
    const open = close === ')' ? '(' : '[';
    if (address.split(open).length >= address.split(close).length) break;
    address = address.slice(0, -1).replace(TRAILING, '');
  }
  return address;
}

const isSpace = (character: string | undefined): boolean => character === undefined || /\s/u.test(character);
const isWord = (character: string | undefined): boolean => character !== undefined && /[\p{L}\p{N}]/u.test(character);

/** Reads one paragraph from left to right. */
class SpanReader {
  readonly spans: Span[] = [];
  readonly #text: string;
  readonly #end: number;
  readonly #brackets: number[] = [];
  readonly #emphasis: { readonly at: number; readonly marker: string }[] = [];
  /** Where runs of backticks of a length start. */
  readonly #ticks = new Map<number, number[]>();
  #at: number;

  constructor(text: string, start: number, end: number) {
    this.#text = text;
    this.#at = start;
    this.#end = end;
    for (const run of text.slice(start, end).matchAll(/`+/g)) {
      const starts = this.#ticks.get(run[0].length) ?? [];
      starts.push(start + run.index);
      this.#ticks.set(run[0].length, starts);
    }
  }

  read(): Span[] {
    while (this.#at < this.#end) this.#step();
    return this.spans.sort((a, b) => a.start - b.start || b.end - a.end);
  }

  #step(): void {
    const character = this.#text[this.#at];
    if (character === '\\') this.#at += 2;
    else if (character === '`') this.#code();
    else if (character === '[') this.#brackets.push(this.#at++);
    else if (character === ']') this.#link();
    else if (character === '<' || character === 'h') this.#address(character);
    else if (character === '*' || character === '_' || character === '~') this.#emphasise();
    else this.#at += 1;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    return match !== null && this.#at + match[0].length <= this.#end ? match : undefined;
  }

  #add(span: Partial<Span> & Pick<Span, 'kind' | 'start' | 'end'>): void {
    this.spans.push({ marker: '', label: '', target: '', ...span });
  }

  #code(): void {
    const start = this.#at;
    const marker = this.#match(/`+/y)?.[0] ?? '`';
    const starts = this.#ticks.get(marker.length) ?? [];
    while (starts[0] !== undefined && starts[0] <= start) starts.shift();
    const close = starts[0];
    this.#at = close === undefined ? start + marker.length : close + marker.length;
    if (close !== undefined) this.#add({ kind: 'code', start, end: this.#at, marker });
  }

  #link(): void {
    const open = this.#brackets.pop();
    const labelEnd = this.#at++;
    const target = open === undefined ? undefined : this.#match(TARGET);
    if (open === undefined || target === undefined) return;
    this.#at += target[0].length;
    const isImage = this.#text[open - 1] === '!';
    const found = { label: this.#text.slice(open + 1, labelEnd), target: target[1] ?? target[2] ?? '' };
    this.#add({ kind: isImage ? 'image' : 'link', start: isImage ? open - 1 : open, end: this.#at, ...found });
  }

  #address(character: string): void {
    const start = this.#at;
    const angle = character === '<' ? this.#match(ANGLE)?.[0] : undefined;
    const found = angle ?? (character === 'h' ? trimmedAddress(this.#match(ADDRESS)?.[0] ?? '') : '');
    this.#at += Math.max(1, found.length);
    const target = angle === undefined ? found : angle.slice(1, -1);
    if (found !== '' && found !== 'h') this.#add({ kind: 'address', start, end: this.#at, target });
  }

  #emphasise(): void {
    const start = this.#at;
    const marker = this.#match(EMPHASIS)?.[0];
    this.#at += marker?.length ?? 1;
    if (marker === undefined) return;
    const [before, after] = [this.#text[start - 1], this.#at < this.#end ? this.#text[this.#at] : undefined];
    // An underscore within a word is part of a name.
    const isInner = marker.startsWith('_') && isWord(before) && isWord(after);
    const open = this.#emphasis.findLastIndex((one) => one.marker === marker);
    const from = this.#emphasis[open];
    if (from !== undefined && !isSpace(before) && !isInner) {
      this.#emphasis.length = open;
      if (start > from.at + marker.length) this.#add({ kind: 'emphasis', start: from.at, end: this.#at, marker });
    } else if (!isSpace(after) && !isInner) this.#emphasis.push({ at: start, marker });
  }
}

/** The code, links, images, addresses and emphasis of one paragraph, by where they start; outer before inner. */
export const spansOf = (text: string, start = 0, end = text.length): Span[] => new SpanReader(text, start, end).read();
