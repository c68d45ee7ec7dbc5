import { type AssistantCommand, parseAssistantCommand } from '../delivery/assistant-command.ts';

/** What a line typed at the prompt asks for. */
export type ConsoleCommand =
  | { readonly type: 'question'; readonly text: string }
  | { readonly type: 'vote'; readonly vote: 'up' | 'down' | 'clear'; readonly reason: string | null }
  | { readonly type: 'command'; readonly command: Exclude<AssistantCommand, { type: 'ask' }> }
  | { readonly type: 'new' | 'help' | 'quit' | 'nothing' }
  | { readonly type: 'unknown'; readonly word: string };

const votes = new Map<string, 'up' | 'down' | 'clear'>([
  ['+', 'up'],
  ['👍', 'up'],
  ['/up', 'up'],
  ['-', 'down'],
  ['👎', 'down'],
  ['/down', 'down'],
  ['/clear', 'clear'],
]);

/** What chat platforms have as well. */
const commands: readonly string[] = ['/ask', '/status', '/retrain', '/policy', '/policies', '/report'];

/** A line that starts with a slash is a command; `+` and `-` alone are votes, so that `-3 + 5` stays a question. */
export function parseLine(line: string): ConsoleCommand {
  const text = line.trim();
  if (text === '') return { type: 'nothing' };
  const [word = '', ...rest] = text.split(/\s+/);
  const vote = votes.get(word);
  if (vote !== undefined && (rest.length === 0 || word.startsWith('/'))) {
    return { type: 'vote', vote, reason: rest.length === 0 ? null : rest.join(' ') };
  }
  if (text === '/new' || text === '/help' || text === '/quit')
    return { type: text.slice(1) as 'new' | 'help' | 'quit' };
  if (commands.includes(word)) {
    const command = parseAssistantCommand(text.slice(1));
    return command.type === 'ask' ? { type: 'question', text: command.text } : { type: 'command', command };
  }
  return word.startsWith('/') ? { type: 'unknown', word } : { type: 'question', text };
}
