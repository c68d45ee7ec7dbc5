import { toolTokens } from './vocabulary.ts';

/** An action of the planner, read from its text: the tool's name and its arguments, in which slots and `prev` stand for values. */
export interface ParsedAction {
  readonly tool: string;
  readonly args: string;
}

const names = new Set<string>(toolTokens.map((token) => token.replace(':', '')));

/** Reads `calculator: <|1|> * <|2|>`; a string says why it cannot be read. */
export function parseAction(text: string): ParsedAction | string {
  const [, tool = '', args = ''] = /^([a-z]+):?(?:\s+(.*))?$/.exec(text.trim()) ?? [];
  if (tool === '') return 'the action names no tool';
  if (!names.has(tool)) return `there is no tool ${tool}`;
  if (tool === 'help') return { tool, args: '' };
  if (args === '') return `${tool} needs a command`;
  if (names.has(args.split(' ')[0]?.replace(':', '') ?? '')) return 'one action has one tool';
  return { tool, args };
}

/** The slots that arguments name, in order. */
export const slotsIn = (args: string): number[] => [...args.matchAll(/<\|(\d+)\|>/g)].map((match) => Number(match[1]));
