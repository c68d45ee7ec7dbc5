import type { Answer } from '../../src/domain/progress.ts';
import { trimmedAddress } from './markdown-spans.ts';
import { shortened } from './markdown-text.ts';

const ADDRESS = /https?:\/\/[^\s<>"`\\|]+/gi;
/** Longer addresses are hardly pages that people open. */
const MAX_ADDRESS = 2_000;
const MAX_SHOWN = 10;
const MAX_NAME = 60;

/** The addresses in a text, each once, in order. */
export function addressesIn(text: string): string[] {
  const found = [...text.matchAll(ADDRESS)].map(([address]) => trimmedAddress(address));
  return [...new Set(found.filter((address) => URL.canParse(address) && address.length <= MAX_ADDRESS))];
}

/** The pages that an answer rests on: those that its tools found and those that it names. */
export const sourcesOf = (answer: Pick<Answer, 'answer' | 'turns'>): string[] =>
  addressesIn([...answer.turns.map((turn) => turn.result), answer.answer].join('\n'));

/** A short name of a page: where it is and what it is called. */
function nameOf(address: string): string {
  const { hostname, pathname } = new URL(address);
  const name = `${hostname.replace(/^www\./, '')}${pathname === '/' ? '' : pathname}`;
  return shortened(name, MAX_NAME).replace(/[\\[\]`*_~<>|]/g, '\\$&');
}

const brackets: Readonly<Record<string, string>> = { '(': '%28', ')': '%29', '[': '%5B', ']': '%5D' };
const linkTo = (address: string): string => address.replace(/[()[\]]/g, (mark) => brackets[mark] ?? mark);

/** The text of an answer, with the sources that it does not name itself as links under it. */
export function withSources(answer: Pick<Answer, 'answer' | 'turns'>): string {
  const named = new Set(addressesIn(answer.answer));
  const rest = sourcesOf(answer).filter((address) => !named.has(address));
  if (rest.length === 0) return answer.answer;
  const links = rest.slice(0, MAX_SHOWN).map((address) => `- [${nameOf(address)}](${linkTo(address)})`);
  const more = rest.length > MAX_SHOWN ? [`- and ${rest.length - MAX_SHOWN} more, in how I got there`] : [];
  return `${answer.answer.trimEnd()}\n\n**Sources**\n${[...links, ...more].join('\n')}`;
}
