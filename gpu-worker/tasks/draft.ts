import type { AskedQuestion, EntityKind, Expected, ExpertAction, Span, Split } from './question.ts';
import { chance, intBetween, pickFrom, type Rng } from './random.ts';
import { expand, type Fills } from './wording.ts';

/** Entities stand in drafts as single characters of the private use area, so that text can be shaped around them. */
const FIRST_MARK = 0xe000;
const MARKS = /[\ue000-\uf8ff]/g;

interface Entity {
  readonly kind: EntityKind;
  readonly surface: string;
  readonly value: string;
}

/**
 * Held-out wordings: every fifth of every list given to `core`, by its place in the list (0-based place mod 5 = 4).
 * The rule was fixed before the first list was written; lists only grow at their end, so that nothing changes sides.
 */
const isHeldPlace = (place: number): boolean => place % 5 === 4;
const halves = new WeakMap<readonly unknown[], { held: readonly unknown[]; kept: readonly unknown[] }>();

/** A task while it is being written: its random source, its split, and what held-out pieces it holds already. */
export class Draft {
  readonly rng: Rng;
  readonly split: Split;
  heldWordings = 0;
  heldValues = 0;
  /** The wordings drawn so far, as they stand in their lists. */
  readonly wordings: string[] = [];
  private onlyTrained = false;
  private readonly entities: Entity[] = [];

  constructor(rng: Rng, split: Split) {
    this.rng = rng;
    this.split = split;
  }

  chance(probability: number): boolean {
    return chance(this.rng, probability);
  }

  int(low: number, high: number): number {
    return intBetween(this.rng, low, high);
  }

  pick<T>(list: readonly T[]): T {
    return pickFrom(this.rng, list);
  }

  /** An item of a list of wordings that carry the question's meaning: a fifth of them is kept from training. */
  core<T>(list: readonly T[], accept: (item: T) => boolean = () => true): T {
    let parts = halves.get(list) as { held: readonly T[]; kept: readonly T[] } | undefined;
    if (parts === undefined) {
      parts = {
        held: list.filter((_, place) => isHeldPlace(place)),
        kept: list.filter((_, place) => !isHeldPlace(place)),
      };
      halves.set(list, parts);
    }
    if (this.split === 'wordings' && !this.onlyTrained && parts.held.some(accept) && this.chance(0.5)) {
      this.heldWordings += 1;
      return this.pickWhere(parts.held, accept);
    }
    return this.pickWhere(parts.kept, accept);
  }

  /** Runs `write` with training wordings only. */
  withTrainedWordings<T>(write: () => T): T {
    this.onlyTrained = true;
    try {
      return write();
    } finally {
      this.onlyTrained = false;
    }
  }

  private pickWhere<T>(list: readonly T[], accept: (item: T) => boolean): T {
    for (;;) {
      const item = this.pick(list);
      if (!accept(item)) continue;
      const wording = Array.isArray(item) ? item[0] : item;
      if (typeof wording === 'string') this.wordings.push(wording);
      return item;
    }
  }

  /** An item of a list of wordings around the core: training never sees the held-out ones, but they do not count as held out. */
  side<T>(list: readonly T[]): T {
    const before = this.heldWordings;
    const item = this.core(list);
    this.heldWordings = before;
    return item;
  }

  /** An item of a list of values, of which every seventh is kept from training. */
  value<T>(list: readonly T[]): T {
    for (;;) {
      const place = Math.floor(this.rng.next() * list.length);
      const held = place % 7 === 3;
      if (held && this.split === 'train') continue;
      if (!held && this.split === 'values' && this.chance(0.4)) continue;
      if (held) this.heldValues += 1;
      return list[place] as T;
    }
  }

  say(wording: string, fills: Fills = {}): string {
    return expand(this.rng, wording, fills);
  }

  /** Adds an entity; returns the mark that stands for it in texts and actions. */
  entity(kind: EntityKind, surface: string, value: string): string {
    this.entities.push({ kind, surface, value });
    return String.fromCharCode(FIRST_MARK + this.entities.length - 1);
  }

  private entityOf(mark: string): Entity {
    const entity = this.entities[mark.charCodeAt(0) - FIRST_MARK];
    if (entity === undefined) throw new RangeError('a mark that no entity of this draft has');
    return entity;
  }

  valueOf(mark: string): string {
    return this.entityOf(mark).value;
  }

  /** The text with its entities replaced by their canonical values. */
  bind(text: string): string {
    return text.replace(MARKS, (mark) => this.valueOf(mark));
  }

  /** The text as people write it. */
  surface(text: string): string {
    return text.replace(MARKS, (mark) => this.entityOf(mark).surface);
  }

  /**
   * One question of the task. `actions` are `tool: arguments` with marks; every mark in them must be in the text.
   * `expected` is by default what the actions' values come to.
   */
  question(text: string, actions: readonly string[], expected?: Expected): AskedQuestion {
    const shaped = tidy(text, (mark) => this.entityOf(mark).surface);
    const spans: Span[] = [];
    const places = new Map<string, number>();
    let written = '';
    for (const char of shaped) {
      if (!isMark(char)) {
        written += char;
        continue;
      }
      const { kind, surface, value } = this.entityOf(char);
      const shown = written === '' && /[?.!]$/.test(shaped) && this.chance(0.6) ? capital(surface) : surface;
      if (!places.has(char)) places.set(char, spans.length);
      spans.push({ start: written.length, end: written.length + shown.length, kind, value });
      written += shown;
    }
    const place = (mark: string): string => {
      const at = places.get(mark);
      if (at === undefined) throw new RangeError(`an action names a value that is not in "${written}"`);
      return `{${at}}`;
    };
    return {
      text: written,
      spans,
      actions: actions.map((action, index): ExpertAction => {
        const [tool = '', ...rest] = action.split(':');
        return {
          tool: tool as ExpertAction['tool'],
          args: rest.join(':').trim().replace(MARKS, place),
          stop: index === actions.length - 1 ? 'final' : 'more',
        };
      }),
      expected: expected ?? { type: 'steps', steps: actions.map((action) => this.bind(action)) },
    };
  }
}

export const isMark = (char: string): boolean => char >= '\ue000' && char <= '\uf8ff';
const capital = (text: string): string =>
  /^[a-z]{3}/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;

/** Spaces, `a`/`an`, and punctuation after pieces were put together. */
function tidy(text: string, surfaceOf: (mark: string) => string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/ ([,.?!;:])(?=\s|$)/g, '$1')
    .replace(/([,;])(?=[.?!])/g, '')
    .replace(/\.\?/g, '?')
    .trim()
    .replace(/\b([Aa])n? (?=([\ue000-\uf8ff])|([a-z]+))/g, (_, a: string, mark?: string, word?: string) =>
      startsWithVowel(mark === undefined ? (word ?? '') : surfaceOf(mark)) ? `${a}n ` : `${a} `,
    );
}

const startsWithVowel = (word: string): boolean =>
  /^(?:[aeio]|u(?!ni|s[aeu]|k\b|ti)|8|1[18](?!\d)|hour|honest|heir)/i.test(word) && !/^(?:one\b|once|eu)/i.test(word);
