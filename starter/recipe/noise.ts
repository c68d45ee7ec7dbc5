import type { PromptWriter } from '../../gpu-worker/flow/starter/prompt.ts';
import { marks } from '../../gpu-worker/flow/starter/vocabulary.ts';
import type { Example } from './examples.ts';
import type { Random } from './random.ts';

/** How often a question's words are disturbed, so that the planner gets by with wordings that no generator made. */
const rates = {
  /** A word is hidden with this over its frequency among questions, within the bounds. */
  hide: 0.0005,
  leastHide: 0.012,
  mostHide: 0.4,
  drop: 0.012,
  insert: 0.012,
  dropPunctuation: 0.2,
  /** Unknown words before or behind the question. */
  lead: 0.05,
  tail: 0.04,
} as const;

const punctuation = new Set([',', '.', '?']);

/** Token ids with the share of questions that hold them. */
export type Frequencies = ReadonlyMap<number, number>;

export function countFrequencies(examples: readonly Example[], writer: PromptWriter): Frequencies {
  const [question, action] = [writer.id(marks.question), writer.id(marks.action)];
  const counts = new Map<number, number>();
  for (const { ids } of examples) {
    const seen = new Set<number>();
    let inside = false;
    for (const id of ids) {
      if (id === question) inside = true;
      else if (id === action) inside = false;
      else if (inside) seen.add(id);
    }
    for (const id of seen) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return new Map([...counts].map(([id, count]) => [id, count / Math.max(1, examples.length)]));
}

/** Makes disturbed copies of examples. Slots, what stands behind them, and everything after the question stay as they are. */
export function createNoise(writer: PromptWriter, frequencies: Frequencies) {
  const [question, action, word] = [writer.id(marks.question), writer.id(marks.action), writer.id(marks.word)];
  const marked = new Set([...punctuation].map((sign) => writer.words(sign)[0] ?? -1));
  const slots = new Set(writer.slotIds);
  const hideRate = (id: number): number =>
    Math.min(rates.mostHide, Math.max(rates.leastHide, rates.hide / (frequencies.get(id) ?? rates.hide)));

  return (example: Example, random: Random): Example => {
    if (example.kind === 'gameof24') return example;
    const ids: number[] = [];
    const mask: number[] = [];
    const push = (id: number, loss: number): void => {
      ids.push(id);
      mask.push(loss);
    };
    const unknown = (most: number): void => {
      for (let n = 1 + random.below(most); n > 0; n--) push(word, 0);
    };
    let inside = false;
    let afterSlot = false;
    example.ids.forEach((id, at) => {
      const loss = example.mask[at] ?? 0;
      if (id === action && inside && random.next() < rates.tail) unknown(3);
      if (id === question || id === action) inside = id === question;
      const keep = !inside || id === question || slots.has(id) || afterSlot;
      afterSlot = inside && slots.has(id);
      if (keep) {
        push(id, loss);
        if (id === question && random.next() < rates.lead) unknown(3);
        return;
      }
      if (random.next() < rates.insert) push(word, 0);
      const drop = marked.has(id) ? rates.dropPunctuation : rates.drop;
      if (random.next() < drop) return;
      push(!marked.has(id) && random.next() < hideRate(id) ? word : id, loss);
    });
    return { ids, mask, kind: example.kind };
  };
}
