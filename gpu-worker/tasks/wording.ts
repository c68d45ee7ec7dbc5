import { chance, pickFrom, type Rng } from './random.ts';

/**
 * A template: `[a|b|]` is a choice (nested as deep as wanted, an empty branch allowed), `{name}` is filled.
 * Parsed once and kept, since generators expand the same few thousand strings all the time.
 */
type Node = string | { readonly slot: string } | { readonly choices: readonly (readonly Node[])[] };
const parsed = new Map<string, readonly Node[]>();

function parseSequence(text: string, from: number, nested: boolean): { nodes: Node[]; at: number } {
  const nodes: Node[] = [];
  let at = from;
  let plain = '';
  const flush = () => {
    if (plain !== '') nodes.push(plain);
    plain = '';
  };
  while (at < text.length) {
    const char = text.charAt(at);
    if (nested && (char === '|' || char === ']')) break;
    if (char === '[') {
      flush();
      const choices: (readonly Node[])[] = [];
      do {
        const branch = parseSequence(text, at + 1, true);
        choices.push(branch.nodes);
        at = branch.at;
      } while (text.charAt(at) === '|');
      if (text.charAt(at) !== ']') throw new SyntaxError(`choice without its end in the wording "${text}"`);
      nodes.push({ choices });
    } else if (char === '{') {
      const end = text.indexOf('}', at);
      if (end < 0) throw new SyntaxError(`slot without its end in the wording "${text}"`);
      flush();
      nodes.push({ slot: text.slice(at + 1, end) });
      at = end;
    } else plain += char;
    at += 1;
  }
  flush();
  return { nodes, at };
}

function nodesOf(wording: string): readonly Node[] {
  let nodes = parsed.get(wording);
  if (nodes === undefined) {
    nodes = parseSequence(wording, 0, false).nodes;
    parsed.set(wording, nodes);
  }
  return nodes;
}

/** What `{name}` is replaced by: a text, or a function that is called once for every occurrence. */
export type Fills = Readonly<Record<string, string | (() => string)>>;

/** @throws RangeError when a slot has no fill */
export function expand(rng: Rng, wording: string, fills: Fills): string {
  return write(rng, nodesOf(wording), fills, wording);
}

function write(rng: Rng, nodes: readonly Node[], fills: Fills, wording: string): string {
  let text = '';
  for (const node of nodes) {
    if (typeof node === 'string') text += node;
    else if ('slot' in node) {
      const fill = fills[node.slot];
      if (fill === undefined) throw new RangeError(`no value for {${node.slot}} in the wording "${wording}"`);
      text += typeof fill === 'string' ? fill : fill();
    } else text += write(rng, pickFrom(rng, node.choices), fills, wording);
  }
  return text;
}

/** Whether the wording names the slot in any branch. */
export const hasSlot = (wording: string, slot: string): boolean => wording.includes(`{${slot}}`);

/** One of two texts; `first` with the given probability. */
export const either = (rng: Rng, probability: number, first: string, second: string): string =>
  chance(rng, probability) ? first : second;
