const ADDRESS_OR_MARK = /https?:\/\/[^\s<>]+|[\\`*_~[\]<>|#]/g;

/** Text of which nothing is taken for Markdown; addresses stay as they are, so that they stay links. */
export const escapeMarkdown = (text: string): string =>
  text.replace(ADDRESS_OR_MARK, (found) => (found.length > 1 ? found : `\\${found}`));

/** A run of backticks that is longer than every one in the text. */
function ticksAround(text: string, least: number): string {
  const longest = Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
  return '`'.repeat(longest >= least ? longest + 1 : least);
}

/** One line as code. */
export function inlineCode(text: string): string {
  const ticks = ticksAround(text, 1);
  const pad = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return `${ticks}${pad}${text}${pad}${ticks}`;
}

/** Code as it is: in the line where it is one line, between fences otherwise. */
export function codeOf(text: string): string {
  if (text.trim() === '') return '–';
  if (!text.includes('\n')) return inlineCode(text);
  const fence = ticksAround(text, 3);
  return `\n${fence}\n${text}${text.endsWith('\n') ? '' : '\n'}${fence}`;
}

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** A label, a line or a preview, never an answer: cut where it is longer than that many UTF-16 units, not within a character. */
export function shortened(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const kept = text.slice(0, limit - 1);
  return `${/[\ud800-\udbff]$/.test(kept) ? kept.slice(0, -1) : kept}…`;
}
